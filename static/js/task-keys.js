// The page of a day by keyboard: j and k walk over tasks, x is done, s puts off, e changes.

const isTyping = (target) => target.matches?.("input, textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("#day .task")].filter((row) => row.checkVisibility());
const current = () => document.activeElement?.closest?.("#day .task");

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => current()?.querySelector("[data-task-do]")?.click(),
  s: () => current()?.querySelector("[data-task-snooze]")?.click(),
  e: () => current()?.querySelector("[data-task-edit]")?.click(),
};

function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  const next = at < 0 ? all[0] : all[at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || document.querySelector("dialog:modal, .menu:popover-open")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  act();
});
