// Modal dialogs: filled by HTMX into #modal, closed by their buttons, by Escape and by a click beside them.

const modal = document.getElementById("modal");

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target === modal && !modal.open) modal.showModal();
});
document.addEventListener("modal:close", () => modal.close());
modal?.addEventListener("close", () => modal.replaceChildren());

document.addEventListener("click", (event) => {
  const dialog = event.target.closest?.("dialog.modal-box");
  if (!dialog) return;
  if (event.target.closest("[data-close]")) dialog.close("");
});

// Beside the dialog means pressed and released there: selecting text out of it must not close it.
let pressedBeside = false;
document.addEventListener("pointerdown", (event) => {
  pressedBeside = event.target.matches?.("dialog.modal-box") && isBeside(event);
});
document.addEventListener("click", (event) => {
  if (pressedBeside && event.target.matches?.("dialog.modal-box") && isBeside(event)) event.target.close("");
});

function isBeside({ target, clientX, clientY }) {
  const box = target.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}
