// Puts rendered fragments where they belong. Pages, pushes and answers all use this one path.
//
// A root element with data-place goes into that container, sorted by data-key; without it, it replaces the element of
// its id. data-revision keeps an older rendering from undoing a newer one; data-gone removes. An element that is being
// edited or dragged is left alone until it is free: the newest rendering of it waits.

const waiting = new Map(); // element id → the newest fragment for it
const revision = (element) => Number(element.dataset.revision ?? 0);
const key = (element) => Number(element.dataset.key);

/** Apply a string of fragments; returns the ids it spoke of. */
export function applyFragments(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const roots = [...template.content.children].filter((element) => element.id);
  roots.forEach(applyRoot);
  tell();
  return roots.map((element) => element.id);
}

/** Try again what had to wait. */
export function flushWaiting() {
  for (const [id, fragment] of [...waiting]) {
    const existing = document.getElementById(id);
    if (existing && isBusy(existing)) continue;
    waiting.delete(id);
    place(fragment, existing);
    tell();
  }
}

const tell = () => document.dispatchEvent(new CustomEvent("fragments:applied"));

/** Only then may the morph spare what has the focus: it would leave out all that is within a focused message too. */
export const isTyping = () => Boolean(document.activeElement?.matches("input, textarea, select, [contenteditable]"));

/** True while a person is typing in an element, or holds it. */
export function isBusy(element) {
  if (element.matches("[data-lifted]") || element.querySelector("[data-lifted], form[data-guard]")) return true;
  const active = document.activeElement;
  return Boolean(active && element.contains(active) && active.matches("input, textarea, select, [contenteditable]"));
}

function applyRoot(fragment) {
  const existing = document.getElementById(fragment.id);
  const held = waiting.get(fragment.id);
  const newest = Math.max(existing ? revision(existing) : -Infinity, held ? revision(held) : -Infinity);
  const stale = "gone" in fragment.dataset ? newest >= revision(fragment) : newest > revision(fragment);
  if ((existing || held) && "revision" in fragment.dataset && stale) return;
  if (existing && isBusy(existing)) waiting.set(fragment.id, fragment);
  else {
    waiting.delete(fragment.id);
    place(fragment, existing);
  }
}

function place(fragment, existing) {
  if ("gone" in fragment.dataset) return remove(existing);
  if (!("place" in fragment.dataset)) {
    if (existing) morph(existing, fragment);
    return;
  }
  const container = document.querySelector(fragment.dataset.place);
  if (!container) return remove(existing);
  const siblings = keyed(container).filter((child) => child !== existing);
  if (isBeyondLoaded(container, siblings, key(fragment))) return remove(existing);
  const next = siblings.find((child) => key(child) > key(fragment)) ?? afterKeyed(container, siblings);
  const element = existing ? morph(existing, fragment) : document.adoptNode(fragment);
  if (!existing || element.parentElement !== container || !isInPlace(element, next)) move(element, container, next);
  if (!existing) globalThis.htmx?.process(element);
}

const keyed = (container) => [...container.children].filter((child) => "key" in child.dataset);

/** Rows that are not loaded must not appear ahead of those between: below the last one, or above the first. */
function isBeyondLoaded(container, siblings, value) {
  if (!siblings.length) return false;
  if ("more" in container.dataset && value > key(siblings.at(-1))) return true;
  return "moreBefore" in container.dataset && value < key(siblings[0]);
}

const afterKeyed = (container, siblings) => (siblings.length ? siblings.at(-1).nextElementSibling : null);

function isInPlace(element, next) {
  let following = element.nextElementSibling;
  while (following && !("key" in following.dataset) && following !== next) following = following.nextElementSibling;
  return following === next;
}

/** Moving loses the focus where the browser cannot move nodes alive, so it is given back. */
function move(element, container, next) {
  const before = next === element ? element.nextElementSibling : next;
  const active = document.activeElement;
  const focused = active && element.contains(active) ? active : null;
  container.insertBefore(element, before);
  focused?.focus({ preventScroll: true });
}

function morph(existing, fragment) {
  const { id } = existing;
  const state = keptState(existing);
  globalThis.Idiomorph.morph(existing, fragment.cloneNode(true), {
    morphStyle: "outerHTML",
    ignoreActiveValue: isTyping(),
    restoreFocus: true,
    callbacks: { beforeAttributeUpdated: (name, node) => name !== "open" || node.tagName !== "DETAILS" },
  });
  const element = document.getElementById(id);
  for (const name of state) element.setAttribute(name, "");
  globalThis.htmx?.process(element);
  return element;
}

/** What a person did to an element survives its new rendering. */
const keptState = (element) => ["aria-current", "hidden"].filter((name) => element.hasAttribute(name));

function remove(element) {
  element?.remove();
}

addEventListener("focusout", () => setTimeout(flushWaiting));
document.addEventListener("fragments:free", flushWaiting);
document.addEventListener("reset", () => setTimeout(flushWaiting));
