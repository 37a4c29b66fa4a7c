// Tasks, wherever they are listed: done, cancelled and put off with one click, each with a way back.

import { serverNow } from "./lib/clock.js";
import { announce, post, refusal, say, toast } from "./lib/dom.js";

const LATE_EVERY_MS = 30_000;
let opener = null; // the button whose task the menu puts off

const menuOf = () => document.getElementById("task-snooze");

document.addEventListener("click", (event) => {
  const target = event.target.closest?.("[data-task-do], [data-task-snooze], [data-task-stop]:not([hx-get]), [data-when]");
  if (!target) return;
  if (target.dataset.taskDo) finish(target);
  else if (target.dataset.taskSnooze) openMenu(target);
  else if (target.dataset.when && menuOf()?.contains(target)) putOff({ when: target.dataset.when });
  else if ("taskStop" in target.dataset) stop(target.closest("form"));
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches?.(".task-snooze-own")) return;
  event.preventDefault();
  putOff({ when: "choose", at: event.target.elements.at.value });
});

document.addEventListener("change", ({ target }) => {
  if (target.matches?.("form[data-autosubmit] select")) target.form.requestSubmit();
});

/** Shown as done at once; the push brings the list, a refusal brings the task back. */
async function finish(button) {
  const row = button.closest(".task");
  if (row.ariaBusy === "true") return;
  row.ariaBusy = "true";
  const answer = await send(button.dataset.taskDo);
  if (!answer) {
    row.ariaBusy = null;
    return;
  }
  focusBeside(row);
  undoable(answer);
}

async function send(url, fields = {}) {
  try {
    const response = await post(url, fields);
    if (response.ok && !response.redirected) return await response.json();
    toast((await refusal(response)).message, "error");
  } catch {
    toast(say("networkError"), "error");
  }
  return null;
}

/** A message with its way back. */
function undoable({ text, undo }) {
  toast(text, "ok");
  announce(text);
  if (!undo) return;
  const message = document.getElementById("toasts").lastElementChild;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-quiet";
  button.textContent = say("undo");
  button.addEventListener("click", async () => {
    button.disabled = true;
    const answer = await send(undo);
    message.remove();
    if (answer) undoable(answer);
  });
  message.querySelector(".toast-text").after(button);
}

/** Whoever works by keyboard stays in the list when a task leaves it. */
function focusBeside(row) {
  if (!row.contains(document.activeElement)) return;
  const rows = [...document.querySelectorAll(".task")];
  const at = rows.indexOf(row);
  (rows[at + 1] ?? rows[at - 1])?.focus();
}

function openMenu(button) {
  const menu = menuOf();
  if (menu.matches(":popover-open") && button === opener) return menu.hidePopover();
  opener = button;
  menu.querySelector("form")?.reset();
  menu.showPopover();
  const at = button.getBoundingClientRect();
  const below = at.bottom + 4;
  const top = below + menu.offsetHeight > innerHeight - 8 ? Math.max(8, at.top - menu.offsetHeight - 4) : below;
  menu.style.left = `${Math.max(8, Math.min(at.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${top}px`;
  return menu.querySelector("[data-when]")?.focus();
}

async function putOff(fields) {
  const button = opener;
  const answer = await send(button.dataset.taskSnooze, fields);
  if (!answer) return;
  menuOf()?.hidePopover();
  focusBeside(button.closest(".task"));
  undoable(answer);
}

// Focus that was in the menu goes back to where it came from.
document.addEventListener("toggle", ({ target, newState }) => {
  if (target.id !== "task-snooze" || newState !== "closed") return;
  if (document.activeElement === document.body || target.contains(document.activeElement)) opener?.focus();
}, true);

function stop(form) {
  const back = form.closest(".lead-tasks, .task")?.querySelector("[hx-get]");
  form.remove();
  document.dispatchEvent(new CustomEvent("fragments:free"));
  back?.focus();
}

// A form that opened wants its title; one that is gone lets the list go on.
document.addEventListener("htmx:afterSettle", ({ target }) => {
  const form = target.matches?.(".task-form") ? target : target.querySelector?.(".task-form");
  const field = form?.querySelector("[aria-invalid]") ?? form?.elements.title;
  if (form?.matches("[data-guard]") || form?.querySelector(".error")) field?.focus();
  document.dispatchEvent(new CustomEvent("fragments:free"));
});

function markLate() {
  const now = serverNow();
  for (const time of document.querySelectorAll("time[data-task-due]")) time.classList.toggle("late", new Date(time.dateTime) < now);
}

markLate();
setInterval(markLate, LATE_EVERY_MS);
for (const name of ["htmx:afterSettle", "fragments:applied", "realtime:refresh"]) document.addEventListener(name, markLate);
