// One socket a page. Every event of a room has a number without gaps, so a lost one is noticed and asked for.
//
// Joining, reconnecting and healing are one motion: send all rooms with their last numbers, then a ping. The server
// answers in order, so when the pong comes everything missed has come too; until then events of the rooms are kept,
// because a delta holds only the newest event of each object and so has holes of its own.

import { applyFragments } from "./lib/fragments.js";
import { declaredRooms, refetch, regionsOf } from "./lib/rooms.js";
import { say, toast } from "./lib/dom.js";

const PING_MS = 25_000;
const SILENCE_MS = 10_000; // a pong later than this means a dead connection that TCP has not noticed
const [SLOWEST_MS, FASTEST_MS] = [30_000, 1000];
const SIGN_IN_AGAIN = 4401;
const ACCESS_CHANGED = 4403;
const LEAVING_MS = 5000; // for the page that was asked for to come

const last = new Map(); // room → number of the last event applied
const denied = new Set();
const refreshing = new Map(); // room → frames that came meanwhile
let socket = null;
let failures = 0;
let retry = 0;
let pongDue = 0;
let barrier = null; // frames kept until the pong, or null
let askAgain = false;
let leaving = false;

const emit = (name, detail = {}) => document.dispatchEvent(new CustomEvent(`realtime:${name}`, { detail }));
const isOpen = () => socket?.readyState === WebSocket.OPEN;

function connect() {
  clearTimeout(retry);
  if (socket && socket.readyState <= WebSocket.OPEN) return;
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/ws/`);
  socket.addEventListener("open", opened);
  socket.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  socket.addEventListener("close", closed);
}

function opened() {
  barrier = null;
  synchronise();
  showState("live");
  emit("open");
}

function closed(event) {
  clearTimeout(pongDue);
  barrier = null;
  emit("close", { code: event.code });
  if (event.code === SIGN_IN_AGAIN || event.code === ACCESS_CHANGED) {
    setTimeout(() => location.reload(), leaving ? LEAVING_MS : 0); // signing out ends the socket before the page
    return;
  }
  showState(navigator.onLine ? "reconnecting" : "offline");
  const delay = Math.min(SLOWEST_MS, FASTEST_MS * 2 ** failures++);
  retry = setTimeout(connect, delay * (0.5 + Math.random() / 2));
}

/** Tell the server what this page shows; it answers with what the page missed. */
function synchronise() {
  updateRooms();
  if (!isOpen()) return;
  if (barrier) {
    askAgain = true;
    return;
  }
  barrier = [];
  socket.send(JSON.stringify({ rooms: Object.fromEntries(last) }));
  ping();
}

function ping() {
  socket.send('{"ping":1}');
  clearTimeout(pongDue);
  pongDue = setTimeout(() => socket.close(), SILENCE_MS);
}

function updateRooms() {
  const declared = declaredRooms();
  for (const room of last.keys()) if (!(room in declared)) last.delete(room);
  for (const [room, seq] of Object.entries(declared)) if (!last.has(room) && !denied.has(room)) last.set(room, seq);
}

function receive(frame) {
  if (frame.pong) return passBarrier();
  if (frame.denied) return refuse(frame.denied);
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
  clearTimeout(pongDue);
  failures = 0; // only now: a server that opens and closes at once is no success
  const kept = barrier ?? [];
  barrier = null;
  for (const frame of kept.toSorted((a, b) => a.seq - b.seq)) {
    if (refreshing.has(frame.room)) refreshing.get(frame.room).push(frame);
    else if (frame.refresh) refresh(frame.room, frame.seq);
    else if (frame.seq > (last.get(frame.room) ?? Infinity)) apply(frame);
  }
  if (!askAgain) return;
  askAgain = false;
  synchronise();
}

function apply(frame) {
  last.set(frame.room, frame.seq);
  const ids = applyFragments(frame.html);
  emit("event", { room: frame.room, seq: frame.seq, kind: frame.kind, ids });
}

function refuse(rooms) {
  for (const room of rooms) {
    denied.add(room);
    last.delete(room);
  }
}

/** Too far behind for a delta, or an event without markup of its own: fetch the regions of the room again. */
async function refresh(room, seq) {
  const regions = regionsOf(room);
  if (!regions.length) return reloadOrGoOn(room, seq);
  refreshing.set(room, []);
  try {
    const numbers = (await Promise.all(regions.map(refetch))).map((rooms) => rooms[room] ?? seq);
    last.set(room, Math.min(...numbers));
    emit("refresh", { room });
  } catch {
    toast(say("networkError"), "error");
    setTimeout(synchronise, SLOWEST_MS / 10);
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
function recompute() {
  cancelAnimationFrame(recomputing);
  recomputing = requestAnimationFrame(() => {
    const before = [...last.keys()].sort().join();
    updateRooms();
    if ([...last.keys()].sort().join() !== before) synchronise();
  });
}

document.addEventListener("htmx:afterSettle", recompute);
document.addEventListener("rooms:changed", recompute);
addEventListener("online", connect);
addEventListener("offline", () => showState("offline"));
addEventListener("beforeunload", () => {
  leaving = true;
});
addEventListener("pageshow", (event) => event.persisted && location.reload());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  if (isOpen()) ping(); // a laptop that slept finds out at once whether its socket lives
  else connect();
});
setInterval(() => isOpen() && ping(), PING_MS);
updateRooms();
connect();
