// The open thread: where it opens, the scroll that stays at the end, pages on both sides, and what was seen.

import { separateDays } from "./lib/days.js";
import { applyFragments } from "./lib/fragments.js";
import { post, say } from "./lib/dom.js";

const NEAR_PX = 60;
const pane = document.getElementById("thread-pane");
let msgs = null; // the open thread's messages
let observer = null;
let atEnd = true;
let toRead = false; // the client's messages that nobody has looked at
let missed = 0; // how many came while the end was out of sight
let isPaging = false;

const isMessage = (node) => node.dataset?.key !== undefined;
const lastMessage = () => [...msgs.children].findLast(isMessage);
const thread = () => msgs?.closest(".thread");
const toEnd = () => msgs.scrollTo({ top: msgs.scrollHeight });

function attach() {
  const found = pane?.querySelector(".thread .msgs") ?? null;
  if (found === msgs) return;
  msgs = found;
  observer?.disconnect();
  if (!msgs) return;
  observer = new MutationObserver(changed);
  separateDays(msgs);
  [missed, isPaging] = [0, false];
  toRead = Number(thread().dataset.unread) > 0;
  openAt(pane.dataset.asked ?? location.hash.slice(1));
  delete pane.dataset.asked;
  observer.observe(msgs, { childList: true });
  msgs.addEventListener("scroll", scrolled, { passive: true });
  const stay = () => atEnd && toEnd();
  new ResizeObserver(stay).observe(msgs);
  msgs.addEventListener("load", stay, true);
  scrolled();
}

/** At the message that was asked for, else where reading goes on, else at the end. */
function openAt(asked) {
  const wanted = asked ? document.getElementById(asked) : null;
  const line = msgs.querySelector(".unread-line");
  atEnd = false;
  if (wanted && msgs.contains(wanted)) spot(wanted);
  else if (line) msgs.scrollTop = line.offsetTop - NEAR_PX;
  else toEnd();
}

/** Bring a message into view and let the eye find it. */
export function spot(message) {
  // Not scrollIntoView: that would move the panes around the messages too.
  const { top, height } = message.getBoundingClientRect();
  msgs.scrollTop += top - msgs.getBoundingClientRect().top - Math.max(NEAR_PX, (msgs.clientHeight - height) / 2);
  for (const other of msgs.querySelectorAll(".spot")) other.classList.remove("spot");
  void message.offsetWidth; // so that it lights up a second time too
  message.classList.add("spot");
}

function scrolled() {
  const isNear = msgs.scrollHeight - msgs.scrollTop - msgs.clientHeight < NEAR_PX;
  atEnd = isNear && !("more" in msgs.dataset);
  if (isNear) msgs.querySelector(".newer")?.dispatchEvent(new Event("newer"));
  if (msgs.scrollTop < NEAR_PX) msgs.querySelector(".older")?.dispatchEvent(new Event("older"));
  if (atEnd) look();
  showPill();
}

function showPill() {
  if (atEnd) missed = 0;
  const pill = thread().querySelector("[data-to-bottom]");
  pill.hidden = atEnd;
  pill.querySelector("[data-new-count]").textContent = missed ? say("newCount", { n: missed }) : "";
}

function changed(changes) {
  const added = changes.flatMap((change) => [...change.addedNodes]).filter(isMessage);
  observer.disconnect();
  separateDays(msgs);
  observer.observe(msgs, { childList: true });
  if (isPaging || !added.length) return;
  const theirs = added.filter((node) => node.matches(".in"));
  if (theirs.length) toRead = true;
  if (atEnd) toEnd();
  else if (added.includes(lastMessage())) missed += theirs.length;
  if (atEnd) look();
  showPill();
}

/** The end of the thread is before somebody's eyes: what came is read, down to the last message here. */
async function look() {
  const address = thread()?.dataset.read;
  if (!toRead || !atEnd || !address || document.hidden) return;
  toRead = false;
  try {
    const response = await post(address, { upto: lastMessage()?.dataset.key ?? "" });
    if (!response.ok) toRead = true;
  } catch {
    toRead = true; // the next look tells it
  }
}

// ---- pages: what is being read must stay where it is
let fromEnd = 0;
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  if (!target.matches?.(".older, .newer")) return;
  isPaging = true;
  fromEnd = target.matches(".older") ? msgs.scrollHeight - msgs.scrollTop : 0;
});
document.addEventListener("fragments:applied", () => {
  if (msgs?.isConnected && atEnd) toEnd(); // a reaction makes a bubble higher
});
document.addEventListener("htmx:afterSettle", () => {
  attach();
  if (!isPaging) return;
  isPaging = false;
  separateDays(msgs);
  if (fromEnd) msgs.scrollTop = msgs.scrollHeight - fromEnd;
  if (!msgs.querySelector(".older")) delete msgs.dataset.moreBefore;
  if ("more" in msgs.dataset && !msgs.querySelector(".newer")) reachEnd();
  scrolled();
});

/** From here on pushes go below; what was pushed while the last page was on its way is fetched. */
async function reachEnd() {
  delete msgs.dataset.more;
  const url = `${thread().dataset.refresh}newer/?after=${lastMessage().dataset.key}`;
  const response = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (response?.ok) applyFragments(await response.text());
}

/** The end is not loaded: a message pushed now only counts. */
document.addEventListener("realtime:before", ({ detail }) => {
  if (!msgs || !("more" in msgs.dataset) || detail.room !== `chat.${thread().dataset.conversation}`) return;
  if (!/^\s*<div[^>]*class="bubble in/.test(detail.html ?? "")) return;
  missed += 1;
  toRead = true;
  showPill();
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-to-bottom]")) return jump();
  const see = event.target.closest?.("a[data-see]");
  if (!see || !msgs || event.ctrlKey || event.metaKey || event.shiftKey) return undefined;
  event.preventDefault();
  thread().classList.remove("with-side");
  const message = document.getElementById(see.hash.slice(1));
  return message ? spot(message) : open(see.href, true);
});

function jump() {
  if ("more" in msgs.dataset) return open(`${thread().dataset.refresh}?latest=1`, false);
  return toEnd();
}

function open(url, remember) {
  document.dispatchEvent(new CustomEvent("thread:open", { detail: { url, remember } }));
}

document.addEventListener("visibilitychange", look);
document.addEventListener("realtime:refresh", () => {
  attach();
  if (!msgs) return;
  toRead ||= Number(thread().dataset.unread) > 0;
  scrolled();
});

attach();
