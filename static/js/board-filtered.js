// A filtered board and pushes: whether a changed lead passes the filter only the server knows, so it is asked, for all
// changes of a moment at once.

import { applyFragments } from "./lib/fragments.js";

const GATHER_MS = 150;
const RETRY_MS = 3000;
const AT_ONCE = 200;
const wanted = new Set();
let due = 0;
let asking = false;

const board = () => document.getElementById("board");

document.addEventListener("realtime:before", (event) => {
  const { room = "", html = "" } = event.detail ?? {};
  if (!board()?.dataset.filtered || !/^board(\.|$)/.test(room)) return;
  event.preventDefault();
  for (const [, id] of html.matchAll(/\bid="lead-(\d+)"/g)) wanted.add(id);
  if (wanted.size) later(GATHER_MS);
});

function later(milliseconds) {
  clearTimeout(due);
  due = setTimeout(ask, milliseconds);
}

async function ask() {
  const { filtered, ask: url } = board().dataset;
  if (asking || !wanted.size || !filtered) return;
  const ids = [...wanted].slice(0, AT_ONCE);
  for (const id of ids) wanted.delete(id);
  asking = true;
  let pause = GATHER_MS;
  try {
    const response = await fetch(`${url}?ids=${ids.join()}&${filtered}`, { headers: { "HX-Request": "true" } });
    if (!response.ok || response.redirected) throw new Error(`The board answered ${response.status}.`);
    const html = await response.text();
    if (board().dataset.filtered === filtered) applyFragments(html); // else the new filter brought its own cards
  } catch {
    for (const id of ids) wanted.add(id);
    pause = RETRY_MS;
  }
  asking = false;
  if (wanted.size) later(pause);
}
