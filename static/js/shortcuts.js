// Single keys for whoever does not type just now: "?" lists them, "g" and a letter go to a page, "/" searches here.

const help = document.getElementById("shortcuts");
const PAGES = { b: "/board/", c: "/conversations/", l: "/leads/", t: "/tasks/", n: "/notifications/all/" };
const SEQUENCE_MS = 1200;
let going = 0; // until when a letter completes "g"

const isTyping = (target) =>
  target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const isCovered = () => Boolean(document.querySelector("dialog:modal, .menu:popover-open, [data-lifted]"));

const KEYS = {
  "?": () => help.showModal(),
  "/": () => {
    const field = document.querySelector("[data-page-search]:not([hidden])");
    if (field?.checkVisibility()) field.focus();
    else document.querySelector("[data-palette]").click();
  },
  n: () => globalThis.htmx.ajax("GET", "/leads/new/", { target: "#modal" }),
  g: () => {
    going = performance.now() + SEQUENCE_MS;
  },
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || isCovered()) return;
  const key = event.key.toLowerCase();
  const page = performance.now() < going && PAGES[key];
  going = 0;
  if (page) location.assign(page);
  else if (KEYS[key]) KEYS[key]();
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-shortcuts]")) return;
  document.getElementById("user-menu").hidePopover();
  help.showModal();
});
