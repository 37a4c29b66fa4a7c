// A click anywhere on a row of the list opens its lead.

document.addEventListener("click", (event) => {
  const row = event.target.closest?.("tr[data-lead]");
  if (!row || event.target.closest("a, button") || getSelection().toString()) return;
  const link = row.querySelector("[data-row]");
  if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
  else location.assign(link.href);
});
