// The list's search field, its keys (j, k, arrows), and how many threads each tab holds.

import { choose } from "./inbox.js";

const SEARCH_MS = 250;
const COUNT_MS = 1500;
const inbox = document.getElementById("inbox");
const field = document.getElementById("list-search");
const visibleRows = () => [...document.querySelectorAll("#list-body .row-c:not([hidden])")];

// ---- searching: the address keeps what the list showed before
let waiting = 0;
let before = null; // the choice to come back to

const ask = () => {
  clearTimeout(waiting);
  const asked = new URLSearchParams(location.search).get("q") ?? "";
  const query = field.value.trim();
  if (query === asked) return;
  if (!asked) before = location.search;
  choose(query ? `?${new URLSearchParams({ q: query })}` : (before ?? ""), "replace");
};

field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, SEARCH_MS);
});
field.form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement !== field) field.value = new URLSearchParams(location.search).get("q") ?? "";
});

// ---- keys
const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };
const isTyping = (target) => target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === field) return inField(event);
  const step = STEPS[event.key];
  if (!step || isTyping(event.target) || document.querySelector("dialog:modal, .menu:popover-open")) return;
  const isArrow = event.key.startsWith("Arrow");
  if (isArrow && !event.target.closest?.("#inbox") && event.target !== document.body) return;
  event.preventDefault();
  walk(step);
});

function inField(event) {
  if (event.key === "ArrowDown") walk(1, -1);
  else if (event.key === "Escape" && field.value) {
    field.value = "";
    ask();
  } else return;
  event.preventDefault();
}

function walk(step, from = null) {
  const rows = visibleRows();
  const focused = rows.indexOf(document.activeElement.closest?.(".row-c"));
  const at = from ?? (focused >= 0 ? focused : rows.findIndex((row) => row.hasAttribute("aria-current")));
  rows[Math.max(0, Math.min(rows.length - 1, at + step))]?.focus();
}

// ---- counts: asked for again once other rows belong to the list than before
let counting = 0;
let known = "";

async function count() {
  const response = await fetch(inbox.dataset.counts, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!response?.ok) return; // the next change asks again
  for (const [tab, text] of Object.entries(await response.json())) {
    const place = document.querySelector(`[data-count="${tab}"]`);
    if (place) place.textContent = text;
  }
}

document.addEventListener("inbox:arranged", () => {
  const rows = [...document.querySelectorAll("#rows > .row-c")];
  const now = rows.map((row) => `${row.id}${row.hidden}${row.dataset.owner}`).sort().join();
  const isOther = known && now !== known;
  known = now;
  if (!isOther || counting) return;
  counting = setTimeout(() => {
    counting = 0;
    count();
  }, COUNT_MS);
});
