// Tips for newcomers: closed once, gone for good.

import { post } from "./lib/dom.js";

document.addEventListener("click", (event) => {
  const hint = event.target.closest?.("[data-hint-close]")?.closest("[data-hint]");
  if (!hint) return;
  const { hint: name, hintUrl } = hint.dataset;
  hint.remove();
  document.getElementById("main").focus();
  post(hintUrl, { hint: name }).catch(() => {}); // it comes once more, and can be closed again
});
