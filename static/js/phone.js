// The simulated phone: Enter sends, the field empties at once, the screen stays at its end.

const screen = document.getElementById("sim-screen");
const form = document.getElementById("sim-say");

const toEnd = () => screen.scrollTo({ top: screen.scrollHeight });
const lastLine = () => screen.querySelector(".wa:last-child")?.id;

form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

form?.elements.file.addEventListener("change", () => form.requestSubmit());

// The request was made from the field's text, so it may be emptied for the next message.
form?.addEventListener("htmx:beforeSend", () => {
  form.elements.text.value = "";
});
form?.addEventListener("htmx:afterRequest", ({ detail }) => {
  form.elements.file.value = "";
  if (!detail.successful) form.elements.text.value ||= detail.requestConfig.parameters.text ?? "";
});

if (screen) {
  let shown = lastLine();
  toEnd();
  screen.addEventListener("htmx:afterSettle", () => {
    if (lastLine() !== shown) toEnd();
    shown = lastLine();
  });
}
