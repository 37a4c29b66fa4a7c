// Which rooms the document follows, and the number of the last event seen in each.

import { isTyping } from "./fragments.js";

/** Room → number, from every data-rooms in the document; of several the lowest, so that nothing is skipped. */
export const declaredRooms = () => lowest(document.querySelectorAll("[data-rooms]"));

/** The same of what an answer brought. A person's own room is shown by no answer: its toasts would come twice. */
export function roomsBroughtBy(element) {
  const rooms = lowest([element, ...element.querySelectorAll("[data-rooms]")]);
  return Object.entries(rooms).filter(([room]) => !room.startsWith("user."));
}

function lowest(elements) {
  const rooms = {};
  for (const element of elements)
    for (const [room, seq] of Object.entries(parse(element.dataset?.rooms))) rooms[room] = Math.min(seq, rooms[room] ?? seq);
  return rooms;
}

/** The regions that can fetch themselves anew, of one room. A person's own room is all over the page: it has none. */
export function regionsOf(room) {
  if (room.startsWith("user.")) return [];
  const regions = [...document.querySelectorAll("[data-rooms][data-refresh]")];
  return regions.filter((region) => room in parse(region.dataset.rooms));
}

/** Fetch a region again, once nobody works in it, and morph it; returns the numbers its new markup stands for; null
 * if it is no longer this person's. */
export async function refetch(region) {
  await untilFree(region.id);
  if (!region.isConnected) return parse(document.getElementById(region.id)?.dataset.rooms);
  const target = region.dataset.refreshTarget ?? region.id;
  const response = await fetch(region.dataset.refresh, { headers: { "HX-Request": "true", "HX-Target": target } });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`The region answered ${response.status}.`);
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  const fresh = template.content.getElementById(region.id);
  if (!fresh) throw new Error("The answer does not hold the region.");
  if (isHeld(region.id)) return refetch(region);
  const rooms = parse(fresh.dataset.rooms);
  globalThis.Idiomorph.morph(region, fresh, { morphStyle: "outerHTML", ignoreActiveValue: isTyping(), restoreFocus: true });
  globalThis.htmx?.process(document.getElementById(region.id));
  return rooms;
}

/** A card in the air, or a form being filled, would be lost. */
const isHeld = (id) => Boolean(document.getElementById(id)?.querySelector("[data-lifted], form[data-guard]"));

async function untilFree(id) {
  while (isHeld(id))
    await new Promise((resolve) => document.addEventListener("fragments:free", resolve, { once: true }));
}

function parse(json) {
  try {
    return JSON.parse(json || "{}");
  } catch {
    return {};
  }
}
