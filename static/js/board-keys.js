// The board by keyboard: arrows walk over cards; Space lifts one, arrows move it, Enter drops it, Escape cancels.

import { announce, say } from "./lib/dom.js";
import { confirmMove, putBack, spotOf } from "./lib/moving.js";

let lifted = null; // { card, spot }
let moving = false; // moving a node takes its focus for a moment

const lists = () => [...document.querySelectorAll(".cards")];
const cardsOf = (list) => [...list.querySelectorAll(":scope > .card-lead")];

document.addEventListener("keydown", (event) => {
  const card = event.target;
  if (!card.matches?.(".card-lead") || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = (lifted ? WHILE_LIFTED : WHILE_RESTING)[event.key];
  if (!act || card.matches(".saving")) return;
  event.preventDefault();
  act(card);
});

const WHILE_RESTING = {
  " ": lift,
  Enter: (card) => card.querySelector("[data-drawer]").click(),
  m: (card) => card.querySelector("[data-move-menu]").click(),
  ArrowDown: (card) => focusOn(card.nextElementSibling),
  ArrowUp: (card) => focusOn(card.previousElementSibling),
  ArrowRight: (card) => focusOn(beside(card, 1)),
  ArrowLeft: (card) => focusOn(beside(card, -1)),
};

const WHILE_LIFTED = {
  " ": drop,
  Enter: drop,
  Escape: cancel,
  ArrowDown: (card) => step(card, card.nextElementSibling?.nextElementSibling ?? null, card.nextElementSibling),
  ArrowUp: (card) => step(card, card.previousElementSibling, card.previousElementSibling),
  ArrowRight: (card) => across(card, 1),
  ArrowLeft: (card) => across(card, -1),
};

function focusOn(element) {
  if (!element?.matches(".card-lead")) return;
  element.focus();
  element.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** The card at the same height in the next column that has any. */
function beside(card, direction) {
  const all = lists();
  const row = cardsOf(card.parentElement).indexOf(card);
  for (let at = all.indexOf(card.parentElement) + direction; all[at]; at += direction) {
    const cards = cardsOf(all[at]);
    if (cards.length) return cards[Math.min(row, cards.length - 1)];
  }
  return null;
}

function lift(card) {
  lifted = { card, spot: spotOf(card) };
  card.dataset.lifted = "";
  card.classList.add("lifted");
  announce(say("lifted", { name: card.dataset.name }));
}

function step(card, next, exists) {
  if (exists) moveTo(card, card.parentElement, next);
}

function across(card, direction) {
  const all = lists();
  const list = all[all.indexOf(card.parentElement) + direction];
  if (!list) return;
  const row = cardsOf(card.parentElement).indexOf(card);
  moveTo(card, list, cardsOf(list)[row] ?? null);
}

function moveTo(card, list, next) {
  moving = true;
  list.insertBefore(card, next);
  card.focus({ preventScroll: true });
  moving = false;
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  const cards = cardsOf(list);
  announce(say("overColumn", { column: list.dataset.label, position: cards.indexOf(card) + 1, total: cards.length }));
}

function release() {
  const { card, spot } = lifted;
  lifted = null;
  card.classList.remove("lifted");
  return { card, spot };
}

async function drop() {
  const { card, spot } = release();
  const stayed = card.parentElement === spot.parent && card.nextElementSibling === spot.next;
  if (stayed) settle(card, spot);
  else await confirmMove(card, spot);
  document.getElementById(card.id)?.focus();
}

function cancel() {
  const { card, spot } = release();
  settle(card, spot);
  card.focus();
}

function settle(card, spot) {
  putBack(card, spot);
  delete card.dataset.lifted;
  announce(say("cancelled", { name: card.dataset.name, column: spot.parent.dataset.label }));
  document.dispatchEvent(new CustomEvent("fragments:free"));
}

document.addEventListener("focusout", ({ target }) => {
  if (lifted && !moving && target === lifted.card) {
    const { card, spot } = release();
    settle(card, spot);
  }
});
