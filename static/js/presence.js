// Who else is here: says which of this page's [data-presence] rooms are before the person's eyes, and fills those spans
// with the others. What a person types is told by a presence:typing event that names the room.

import { say } from "./lib/dom.js";

const TYPING_MS = 2500; // how often it is said again; the server forgets it after five seconds

const people = new Map(); // room → the others there
let told = "";
let typing = "";
let typedAt = 0;

const spans = () => [...document.querySelectorAll("[data-presence]")];
const rooms = () => (document.hidden ? [] : [...new Set(spans().map((span) => span.dataset.presence))].sort());

function announce() {
  const here = rooms();
  if (!here.includes(typing)) typing = "";
  const now = JSON.stringify([here, typing]);
  if (now === told) return;
  told = now;
  tell({ rooms: here, typing });
}

const tell = (here) => document.dispatchEvent(new CustomEvent("realtime:say", { detail: { here } }));

function fill() {
  for (const span of spans()) {
    const text = sentence(people.get(span.dataset.presence) ?? []);
    if (span.textContent !== text) span.textContent = text;
    span.toggleAttribute("data-typing", Boolean(people.get(span.dataset.presence)?.some((person) => person.typing)));
  }
}

function sentence(others) {
  const typists = others.filter((person) => person.typing);
  const shown = typists.length ? typists : others;
  if (!shown.length) return "";
  const [first, second] = shown.map(({ name }) => (shown.length > 1 ? name.split(" ")[0] : name));
  const places = { name: first, other: second, n: shown.length - 1 };
  const number = shown.length > 2 ? "Many" : shown.length > 1 ? "Two" : "One";
  return say(`${typists.length ? "typing" : "viewing"}${number}`, places);
}

function type(room) {
  const at = performance.now();
  if (room === typing && at - typedAt < TYPING_MS) return;
  [typing, typedAt] = [room, at];
  told = "";
  announce();
}

/** Sent, or the thread was left: nobody waits for words any more. */
function rest() {
  if (!typing) return;
  typing = "";
  announce();
}

document.addEventListener("realtime:presence", ({ detail }) => {
  people.set(detail.room, detail.people);
  fill();
});
document.addEventListener("realtime:synced", announce);
document.addEventListener("realtime:open", () => {
  told = ""; // another line knows nothing yet
});
document.addEventListener("realtime:close", () => {
  people.clear();
  fill();
});
document.addEventListener("presence:typing", ({ detail }) => type(detail.room));
document.addEventListener("reset", rest);
document.addEventListener("visibilitychange", announce);
for (const name of ["htmx:afterSettle", "fragments:applied", "realtime:refresh"]) document.addEventListener(name, fill);
