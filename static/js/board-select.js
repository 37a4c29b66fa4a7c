// Choosing leads: a click on the avatar or X, Shift for all between, Ctrl+A for the column, Escape for none.

import { announce, say } from "./lib/dom.js";
import { choose, chooseNone, chosenIds, isChosen, subjects } from "./lib/chosen.js";

let anchor = ""; // id of the lead chosen last, where a range begins

/** A column of the board, or the whole list: where a range and "all" make sense. */
const groupOf = (element) => element.closest(".cards, tbody");

function toggle(element, range) {
  const group = subjects(groupOf(element));
  const from = group.findIndex((other) => other.dataset.lead === anchor);
  const to = group.indexOf(element);
  if (range && from >= 0) choose(group.slice(Math.min(from, to), Math.max(from, to) + 1), true);
  else choose([element], !isChosen(element));
  anchor = element.dataset.lead;
  announce(say("chosenN", { n: chosenIds().length }));
}

document.addEventListener("click", (event) => {
  const pick = event.target.closest?.("[data-pick]");
  if (!pick) return;
  event.preventDefault();
  event.stopPropagation();
  toggle(pick.closest("[data-lead]"), event.shiftKey);
}, true);

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const element = event.target.closest?.("[data-lead]");
  const typing = event.target.matches?.("input, textarea, select, [contenteditable]");
  if (event.key === "Escape") escape(event);
  else if (!element || typing || document.querySelector("[data-lifted]")) return;
  else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) all(event, element);
  else if (event.key.toLowerCase() === "x" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    toggle(element, event.shiftKey);
  }
});

function all(event, element) {
  event.preventDefault();
  choose(subjects(groupOf(element)), true);
  announce(say("chosenN", { n: chosenIds().length }));
}

function escape(event) {
  if (!chosenIds().length) return;
  if (document.querySelector("dialog[open], .menu:popover-open, details.pop[open], [data-lifted]")) return;
  event.preventDefault();
  chooseNone();
  announce(say("nothingChosen"));
}
