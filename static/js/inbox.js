// The list of conversations and the thread beside it: which row is open, which rows belong, opening and leaving a
// thread, and the address that says all of it.

import { say, toast } from "./lib/dom.js";

const panes = document.getElementById("panes");
const pane = document.getElementById("thread-pane");
const inbox = document.getElementById("inbox");
const LIST = inbox.dataset.list;
const CHOICES = ["tab", "show", "label", "q"];

const TABS = {
  all: () => true,
  mine: (row) => row.dataset.owner === panes.dataset.user,
  unassigned: (row) => row.dataset.owner === "",
};
const SHOWS = {
  all: () => true,
  unread: (row) => row.classList.contains("unread"),
  livia: (row) => row.dataset.attended === "livia",
};

const openThread = () => pane.querySelector(".thread")?.dataset.conversation ?? null;

/** In step with the server's `list_selectors`. The open thread stays where it was when it is read or taken over. */
function belongs(row, { tab, show, label }, isOpen) {
  const isArchived = row.dataset.status === "archived";
  const isSnoozed = "snoozed" in row.dataset;
  if (isArchived !== (show === "archived")) return false;
  if (show !== "archived" && isSnoozed !== (show === "snoozed")) return false;
  if (label && !row.dataset.labels.includes(` ${label} `)) return false;
  return TABS[tab](row) && (isOpen || (SHOWS[show] ?? SHOWS.all)(row));
}

function arrange() {
  const rows = document.getElementById("rows");
  const current = openThread();
  panes.classList.toggle("has-thread", current !== null);
  for (const row of document.querySelectorAll("#list-body .row-c")) {
    const isOpen = row.dataset.thread === current;
    if (isOpen) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
    if (!rows) continue;
    row.hidden = !belongs(row, rows.dataset, isOpen);
    showDraft(row, isOpen);
  }
  if (rows && !rows.querySelector(".rows-more")) delete rows.dataset.more;
  document.dispatchEvent(new CustomEvent("inbox:arranged"));
}

/** What was begun and not sent, in place of the last message. */
function showDraft(row, isOpen) {
  const text = isOpen ? "" : draftOf(row.dataset.thread);
  const mark = row.querySelector(".draft");
  if (!text) return mark?.remove();
  const fresh = mark ?? document.createElement("span");
  fresh.className = "draft";
  const word = document.createElement("b");
  word.textContent = say("draft");
  fresh.replaceChildren(word, ` ${text.slice(0, 120)}`);
  if (!mark) row.querySelector(".pre").prepend(fresh);
  return undefined;
}

function draftOf(thread) {
  try {
    return localStorage.getItem(`draft.${thread}`)?.trim() ?? "";
  } catch {
    return ""; // storage may be blocked
  }
}

// ---- the address: the thread is its path, the list's choice its query
const chosen = () => document.getElementById("list-body").dataset.address;

function choiceIn(search) {
  const given = new URLSearchParams(search);
  const kept = CHOICES.filter((name) => given.has(name)).map((name) => [name, given.get(name)]);
  return kept.length ? `?${new URLSearchParams(kept)}` : "";
}

function withChoice(address) {
  const url = new URL(address, location.href);
  for (const [name, value] of new URLSearchParams(chosen())) url.searchParams.set(name, value);
  return url;
}

/** Show the list another way. `remember`: "push" a step of the history, "replace" the present one, or neither. */
export async function choose(search, remember = "push") {
  const choice = choiceIn(search);
  if (remember === "push") history.pushState({}, "", location.pathname + choice);
  if (remember === "replace") history.replaceState({}, "", location.pathname + choice);
  inbox.dataset.refresh = LIST + choice;
  await globalThis.htmx.ajax("GET", LIST + choice, { source: "#list-asks", target: "#list-body", swap: "outerHTML" });
  arrange();
}

/** What a filter's link changes, on top of the address: a second click may come before the first one's answer. */
function changedBy(link) {
  const [shown, wanted] = [new URLSearchParams(chosen()), new URL(link.href).searchParams];
  const choice = new URLSearchParams(location.search);
  for (const name of CHOICES) {
    if (wanted.get(name) === shown.get(name)) continue;
    if (wanted.has(name)) choice.set(name, wanted.get(name));
    else choice.delete(name);
  }
  return `?${choice}`;
}

/** Open a thread beside the list. */
async function show(address, { remember = true } = {}) {
  const url = withChoice(address);
  pane.dataset.asked = url.hash.slice(1);
  if (remember) history.pushState({}, "", url);
  pane.setAttribute("aria-busy", "true");
  try {
    await globalThis.htmx.ajax("GET", url.pathname + url.search, { source: "#thread-asks", target: pane, swap: "innerHTML" });
  } finally {
    pane.removeAttribute("aria-busy");
    arrange();
  }
}

function leave({ remember = true } = {}) {
  const current = openThread();
  if (remember) history.pushState({}, "", LIST + chosen());
  pane.replaceChildren(document.getElementById("no-thread").content.cloneNode(true));
  document.dispatchEvent(new CustomEvent("rooms:changed"));
  arrange();
  document.querySelector(`#list-body [data-thread="${current}"]`)?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-thread], a[data-back], a[data-filter]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return undefined;
  event.preventDefault();
  if ("filter" in link.dataset) {
    link.closest("[popover]")?.hidePopover();
    return choose(changedBy(link)).catch((error) => error && Promise.reject(error)); // nothing: a later choice came
  }
  if (!("thread" in link.dataset)) return leave();
  const isByKey = event.detail === 0 && matchMedia("(pointer: fine)").matches;
  return show(link.href).then(() => isByKey && write());
});

/** Who opened a thread with Enter wants to answer it, not to step through the rest of the list first. */
function write() {
  pane.querySelector(".reply-form textarea")?.focus({ preventScroll: true });
}

document.addEventListener("thread:open", ({ detail }) => show(detail.url, detail));
document.addEventListener("thread:leave", () => openThread() && leave());

// The open thread was given to somebody else: the list stays.
document.addEventListener("realtime:lost", (event) => {
  if (!openThread()) return;
  event.preventDefault();
  leave();
  toast(say("threadLost"));
});

addEventListener("popstate", async () => {
  const choice = choiceIn(location.search);
  if (choice !== choiceIn(chosen())) await choose(choice, "");
  const thread = /(\d+)\/$/.exec(location.pathname)?.[1] ?? null;
  if (thread === null) return openThread() && leave({ remember: false });
  const isThere = thread === openThread() && (!location.hash || document.getElementById(location.hash.slice(1)));
  return isThere ? undefined : show(location.href, { remember: false });
});

// A page of rows may hold one that a push has brought meanwhile: the newer one stays.
document.addEventListener("htmx:afterSettle", () => {
  const seen = new Map();
  for (const row of document.querySelectorAll("#rows > .row-c")) {
    const twin = seen.get(row.id);
    if (twin) (Number(twin.dataset.revision) < Number(row.dataset.revision) ? twin : row).remove();
    if (!twin || !twin.isConnected) seen.set(row.id, row);
  }
  arrange();
});

arrange();
for (const name of ["fragments:applied", "realtime:refresh"]) document.addEventListener(name, arrange);
addEventListener("storage", arrange);
