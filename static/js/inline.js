// A value becomes its editor where it stands. Enter or leaving it saves, Escape shows the value again; what the server
// refuses, or somebody else changed meanwhile, is said under it.

const resting = new Map(); // row id → its markup before it was edited
const formOf = (element) => element.closest?.("form[data-inline]");

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr, requestConfig } = event.detail;
  if (!target.matches?.(".field-row")) return;
  if (xhr.status === 409) Object.assign(event.detail, { shouldSwap: true, isError: false });
  if (requestConfig.verb === "get" && !target.matches(".editing")) resting.set(target.id, target.outerHTML);
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const row = detail.elt?.closest?.(".field-row") ?? detail.target;
  const shown = row?.id ? document.getElementById(row.id) : null;
  if (!shown?.matches(".field-row")) return;
  const field = shown.querySelector("[data-field]");
  if (!field) {
    resting.delete(shown.id);
    if (returning === shown.id) shown.querySelector("button").focus();
    returning = "";
    return;
  }
  const conflict = shown.querySelector("[data-keep-mine]");
  if (conflict) return conflict.focus();
  field.focus();
  if (field.matches("input")) field.select();
});

let returning = ""; // the row whose value gets the focus back once it is saved

document.addEventListener("keydown", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  if (event.key === "Escape") {
    event.preventDefault(); // the drawer stays open
    cancel(form, true);
  } else if (event.key === "Enter" && !event.isComposing && event.target.matches("[data-field]")) {
    event.preventDefault();
    returning = form.closest(".field-row").id;
    save(form);
  }
});

document.addEventListener("change", ({ target }) => {
  const form = formOf(target);
  if (!form || !target.matches("select")) return;
  returning = form.closest(".field-row").id;
  save(form);
});

document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const form = formOf(target);
  if (!form || form.contains(relatedTarget) || form.querySelector(".conflict") || !document.hasFocus()) return;
  setTimeout(() => form.isConnected && !form.contains(document.activeElement) && save(form));
});

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-inline-cancel]")) cancel(formOf(target), false);
});

function save(form) {
  if (!form.isConnected || "sent" in form.dataset) return;
  const field = form.querySelector("[data-field]");
  const isSame = field.matches("select")
    ? [...field.options].every((option) => option.selected === option.defaultSelected)
    : field.value === field.defaultValue;
  if (isSame && !form.matches(".has-error")) return cancel(form, returning !== "");
  form.dataset.sent = "";
  form.requestSubmit();
}

document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (!detail.successful && target.matches?.("form[data-inline]")) delete target.dataset.sent;
});

function cancel(form, focus) {
  const row = form?.closest(".field-row");
  if (!row) return;
  const { id } = row;
  form.removeAttribute("data-dirty");
  if (!resting.has(id)) return globalThis.htmx.ajax("GET", `${form.getAttribute("action")}?show=1`, { target: row, swap: "outerHTML" });
  row.outerHTML = resting.get(id);
  resting.delete(id);
  returning = "";
  const shown = document.getElementById(id);
  globalThis.htmx.process(shown);
  if (focus) shown.querySelector("button").focus();
  document.dispatchEvent(new CustomEvent("fragments:free"));
  return undefined;
}
