// Copies what a field or list shows: <button data-copy-from="its id">. A page without toasts has the words within the
// button, as [data-copied]. Where the browser forbids it, the text is selected.

import { say, toast } from "./lib/dom.js";

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy-from]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copyFrom);
  try {
    await navigator.clipboard.writeText(field.value ?? field.innerText);
    done(button.querySelector("[data-copied]"));
  } catch {
    if (field.select) field.select();
    else getSelection().selectAllChildren(field);
    toast(say("notCopied"), "error");
  }
});

function done(label) {
  if (!label) return toast(say("copied"), "ok");
  label.textContent = label.dataset.copied;
  return label.setAttribute("role", "status");
}
