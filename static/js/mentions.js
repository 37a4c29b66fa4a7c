// `@` in a text the team writes to itself offers the people who may read it. For any textarea with `data-mentions`, the
// address that names them: [{id, name}].

import { say } from "./lib/dom.js";

const known = new Map(); // address → promise of the people
const list = document.createElement("ul");
let field = null;
let start = 0;

list.id = "mentions";
list.className = "menu mention-list";
list.popover = "manual";
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", say("mention"));
document.body.append(list);

const isOpen = () => list.matches(":popover-open");
const options = () => [...list.children];
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

document.addEventListener("input", async ({ target }) => {
  if (!target.matches?.("textarea[data-mentions]")) return;
  const before = target.value.slice(0, target.selectionStart);
  const begun = /(?:^|[\s(])@([\p{L}\p{M}. '-]{0,40})$/u.exec(before);
  if (!begun) return close();
  const people = await peopleOf(target.dataset.mentions);
  if (document.activeElement !== target || target.value.slice(0, target.selectionStart) !== before) return;
  const wanted = fold(begun[1]);
  offer(target, before.length - begun[1].length - 1, people.filter(({ name }) => matches(fold(name), wanted)));
});

/** From the beginning, or from the beginning of any later name. */
const matches = (name, wanted) => name.startsWith(wanted) || name.split(" ").some((word) => word.startsWith(wanted));

function peopleOf(address) {
  if (!known.has(address)) {
    const asked = fetch(address, { headers: { Accept: "application/json" } })
      .then((response) => (response.ok ? response.json() : []))
      .catch(() => []);
    known.set(address, asked);
    setTimeout(() => known.delete(address), 60_000);
  }
  return known.get(address);
}

function offer(textarea, at, people) {
  if (!people.length) return close();
  [field, start] = [textarea, at];
  list.replaceChildren(...people.slice(0, 6).map(option));
  choose(0);
  if (!isOpen()) list.showPopover();
  place();
  field.setAttribute("aria-controls", list.id);
}

function option({ id, name }) {
  const item = document.createElement("li");
  item.id = `mention-${id}`;
  item.className = "menu-item";
  item.setAttribute("role", "option");
  item.textContent = name;
  return item;
}

function choose(index) {
  const all = options();
  const chosen = all.at(index % all.length);
  for (const item of all) item.setAttribute("aria-selected", String(item === chosen));
  field.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

function place() {
  const at = field.getBoundingClientRect();
  const below = at.bottom + 4;
  // A field at the foot of the page has the phone's navigation, or its keyboard, below it.
  const isLow = at.bottom > innerHeight * 0.75 || below + list.offsetHeight > innerHeight - 8;
  const top = isLow ? at.top - list.offsetHeight - 4 : below;
  list.style.left = `${Math.max(8, Math.min(at.left, innerWidth - list.offsetWidth - 8))}px`;
  list.style.top = `${Math.max(8, top)}px`;
}

function take(item) {
  const end = field.selectionStart;
  const after = field.value.slice(end).startsWith(" ") ? "" : " ";
  field.setRangeText(`@${item.textContent}${after}`, start, end, "end");
  const textarea = field;
  close();
  textarea.focus();
  textarea.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

function close() {
  if (isOpen()) list.hidePopover();
  field?.removeAttribute("aria-activedescendant");
  field = null;
}

// Before whatever else the text's keys do: sending with Enter, closing a drawer with Escape.
document.addEventListener("keydown", (event) => {
  if (!isOpen() || event.target !== field) return;
  const at = options().findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") choose(at + 1);
  else if (event.key === "ArrowUp") choose(at - 1);
  else if (event.key === "Enter" || event.key === "Tab") take(options()[at]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

list.addEventListener("pointerdown", (event) => {
  const item = event.target.closest("[role=option]");
  if (!item) return;
  event.preventDefault();
  take(item);
});
document.addEventListener("focusout", ({ target }) => target === field && setTimeout(() => document.activeElement !== target && close()));
addEventListener("resize", close);
