// The open thread: days between messages, the scroll that stays at the bottom, older messages, and what was seen.

import { dateFormat, post, say } from "./lib/dom.js";

const NEAR_PX = 60;
const dayOf = dateFormat({ day: "numeric", month: "long", year: "numeric" });
const longDay = dateFormat({ day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
let observed = null;
let atBottom = true;
let observer = null;
let asked = location.hash.slice(1); // the message the page was opened for

function dayName(iso) {
  const name = longDay.format(new Date(`${iso}T00:00:00Z`));
  if (name === dayOf.format(Date.now())) return say("today");
  return name === dayOf.format(Date.now() - 86_400_000) ? say("yesterday") : name;
}

/** One separator before the first message of each day, whatever was pushed where. */
function separateDays(msgs) {
  let previous = "";
  for (const child of [...msgs.children]) {
    if (child.matches(".day")) {
      const next = child.nextElementSibling;
      if (!next?.dataset.day || next.dataset.day !== child.dataset.of || next.dataset.day === previous) child.remove();
    } else if (child.dataset.day && child.dataset.day !== previous) {
      previous = child.dataset.day;
      if (!child.previousElementSibling?.matches(`.day[data-of="${previous}"]`)) child.before(separator(previous));
    }
  }
}

function separator(iso) {
  const element = document.createElement("p");
  element.className = "day";
  element.dataset.of = iso;
  element.textContent = dayName(iso);
  return element;
}

const pill = () => document.querySelector("[data-to-bottom]");
const toBottom = (msgs) => msgs.scrollTo({ top: msgs.scrollHeight });

function watchScroll(msgs) {
  atBottom = msgs.scrollHeight - msgs.scrollTop - msgs.clientHeight < NEAR_PX;
  if (atBottom) pill().hidden = true;
  if (msgs.scrollTop < NEAR_PX) msgs.querySelector(".older")?.dispatchEvent(new Event("older"));
}

function changed(msgs, changes) {
  const isMessage = (node) => node.dataset?.key !== undefined;
  const added = changes.flatMap((change) => [...change.addedNodes]).filter(isMessage);
  observer.disconnect();
  separateDays(msgs);
  observer.observe(msgs, { childList: true });
  if (atBottom) toBottom(msgs);
  else if (added.includes([...msgs.children].findLast(isMessage))) pill().hidden = false;
  if (added.some((node) => node.matches(".in"))) seen();
}

/** What arrives while the thread is in view counts as read; in a hidden tab once the tab is looked at. */
function seen() {
  const thread = document.querySelector(".thread");
  if (!thread || document.hidden) return;
  post(thread.dataset.read).catch(() => {}); // the next message, or opening the thread again, tells it too
}

function attach() {
  const msgs = document.querySelector(".thread .msgs");
  if (!msgs || msgs === observed) return;
  observed = msgs;
  observer?.disconnect();
  observer = new MutationObserver((changes) => changed(msgs, changes));
  separateDays(msgs);
  const wanted = msgs.querySelector(`[id="${CSS.escape(asked)}"]`);
  asked = "";
  atBottom = !wanted;
  if (wanted) wanted.scrollIntoView({ block: "center" });
  else toBottom(msgs);
  observer.observe(msgs, { childList: true });
  msgs.addEventListener("scroll", () => watchScroll(msgs), { passive: true });
  new ResizeObserver(() => atBottom && toBottom(msgs)).observe(msgs);
  msgs.addEventListener("load", () => atBottom && toBottom(msgs), true);
}

// Older messages come in above: what is being read must stay where it is.
let kept = 0;
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  if (target.matches?.(".older")) kept = observed.scrollHeight - observed.scrollTop;
});
document.addEventListener("htmx:afterSettle", () => {
  attach();
  if (!kept) return;
  if (!observed.querySelector(".older")) delete observed.dataset.moreBefore;
  separateDays(observed);
  observed.scrollTop = observed.scrollHeight - kept;
  kept = 0;
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-to-bottom]")) toBottom(observed);
  const see = event.target.closest?.("[data-see]");
  // A message that is here needs no page anew.
  if (see && document.getElementById(see.hash.slice(1))) see.setAttribute("href", see.hash);
  const toggle = event.target.closest?.("[data-side-toggle]");
  if (!toggle) return;
  const side = document.getElementById(toggle.getAttribute("aria-controls"));
  toggle.setAttribute("aria-expanded", String(side.closest(".thread").classList.toggle("with-side")));
});
document.addEventListener("visibilitychange", () => {
  if (document.querySelector(`.row-c.unread[aria-current]`)) seen();
});

attach();
