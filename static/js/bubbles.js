// What can be done with a message: a bar beside the one that is pointed at, and its menu. Arrows walk the messages of a
// focused thread, R replies, Enter opens the menu; on a touch screen a long press does.

import { announce, post, refusal, say, toast } from "./lib/dom.js";

const PRESS_MS = 450;
const BUBBLE = ".msgs .bubble";
let current = null; // the message the bar and the menu are about

const bar = () => document.querySelector("[data-msg-bar]");
const menu = () => document.querySelector("[data-msg-menu]");
const idOf = (bubble) => bubble.id.replace("msg-", "");
const urlOf = (bubble, action) => `${bar().dataset.root}messages/${idOf(bubble)}/${action}/`;
const isOpen = () => menu()?.matches(":popover-open");

/** The message the menu is about, and where it is acted on: for reactions and quotes. */
export const chosen = () => (current?.isConnected ? { bubble: current, id: idOf(current), url: (action) => urlOf(current, action) } : null);

function allow(box, bubble) {
  const own = bubble.dataset.writer !== undefined && bubble.dataset.writer === document.querySelector("[data-desk]")?.dataset.user;
  for (const item of box.querySelectorAll("[data-for-quotable]")) item.hidden = !("quotable" in bubble.dataset);
  for (const item of box.querySelectorAll("[data-for-own-note]")) item.hidden = !own;
}

function point(bubble) {
  if (isOpen() || !bar()) return;
  current = bubble;
  allow(bar(), bubble);
  bar().hidden = false;
  const [box, view] = [bubble.getBoundingClientRect(), bubble.closest(".msgs").getBoundingClientRect()];
  const width = bar().offsetWidth;
  const left = bubble.classList.contains("out") ? box.left - width - 4 : box.right + 4;
  bar().style.left = `${Math.min(Math.max(left, view.left + 4), view.right - width - 18)}px`;
  bar().style.top = `${Math.min(Math.max(box.top, view.top + 4), view.bottom - bar().offsetHeight - 4)}px`;
}

function unpoint() {
  if (bar()) bar().hidden = true;
}

export function openMenu(bubble, { x, y } = {}) {
  current = bubble;
  unpoint();
  const box = menu();
  allow(box, bubble);
  box.showPopover();
  const around = bubble.getBoundingClientRect();
  const [left, top] = [x ?? around.left + 12, y ?? around.top + 24];
  box.style.left = `${Math.max(8, Math.min(left, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${Math.max(8, Math.min(top, innerHeight - box.offsetHeight - 8))}px`;
  box.querySelector(".menu-item:not([hidden])")?.focus();
}

const ACTS = {
  menu: (bubble, from) => openMenu(bubble, { x: from.left, y: from.bottom + 4 }),
  react: (bubble, from) => openMenu(bubble, { x: from.left, y: from.bottom + 4 }),
  quote: (bubble) => document.dispatchEvent(new CustomEvent("message:quote", { detail: { bubble } })),
  copy: (bubble) => copy(bubble.querySelector(".text, .transcript p, .doc-name")?.textContent ?? ""),
  link: (bubble) => copy(`${location.origin}${bar().dataset.root}?around=${idOf(bubble)}#${bubble.id}`),
  task: (bubble) => inDialog(urlOf(bubble, "task")),
  details: (bubble) => inDialog(urlOf(bubble, "details")),
  note: (bubble) => inDialog(urlOf(bubble, "note")),
  "note/delete": (bubble) => act(urlOf(bubble, "note/delete")),
};

const inDialog = (url) => globalThis.htmx.ajax("GET", url, { target: "#modal", swap: "innerHTML" });

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text.trim());
    toast(say("copied"), "ok");
  } catch {
    toast(say("notCopied"), "error");
  }
}

/** POST something about a message; a refusal is said. */
export async function act(url, fields = {}) {
  try {
    const response = await post(url, fields);
    if (!response.ok || response.redirected) toast((await refusal(response)).message, "error");
  } catch {
    toast(say("networkError"), "error");
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-msg-bar] [data-act], [data-msg-menu] [data-act]");
  if (!button || !current) return;
  const from = button.getBoundingClientRect();
  if (isOpen()) menu().hidePopover();
  ACTS[button.dataset.act](current, from);
});

document.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType !== "mouse") return;
  const bubble = target.closest?.(BUBBLE);
  if (bubble) point(bubble);
  else if (!target.closest?.("[data-msg-bar]")) unpoint();
});
document.addEventListener("scroll", ({ target }) => target.matches?.(".msgs") && unpoint(), { capture: true, passive: true });
document.addEventListener("focusin", ({ target }) => target.matches?.(BUBBLE) && point(target));

// ---- keyboard
document.addEventListener("keydown", (event) => {
  const msgs = event.target.matches?.(".msgs") ? event.target : null;
  const bubble = event.target.matches?.(BUBBLE) ? event.target : null;
  if ((!msgs && !bubble) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowUp" || event.key === "ArrowDown") walk(event, msgs, bubble);
  else if (bubble && (event.key === "Enter" || event.key === " ")) openMenu(bubble);
  else if (bubble && event.key.toLowerCase() === "r" && "quotable" in bubble.dataset) ACTS.quote(bubble);
  else if (bubble && event.key === "Escape") bubble.closest(".msgs").focus();
  else return;
  event.preventDefault();
});

function walk(event, msgs, bubble) {
  const all = [...document.querySelectorAll(BUBBLE)];
  const next = msgs ? all.at(-1) : all[all.indexOf(bubble) + (event.key === "ArrowUp" ? -1 : 1)];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  point(next);
}

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("[data-msg-menu]") || event.newState !== "closed") return;
  if (document.activeElement === document.body) current?.focus({ preventScroll: true });
}, true);

// ---- touch
let press = 0;
document.addEventListener("pointerdown", ({ target, pointerType, clientX, clientY }) => {
  const bubble = pointerType === "touch" && !target.closest?.("a, button, audio, video, [role=slider]") && target.closest?.(BUBBLE);
  if (!bubble) return;
  press = setTimeout(() => {
    getSelection()?.removeAllRanges();
    openMenu(bubble, { x: clientX, y: clientY });
    announce(say("messageMenu"));
  }, PRESS_MS);
});
for (const name of ["pointerup", "pointercancel", "pointermove", "scroll"])
  document.addEventListener(name, (event) => (name !== "pointermove" || Math.hypot(event.movementX, event.movementY) > 3) && clearTimeout(press), { capture: true, passive: true });
document.addEventListener("contextmenu", (event) => {
  if (matchMedia("(pointer: coarse)").matches && event.target.closest?.(BUBBLE)) event.preventDefault();
});
