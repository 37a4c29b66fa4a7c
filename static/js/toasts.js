// Short messages in the corner. The clock of each stands still while somebody points at them, has the focus there, or
// has the page in the background. Pushed notifications go the ways their reader chose.

import { say } from "./lib/dom.js";
import { play } from "./sound.js";

const region = document.getElementById("toasts");
const polite = document.getElementById("announce-politely");
const SHOWN_MS = 6000;
const ERROR_MS = 12_000;
const PRESENT_MS = 120_000; // without a touch for longer, nobody is taken to have seen anything
const KEPT = 3;

const clocks = new Map(); // toast → timer
let folded = 0; // notifications that made room for newer ones
let cameFrom = null; // what had the focus before F8
let touchedAt = performance.now();

const isNote = (toast) => "note" in toast.dataset;
const toasts = () => [...region.querySelectorAll(".toast-c")];
const isHeld = () => document.hidden || region.matches(":hover") || region.contains(document.activeElement);
const isPresent = () => !document.hidden && performance.now() - touchedAt < PRESENT_MS;

document.addEventListener("toast:show", ({ detail }) => add(detail));
// The server's answers send `HX-Trigger: {"toast": {"level": "ok", "text": "…"}}`.
document.addEventListener("toast", ({ detail }) => add({ level: detail.level, text: detail.text ?? detail.value }));

function add({ text, level = "info" }) {
  const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  toast.dataset.level = level;
  toast.querySelector(".toast-text").textContent = text;
  region.append(toast);
}

/** True if the toast stays. */
function receive(toast) {
  if (!isNote(toast)) return true;
  const { note, url } = toast.dataset;
  const ways = (toast.dataset.ways || "toast").split(" ");
  const here = Boolean(url) && isPresent() && new URL(url, location.href).pathname === location.pathname;
  if (here) document.dispatchEvent(new CustomEvent("toast:here"));
  else if (ways.includes("push") && isPresent())
    document.dispatchEvent(new CustomEvent("toast:seen", { detail: { url: toast.dataset.seen } }));
  if (!here && ways.includes("sound")) play(toast.dataset.sound, Number(note));
  if (!here && ways.includes("toast")) return true;
  toast.remove();
  return false;
}

function runClocks() {
  for (const [toast, timer] of clocks) {
    clearTimeout(timer);
    if (!toast.isConnected) clocks.delete(toast);
  }
  if (isHeld()) return;
  for (const toast of toasts()) {
    const shown = toast.dataset.level === "error" ? ERROR_MS : SHOWN_MS;
    clocks.set(toast, setTimeout(() => toast.remove(), shown));
  }
}

/** A burst shows its newest; the older ones are a number that leads to the list of all. */
function fold() {
  const notes = toasts().filter(isNote);
  if (!notes.length) folded = 0;
  for (const note of notes.slice(0, -KEPT)) {
    note.remove();
    folded += 1;
  }
  const more = document.getElementById("toasts-more");
  if (!folded) return more?.remove();
  const link = more ?? document.createElement("a");
  link.id = "toasts-more";
  link.className = "toasts-more";
  link.href = region.dataset.centre;
  link.textContent = say("moreNotifications", { n: folded });
  if (!more) region.prepend(link);
  return undefined;
}

/** Above everything, dialogs included: the top layer is in order of opening. */
function raise() {
  const focused = region.contains(document.activeElement) ? document.activeElement : null;
  if (region.matches(":popover-open")) region.hidePopover();
  if (region.childElementCount) region.showPopover();
  focused?.focus();
}

const wordsOf = (toast) => toast.querySelector(".toast-text").innerText.replace(/\s+/g, " ").trim();

new MutationObserver((changes) => {
  const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.matches?.(".toast-c"));
  const staying = added.filter((toast) => toast.isConnected && receive(toast));
  fold();
  if (staying.length || !region.childElementCount) raise();
  if (staying.length) polite.textContent = staying.slice(-KEPT).map(wordsOf).join(". ");
  runClocks();
}).observe(region, { childList: true });

region.addEventListener("click", (event) => {
  const toast = event.target.closest("[data-toast-close]")?.closest(".toast-c");
  if (toast) close(toast);
});

function close(toast) {
  const hadFocus = toast.contains(document.activeElement);
  const next = toast.nextElementSibling ?? toast.previousElementSibling;
  toast.remove();
  if (hadFocus) (next?.querySelector("a, button") ?? cameFrom)?.focus();
}

document.addEventListener("keydown", (event) => {
  touchedAt = performance.now();
  const toast = event.target.closest?.("#toasts .toast-c");
  if (event.key === "Escape" && toast) {
    event.stopImmediatePropagation();
    close(toast);
  } else if (event.key === "F8" && region.childElementCount) {
    event.preventDefault();
    if (!region.contains(document.activeElement)) cameFrom = document.activeElement;
    region.lastElementChild.querySelector("a, button")?.focus();
  }
}, true);

for (const name of ["pointerenter", "pointerleave", "focusin", "focusout"])
  region.addEventListener(name, () => setTimeout(runClocks));
for (const name of ["pointermove", "pointerdown", "wheel"])
  addEventListener(name, () => (touchedAt = performance.now()), { passive: true });
document.addEventListener("visibilitychange", runClocks);
// Read on another page or device: nothing is left to tell here.
document.addEventListener("unread:changed", ({ detail }) => {
  if (!detail.bell) toasts().filter(isNote).forEach((toast) => toast.remove());
});
