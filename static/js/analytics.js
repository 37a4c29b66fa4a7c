// Analytics: a choice is asked for at once, tables that were opened stay open.

const FORM = "#asks";
const open = new Set();

document.addEventListener("change", ({ target }) => {
  const form = target.closest?.(FORM);
  if (!form || target.type === "date") return;
  if (target.value === "dates" && target.name === "period") return form.elements.from.focus();
  if (form.elements.period.value === "dates" && !form.checkValidity()) return form.reportValidity();
  return form.requestSubmit();
});

document.addEventListener("toggle", ({ target }) => {
  if (!target.matches?.(".analytics details")) return;
  if (target.open) open.add(target.id);
  else if (!target.closest(".htmx-request")) open.delete(target.id);
}, true);

document.addEventListener("htmx:afterSwap", () => {
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
});
