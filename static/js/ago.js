// Relative times that grow older while the page is open, and the colours of ageing.

import { serverNow } from "./lib/clock.js";
import { dateFormat, say } from "./lib/dom.js";

const EVERY_MS = 30_000;
const clock = dateFormat({ hour: "2-digit", minute: "2-digit" });
const date = dateFormat({ day: "2-digit", month: "2-digit" });
const exact = dateFormat({ dateStyle: "short", timeStyle: "short" });

function age(seconds) {
  if (seconds < 60) return say("now");
  if (seconds < 3600) return say("minutes", { n: Math.floor(seconds / 60) });
  if (seconds < 86_400) return say("hours", { n: Math.floor(seconds / 3600) });
  return say("days", { n: Math.floor(seconds / 86_400) });
}

/** The hour today, "yesterday", then the day: how lists of chats tell time. */
function listTime(moment, now) {
  if (date.format(moment) === date.format(now)) return clock.format(moment);
  const yesterday = date.format(moment) === date.format(now - 86_400_000);
  return yesterday ? say("yesterday").toLowerCase() : date.format(moment);
}

/** When something is due: late by how much, the hour today, "tomorrow", then the day. */
function dueTime(moment, now) {
  if (moment < now) return say("overdue", { age: age(Math.max(60, (now - moment) / 1000)) });
  if (date.format(moment) === date.format(now)) return say("dueToday", { time: clock.format(moment) });
  return date.format(moment) === date.format(now.getTime() + 86_400_000) ? say("dueTomorrow") : date.format(moment);
}

function showDue(element, now) {
  const moment = new Date(element.dateTime);
  const text = dueTime(moment, now);
  if (element.textContent !== text) element.textContent = text;
  if (!element.title) element.title = exact.format(moment);
  element.classList.toggle("late", moment < now);
  element.classList.toggle("due", moment >= now && date.format(moment) === date.format(now));
}

function show(element, now) {
  const moment = new Date(element.dateTime);
  const seconds = Math.max(0, (now - moment) / 1000);
  const text = element.dataset.ago === "clock" ? listTime(moment, now) : age(seconds);
  if (element.textContent !== text) element.textContent = text;
  if (!element.title) element.title = exact.format(moment);
  const { amber, red } = element.dataset;
  element.classList.toggle("late", Number(red) > 0 && seconds >= Number(red));
  element.classList.toggle("due", Number(amber) > 0 && seconds >= Number(amber) && !element.classList.contains("late"));
}

function showAll() {
  const now = new Date(serverNow());
  for (const element of document.querySelectorAll("time[data-ago]")) show(element, now);
  for (const element of document.querySelectorAll("time[data-due]")) showDue(element, now);
}

showAll();
setInterval(showAll, EVERY_MS);
for (const name of ["htmx:afterSettle", "fragments:applied", "realtime:refresh"]) document.addEventListener(name, showAll);
