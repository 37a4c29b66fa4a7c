// Our sign on a message: six at hand, all others in the picker. The same one again takes it back.

import { act, chosen } from "./bubbles.js";
import { pickEmoji } from "./emoji.js";

document.addEventListener("click", ({ target }) => {
  const quick = target.closest?.("[data-msg-menu] [data-react]");
  const more = target.closest?.("[data-msg-menu] [data-react-more]");
  const message = (quick || more) && chosen();
  if (!message) return;
  const url = message.url("react");
  document.querySelector("[data-msg-menu]").hidePopover();
  if (quick) act(url, { emoji: quick.dataset.react });
  else pickEmoji(message.bubble, more.dataset.emojiSrc, (emoji) => act(url, { emoji }));
});
