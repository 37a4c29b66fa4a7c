// Choosing the lead a task is for: a field that searches, and a list walked with the arrows (ARIA combobox).

const parts = () => {
  const field = document.getElementById("quick-lead");
  return { field, list: document.getElementById("lead-options"), chosen: field.form.elements.lead };
};
const options = (list) => [...list.querySelectorAll("[role=option]")];

function show(open) {
  const { field, list } = parts();
  list.hidden = !open;
  field.ariaExpanded = String(open);
  if (!open) field.removeAttribute("aria-activedescendant");
}

function mark(option) {
  const { field, list } = parts();
  for (const other of options(list)) other.ariaSelected = String(other === option);
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function choose(option) {
  const { field, chosen } = parts();
  field.value = option.dataset.name;
  chosen.value = option.dataset.lead;
  field.closest(".field").classList.remove("has-error");
  show(false);
  field.form.elements.title.focus();
}

document.addEventListener("htmx:afterSwap", ({ target }) => {
  const { field, list } = parts();
  if (target === list) show(document.activeElement === field && list.childElementCount > 0);
});

document.addEventListener("input", ({ target }) => {
  if (target.id === "quick-lead") parts().chosen.value = ""; // other words, another lead
});

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "quick-lead") return;
  const { list } = parts();
  const all = options(list);
  const at = all.findIndex((option) => option.ariaSelected === "true");
  if (["ArrowDown", "ArrowUp"].includes(event.key) && all.length) {
    show(true);
    mark(all.at((at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1)) % all.length));
  } else if (event.key === "Enter" && !list.hidden && all.length) choose(all[Math.max(at, 0)]);
  else if (event.key === "Escape" && !list.hidden) show(false);
  else return;
  event.preventDefault();
});

// Pressed, not clicked: the field must not lose the focus first.
document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.("#lead-options [role=option]");
  if (!option) return;
  event.preventDefault();
  choose(option);
});

document.addEventListener("focusout", ({ target }) => {
  if (target.id === "quick-lead") show(false);
});
