// Searching within the open thread: from hit to hit, also where the messages are not loaded.

import { say } from "./lib/dom.js";
import { spot } from "./thread.js";

const ASK_MS = 250;
let search = null; // {thread, query, ids (newest first), at}
let typed = ""; // perhaps further than what was searched for
let wasTyping = false; // when the thread began to be fetched anew
let waiting = 0;

const form = () => document.querySelector("form[data-find]");
const idOf = () => form()?.closest(".thread").dataset.conversation;

function toggle(on) {
  const bar = form();
  bar.hidden = !on;
  bar.closest(".thread").querySelector("[data-find-toggle]").setAttribute("aria-expanded", String(on));
  if (on) bar.elements.q.focus();
  else {
    search = null;
    bar.reset();
    tell();
    bar.closest(".thread").querySelector("[data-find-toggle]").focus();
  }
}

async function ask() {
  const bar = form();
  const query = bar?.elements.q.value.trim() ?? "";
  const asked = { thread: idOf(), query, ids: [], at: 0 };
  search = asked;
  if (query.length > 1) {
    const response = await fetch(`${bar.dataset.find}?${new URLSearchParams({ q: query })}`).catch(() => null);
    if (search !== asked) return; // typed on meanwhile
    if (response?.ok) asked.ids = (await response.json()).ids;
  }
  tell();
  if (asked.ids.length) go(0);
}

/** To the hit so many steps earlier. */
function go(step) {
  search.at = Math.max(0, Math.min(search.ids.length - 1, search.at + step));
  const id = search.ids[search.at];
  tell();
  const message = document.getElementById(`msg-${id}`);
  if (message) return spot(message);
  wasTyping = document.activeElement === form().elements.q;
  const url = `${form().closest(".thread").dataset.refresh}?around=${id}#msg-${id}`;
  return document.dispatchEvent(new CustomEvent("thread:open", { detail: { url, remember: false } }));
}

function tell() {
  const bar = form();
  const n = search?.ids.length ?? 0;
  const place = n ? say("viewerPlace", { n: search.at + 1, total: n }) : say("noHits");
  bar.querySelector("[data-find-count]").textContent = (search?.query.length ?? 0) > 1 ? place : "";
  for (const button of bar.querySelectorAll("[data-find-go]")) {
    const to = (search?.at ?? 0) + Number(button.dataset.findGo);
    button.disabled = to < 0 || to >= n;
  }
}

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-find-toggle]")) toggle(form().hidden);
  if (target.closest?.("[data-find-close]")) toggle(false);
  const button = target.closest?.("[data-find-go]");
  if (button) go(Number(button.dataset.findGo));
});
document.addEventListener("input", ({ target }) => {
  if (!target.closest?.("form[data-find]")) return;
  typed = target.value;
  clearTimeout(waiting);
  waiting = setTimeout(ask, ASK_MS);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("form[data-find]")) return;
  event.preventDefault();
  if (search?.query === event.target.elements.q.value.trim() && search.ids.length) go(1);
  else ask();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !event.target.closest?.("form[data-find]")) return;
  event.preventDefault();
  toggle(false);
});

// A hit that was not loaded brought the thread anew: the search goes on in it.
document.addEventListener("htmx:afterSettle", () => {
  const bar = form();
  if (!search || !bar || !bar.hidden) return;
  if (search.thread !== idOf()) search = null;
  else {
    bar.hidden = false;
    bar.elements.q.value = typed;
    if (wasTyping) bar.elements.q.focus();
    tell();
  }
});
