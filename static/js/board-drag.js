// Dragging cards by mouse or finger (a long press, so that scrolling stays scrolling).

import { confirmMove, spotOf } from "./lib/moving.js";

const LONG_PRESS_MS = 200;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let spot = null;

function makeSortable(list) {
  if (list.dataset.sortable !== undefined) return;
  list.dataset.sortable = "";
  globalThis.Sortable.create(list, {
    group: "board",
    draggable: ".card-lead",
    filter: ".card-menu, .saving",
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
      item.dataset.lifted = "";
      document.body.classList.add("dragging");
    },
    onEnd: ({ item }) => {
      document.body.classList.remove("dragging");
      const stayed = item.parentElement === spot.parent && item.nextElementSibling === spot.next;
      if (!stayed) return confirmMove(item, spot);
      delete item.dataset.lifted;
      return document.dispatchEvent(new CustomEvent("fragments:free"));
    },
  });
}

const makeAll = () => document.querySelectorAll(".cards").forEach(makeSortable);
makeAll();
for (const name of ["realtime:refresh", "htmx:afterSettle"]) document.addEventListener(name, makeAll);

// A drag that ends over a card's name must not open it.
document.addEventListener("click", (event) => {
  if (document.body.classList.contains("dragging")) event.preventDefault();
}, true);
