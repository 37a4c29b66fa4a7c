// Menus beside the button that opens them, filled as they open; copying a link; the client's panel where it is a sheet.

import { say, toast } from "./lib/dom.js";

const GAP_PX = 4;
const MARGIN_PX = 8;

function placeMenu(menu) {
  const button = document.querySelector(`[popovertarget="${menu.id}"]`);
  if (!button) return;
  const { left, right, bottom } = button.getBoundingClientRect();
  const fits = left + menu.offsetWidth + MARGIN_PX <= innerWidth;
  menu.style.left = `${Math.max(MARGIN_PX, fits ? left : right - menu.offsetWidth)}px`;
  menu.style.top = `${bottom + GAP_PX}px`;
}

document.addEventListener(
  "toggle",
  ({ target, newState }) => {
    if (!target.matches?.(".menu[data-anchored]")) return;
    // Left there, it would be written as an inline style when the menu is swapped, which the page's policy forbids.
    if (newState !== "open") return void target.removeAttribute("style");
    placeMenu(target);
    if (target.hasAttribute("hx-get")) globalThis.htmx.trigger(target, "open");
    else target.querySelector(".menu-item")?.focus();
    return undefined;
  },
  true,
);
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (!target.matches?.(".menu[data-anchored]:popover-open")) return;
  placeMenu(target);
  target.querySelector(".menu-item")?.focus();
});
document.addEventListener("click", ({ target }) => {
  const item = target.closest?.(".menu[data-anchored] .menu-item");
  if (item) item.closest(".menu").hidePopover();
  const copier = target.closest?.("[data-copy]");
  if (copier) copy(new URL(copier.dataset.copy, location.href).href);
  const toggle = target.closest?.("[data-side-toggle]");
  if (toggle) showSide(toggle);
});

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(say("copied"), "ok");
  } catch {
    toast(say("notCopied"), "error"); // no permission, or no secure address
  }
}

function showSide(toggle) {
  const thread = toggle.closest(".thread");
  const isShown = thread.classList.toggle("with-side");
  const opener = thread.querySelector(".side-toggle");
  opener.setAttribute("aria-expanded", String(isShown));
  if (isShown) thread.querySelector(".side-close").focus();
  else opener.focus();
}

document.addEventListener("keydown", (event) => {
  const side = event.target.closest?.(".with-side .side");
  if (event.key === "Escape" && side) showSide(side.querySelector("[data-side-toggle]"));
});
