// The page of failures: what was dealt with leaves the list.

document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (detail.successful && target.closest?.(".queue-list, [data-again]")) globalThis.htmx.trigger("#queue", "queue:changed");
});
