// "Move to…": one menu for every card, and for the lead's own page.

import { placeBeside } from "./lib/beside.js";
import { askFor, confirmMove, sendMove, spotOf } from "./lib/moving.js";

const menu = document.getElementById("move-menu");
let button = null;

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-move-menu]");
  if (!opener || opener.closest(".saving")) return;
  event.preventDefault();
  if (menu.matches(":popover-open") && opener === button) return menu.hidePopover();
  button = opener;
  const current = subjectOf(opener).dataset.status;
  for (const item of menu.querySelectorAll("[data-move-to]")) item.hidden = item.dataset.moveTo === current;
  menu.showPopover();
  placeBeside(menu, opener);
  menu.querySelector(".menu-item:not([hidden])")?.focus();
});

menu.addEventListener("click", async (event) => {
  const item = event.target.closest("[data-move-to]");
  if (!item) return;
  menu.hidePopover();
  const subject = subjectOf(button);
  const list = document.getElementById(`cards-${item.dataset.moveTo}`);
  if (subject.matches(".card-lead") && list) await moveCard(subject, list);
  else await moveElsewhere(subject, item.dataset.moveTo);
});

// Focus that was in the menu goes back to where it came from.
menu.addEventListener("toggle", ({ newState }) => {
  if (newState === "closed" && (document.activeElement === document.body || menu.contains(document.activeElement)))
    button?.focus();
});
menu.addEventListener("keydown", (event) => {
  if (event.key === "Tab") menu.hidePopover();
});

const subjectOf = (opener) => opener.closest(".card-lead") ?? opener;

/** To the top of the other column, at once; back if it is refused. */
async function moveCard(card, list) {
  const spot = spotOf(card);
  list.prepend(card);
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  await confirmMove(card, spot);
  document.getElementById(card.id)?.focus({ preventScroll: true });
}

/** From the lead's page or drawer there is nothing to lay elsewhere: the push shows the new status. */
async function moveElsewhere(subject, to) {
  const answers = await askFor(to, subject);
  if (answers === null) return;
  subject.disabled = true;
  await sendMove(subject.dataset, { to, after: "", ...answers });
  subject.disabled = false;
}
