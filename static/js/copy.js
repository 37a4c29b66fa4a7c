// Copies what a field shows: <button data-copy-from="its id">. Where the browser forbids it, the text is selected.

import { say, toast } from "./lib/dom.js";

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy-from]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copyFrom);
  try {
    await navigator.clipboard.writeText(field.value ?? field.textContent);
    toast(say("copied"), "ok");
  } catch {
    field.select?.();
    toast(say("notCopied"), "error");
  }
});
