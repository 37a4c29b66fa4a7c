// The lead's page and drawer: while its data is being edited, the pushed page waits; a saved form lets it through.

document.addEventListener("htmx:afterSettle", ({ target }) => {
  target.querySelector?.("form[id^='edit-'] input:not([type=hidden])")?.focus();
  document.dispatchEvent(new CustomEvent("fragments:free"));
});
