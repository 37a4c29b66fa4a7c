// Moving a lead: what LOST and WON ask first, the request, and the way back when it is refused.

import { applyFragments } from "./fragments.js";
import { announce, post, refusal, say, toast } from "./dom.js";

const ASKS = { LOST: "lost-dialog", WON: "won-dialog" };

/** Ask what the target status needs; resolves to the fields, or null when cancelled. A deal's amount is proposed. */
export function askFor(status, subject) {
  const dialog = document.getElementById(ASKS[status]);
  return dialog ? filled(dialog, { won_amount: subject?.dataset.credit ?? "" }) : Promise.resolve({});
}

/** Have a dialog's form filled, beginning with these values; resolves to its fields, or null when cancelled. */
export function filled(dialog, values = {}) {
  const form = dialog.querySelector("form");
  form.reset();
  for (const [name, value] of Object.entries(values)) if (form.elements[name]) form.elements[name].value = value;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => resolve(dialog.returnValue === "ok" ? Object.fromEntries(new FormData(form)) : null),
      { once: true },
    );
  });
}

/** Where a card is now, to put it back. */
export function spotOf(card) {
  return { parent: card.parentElement, next: card.nextElementSibling, key: card.dataset.key };
}

export function putBack(card, spot) {
  card.dataset.key = spot.key;
  spot.parent.insertBefore(card, spot.next?.parentElement === spot.parent ? spot.next : null);
}

/** The card above, as the server wants it; and a key between the neighbours, so that pushes sort around it. */
export function settleKey(card) {
  const [above, below] = [card.previousElementSibling, card.nextElementSibling].map((neighbour) =>
    neighbour?.dataset.key === undefined ? null : Number(neighbour.dataset.key),
  );
  if (above !== null && below !== null) card.dataset.key = (above + below) / 2;
  else if (above !== null) card.dataset.key = above + 1;
  else if (below !== null) card.dataset.key = below - 1;
  return card.previousElementSibling?.id.replace("lead-", "") ?? "";
}

/**
 * Tell the server that a card already lies in its new place; put it back if it may not.
 * Resolves to true when it stays.
 */
export async function confirmMove(card, spot) {
  const list = card.parentElement;
  const { status, label } = list.dataset;
  const after = settleKey(card);
  card.dataset.lifted = "";
  card.classList.add("saving");
  try {
    const answers = status === card.dataset.status ? {} : await askFor(status, card);
    if (answers === null) {
      putBack(card, spot);
      return false;
    }
    const moved = await sendMove(card.dataset, { to: status, after, ...answers });
    if (moved) {
      card.dataset.status = status;
      card.dataset.version = Number(card.dataset.version) + 1; // as the push will say, for a second move before it
      announce(say("moved", { name: card.dataset.name, column: label }));
    } else putBack(card, spot);
    return Boolean(moved);
  } finally {
    delete card.dataset.lifted;
    card.classList.remove("saving");
    showRefused(card);
    document.dispatchEvent(new CustomEvent("fragments:free"));
  }
}

const refusedCards = new Map(); // card → the server's rendering of where it belongs

/** Once the card is free, the server's word on where it belongs. */
function showRefused(card) {
  const html = refusedCards.get(card);
  refusedCards.delete(card);
  if (html) applyFragments(html);
}

/** POST the move of a lead described by data attributes (move, version, name); says why when refused. */
export async function sendMove(subject, fields) {
  try {
    const response = await post(subject.move, { version: subject.version, ...fields });
    if (response.ok && !response.redirected) return true;
    const { message, card } = await refusal(response);
    toast(`${say("moveRefused")} ${message}`, "error");
    announce(`${say("moveRefused")} ${message}`);
    const element = card && document.getElementById(/id="(lead-\d+)"/.exec(card)?.[1]);
    if (element) refusedCards.set(element, card);
    if (element && !("lifted" in element.dataset)) showRefused(element);
  } catch {
    toast(say("networkError"), "error");
  }
  return false;
}
