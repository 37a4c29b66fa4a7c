// Leads chosen on board or list. The choice is kept here and painted anew after every change of the page, because a
// pushed card comes without it.

import { say, toast } from "./dom.js";

export const MOST = 100;
const chosen = new Set();

const subject = (id) => document.querySelector(`[data-lead="${id}"]`);
export const subjects = (within = document) => [...within.querySelectorAll("[data-lead]")];

/** Ids in the order of the page. */
export const chosenIds = () => subjects().map((element) => element.dataset.lead).filter((id) => chosen.has(id));
export const isChosen = (element) => chosen.has(element.dataset.lead);

export function choose(elements, on) {
  for (const element of elements) {
    if (!on) chosen.delete(element.dataset.lead);
    else if (chosen.size < MOST) chosen.add(element.dataset.lead);
    else {
      toast(say("mostChosen", { n: MOST }));
      break;
    }
  }
  paint();
}

export function chooseNone() {
  chosen.clear();
  paint();
}

export function drop(ids) {
  for (const id of ids) chosen.delete(String(id));
  paint();
}

let painted = false; // nothing chosen and nothing painted is the usual state, and costs nothing

export function paint() {
  if (!chosen.size && !painted) return;
  painted = chosen.size > 0;
  for (const id of chosen) if (!subject(id)) chosen.delete(id);
  for (const element of subjects()) {
    const on = chosen.has(element.dataset.lead);
    element.classList.toggle("chosen", on);
    element.querySelector("[data-pick]")?.setAttribute("aria-checked", on);
  }
  document.body.classList.toggle("choosing", chosen.size > 0);
  document.dispatchEvent(new CustomEvent("leads:chosen", { detail: { n: chosen.size } }));
}

for (const name of ["fragments:applied", "realtime:refresh", "htmx:afterSettle"]) document.addEventListener(name, paint);
