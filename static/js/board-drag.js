// Dragging cards by mouse or finger (a long press, so that scrolling stays scrolling).

import { confirmMove, putBack, spotOf } from "./lib/moving.js";

const LONG_PRESS_MS = 200;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const made = new WeakSet(); // a morphed list stays the same element, and keeps its Sortable
let spot = null;
let cancelled = false;

function makeSortable(list) {
  if (made.has(list)) return;
  made.add(list);
  globalThis.Sortable.create(list, {
    group: "board",
    draggable: ".card-lead",
    filter: ".card-menu, .pick, .saving",
    preventOnFilter: false,
    delay: LONG_PRESS_MS,
    delayOnTouchOnly: true,
    touchStartThreshold: 6,
    animation: calm.matches ? 0 : 150,
    forceFallback: true, // one way for mouse and touch, and a card that looks lifted
    fallbackOnBody: true,
    fallbackTolerance: 5,
    fallbackClass: "lifted",
    ghostClass: "slot",
    scrollSensitivity: 80,
    scrollSpeed: 14,
    emptyInsertThreshold: 24,
    onStart: ({ item }) => {
      spot = { ...spotOf(item), next: item.nextElementSibling };
      cancelled = false;
      item.dataset.lifted = "";
      document.body.classList.add("dragging");
    },
    onEnd: ({ item }) => {
      document.body.classList.remove("dragging");
      const stayed = item.parentElement === spot.parent && item.nextElementSibling === spot.next;
      if (!stayed && !cancelled) return confirmMove(item, spot);
      if (cancelled) putBack(item, spot);
      delete item.dataset.lifted;
      return document.dispatchEvent(new CustomEvent("fragments:free"));
    },
  });
}

const makeAll = () => document.querySelectorAll(".cards").forEach(makeSortable);
makeAll();
for (const name of ["realtime:refresh", "htmx:afterSettle"]) document.addEventListener(name, makeAll);

// Escape lays the card back: the drag ends as if the pointer had been released, and its end knows better.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !document.body.classList.contains("dragging")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  cancelled = true;
  for (const type of ["pointerup", "mouseup", "touchend"]) document.dispatchEvent(new Event(type, { bubbles: true }));
}, true);

// A drag that ends over a card's name must not open it.
document.addEventListener("click", (event) => {
  if (document.body.classList.contains("dragging")) event.preventDefault();
}, true);
