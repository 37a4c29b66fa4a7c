// A colleague attends this client: answering over them is a decision.

/** Ask; resolves to the field that says so, or null when it was thought better of. */
export function agreed(element, { message, fields }) {
  const dialog = element.closest("[data-desk]").querySelector("dialog[data-over]");
  dialog.querySelector("[data-over-text]").textContent = message;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? { over: String(fields.over) } : null), {
      once: true,
    });
  });
}
