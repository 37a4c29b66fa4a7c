// One line to the server a page (lib/transport.js). Every event of a room has a number without gaps, so a lost one is noticed and asked for.
//
// Joining, reconnecting and healing are one motion: ask with all rooms and their last numbers. The server answers in
// order, so when the pong comes everything missed has come too; until then events of the rooms are kept, because a delta
// holds only the newest event of each object and so has holes of its own.

import { applyFragments } from "./lib/fragments.js";
import { declaredRooms, refetch, regionsOf, roomsBroughtBy } from "./lib/rooms.js";
import { Transport } from "./lib/transport.js";
import { say, toast } from "./lib/dom.js";

const SIGN_IN_AGAIN = 4401;
const ACCESS_CHANGED = 4403;
const LEAVING_MS = 5000; // for the page that was asked for to come
const AGAIN_MS = 3000;

const last = new Map(); // room → number of the last event applied
const denied = new Set();
const refreshing = new Map(); // room → frames that came meanwhile
let isReady = false; // the line takes questions
let barrier = null; // frames kept until the pong, or null
let askAgain = false;
let leaving = false;

const emit = (name, detail = {}) => document.dispatchEvent(new CustomEvent(`realtime:${name}`, { detail }));
const transport = new Transport({ ready, frame: receive, closed });

function ready() {
  barrier = null;
  isReady = true;
  emit("open");
  synchronise();
}

/** True: try again. */
function closed(code) {
  barrier = null;
  isReady = false;
  emit("close", { code });
  if (code === ACCESS_CHANGED) {
    accessChanged();
    return false;
  }
  if (code === SIGN_IN_AGAIN) {
    setTimeout(() => location.reload(), leaving ? LEAVING_MS : 0); // signing out ends the line before the page
    return false;
  }
  showState(navigator.onLine ? "reconnecting" : "offline");
  return true;
}

/** A page whose subject is no longer this person's says so itself, by cancelling `realtime:lost`, and goes on without it;
 * any other is loaded anew. */
async function accessChanged() {
  const lost = new CustomEvent("realtime:lost", { cancelable: true });
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (answer.status === 404 && !document.dispatchEvent(lost)) return transport.open();
  } catch {
    // no way to the server: the reload says so
  }
  return location.reload();
}

/** Tell the server what this page shows; it answers with what the page missed. */
function synchronise() {
  updateRooms();
  if (!isReady) return;
  if (barrier) {
    askAgain = true;
    return;
  }
  barrier = [];
  askAgain = false;
  transport.ask(Object.fromEntries(last));
}

function updateRooms() {
  const declared = declaredRooms();
  for (const room of last.keys()) if (!(room in declared)) last.delete(room);
  for (const [room, seq] of Object.entries(declared)) if (!last.has(room) && !denied.has(room)) last.set(room, seq);
}

function receive(frame) {
  if (frame.pong) return passBarrier();
  if (frame.denied) return refuse(frame.denied);
  if (frame.presence) return emit("presence", frame.presence);
  if (!last.has(frame.room)) return undefined;
  if (refreshing.has(frame.room)) return refreshing.get(frame.room).push(frame);
  if (barrier) return barrier.push(frame);
  if (frame.seq <= last.get(frame.room)) return undefined;
  if (frame.refresh) return refresh(frame.room, frame.seq);
  if (frame.seq === last.get(frame.room) + 1) return apply(frame);
  return synchronise(); // a push was lost: this one comes again with the delta
}

/** The pong: everything kept is complete now, whatever its numbers. */
function passBarrier() {
  showState("live");
  const kept = barrier ?? [];
  barrier = null;
  for (const frame of kept.toSorted((a, b) => a.seq - b.seq)) {
    if (refreshing.has(frame.room)) refreshing.get(frame.room).push(frame);
    else if (frame.refresh) refresh(frame.room, frame.seq);
    else if (frame.seq > (last.get(frame.room) ?? Infinity)) apply(frame);
  }
  if (askAgain) synchronise();
  else emit("synced");
}

/** A page may take an event upon itself, by cancelling `realtime:before`; its number counts as seen all the same. */
function apply(frame) {
  last.set(frame.room, frame.seq);
  const before = new CustomEvent("realtime:before", { cancelable: true, detail: frame });
  const ids = document.dispatchEvent(before) ? applyFragments(frame.html) : [];
  emit("event", { room: frame.room, seq: frame.seq, kind: frame.kind, ids });
}

function refuse(rooms) {
  for (const room of rooms) {
    denied.add(room);
    last.delete(room);
  }
  emit("denied", { rooms });
}

/** Too far behind for a delta, or an event without markup of its own: fetch the regions of the room again. */
async function refresh(room, seq) {
  const regions = regionsOf(room);
  if (!regions.length) return reloadOrGoOn(room, seq);
  refreshing.set(room, []);
  try {
    const answers = await Promise.all(regions.map(refetch));
    if (answers.includes(null)) refuse([room]);
    else last.set(room, Math.min(...answers.map((rooms) => rooms[room] ?? seq)));
    emit("refresh", { room });
  } catch {
    toast(say("networkError"), "error");
    setTimeout(synchronise, AGAIN_MS);
  }
  const meanwhile = refreshing.get(room);
  refreshing.delete(room);
  return meanwhile.forEach(receive);
}

/** Nothing on the page can fetch itself: load it whole, unless that would take away what a person types. */
function reloadOrGoOn(room, seq) {
  last.set(room, seq);
  const typing = document.activeElement?.matches("input, textarea, select") || document.querySelector("form[data-dirty]");
  if (!typing) location.reload();
}

function showState(state) {
  const pill = document.getElementById("live");
  if (!pill) return;
  pill.dataset.state = state;
  pill.firstElementChild.textContent = say(state);
}

let recomputing = 0;
let wentBack = false;
function recompute() {
  cancelAnimationFrame(recomputing);
  recomputing = requestAnimationFrame(() => {
    const before = [...last.keys()].sort().join();
    updateRooms();
    if (wentBack || [...last.keys()].sort().join() !== before) synchronise();
    wentBack = false;
  });
}

/** An answer that was rendered before a push, and came after it, has put back what the push had changed. */
function settled({ target }) {
  for (const [room, seq] of roomsBroughtBy(target)) {
    if (!(seq < last.get(room))) continue;
    last.set(room, seq);
    wentBack = true;
  }
  recompute();
}

document.addEventListener("htmx:afterSettle", settled);
document.addEventListener("rooms:changed", recompute);
document.addEventListener("realtime:say", ({ detail }) => isReady && transport.say(detail));
addEventListener("online", () => transport.check());
addEventListener("offline", () => showState("offline"));
addEventListener("beforeunload", () => {
  leaving = true;
});
addEventListener("pageshow", (event) => event.persisted && location.reload());
document.addEventListener("visibilitychange", () => document.hidden || transport.check());
updateRooms();
transport.open();
