// What is unread: the page's title, the bell's list, and what has been looked at.

import { csrfToken } from "./lib/dom.js";

const title = document.title.replace(/^\(\d+\)\s*/, "").replace(/\s+/g, " ").trim();
const menu = document.getElementById("bell-menu");
const unreadOf = (id) => Number(document.getElementById(id)?.dataset.unread || 0);

function countUnread() {
  const bell = unreadOf("bell");
  const unread = bell + unreadOf("unread-conversations");
  document.title = unread ? `(${unread}) ${title}` : title;
  document.dispatchEvent(new CustomEvent("unread:changed", { detail: { bell, unread } }));
}

/** POST that outlives the page it is sent from. Lost, it costs a click later. */
function tell(url, fields = {}) {
  const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
  return fetch(url, { method: "POST", keepalive: true, headers, body: new URLSearchParams(fields) }).catch(() => null);
}

/** What led to this page is read once somebody looks at it. */
function visit() {
  if (document.hidden || !unreadOf("bell")) return;
  tell(document.getElementById("toasts").dataset.visit, { path: location.pathname });
}

function refreshLists() {
  if (menu?.matches(":popover-open")) globalThis.htmx.trigger(menu, "open");
  const centre = document.getElementById("notes-centre");
  if (centre && "newest" in centre.dataset)
    globalThis.htmx.ajax("GET", location.pathname + location.search, { target: centre, swap: "morph:outerHTML" });
}

countUnread();
new MutationObserver(countUnread).observe(document.querySelector(".shell"), {
  subtree: true,
  attributeFilter: ["data-unread"],
});

menu?.addEventListener("toggle", ({ newState, target }) => {
  if (newState === "open") globalThis.htmx.trigger(target, "open");
});

document.addEventListener("click", readClicked);
document.addEventListener("auxclick", readClicked);

function readClicked(event) {
  const element = event.target.closest?.("[data-note-read]");
  if (!element || (event.type === "auxclick" && event.button !== 1)) return;
  tell(element.dataset.noteRead);
  element.closest(".note")?.classList.remove("unread");
  element.closest(".toast-c")?.remove();
}

document.addEventListener("realtime:event", ({ detail }) => detail.kind === "bell" && refreshLists());
document.addEventListener("toast:here", visit);
document.addEventListener("toast:seen", ({ detail }) => tell(detail.url));
document.addEventListener("visibilitychange", visit);
document.addEventListener("htmx:pushedIntoHistory", visit);
visit();

const path = location.pathname;
for (const link of document.querySelectorAll("[data-nav]"))
  if (path.startsWith(link.getAttribute("href"))) link.setAttribute("aria-current", "page");
