// One separator before the first message of each day, whatever was pushed where.

import { serverNow } from "./clock.js";
import { dateFormat, say } from "./dom.js";

const dayOf = dateFormat({ day: "numeric", month: "long", year: "numeric" });
const longDay = dateFormat({ day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

function dayName(iso) {
  const name = longDay.format(new Date(`${iso}T00:00:00Z`));
  if (name === dayOf.format(serverNow())) return say("today");
  return name === dayOf.format(serverNow() - 86_400_000) ? say("yesterday") : name;
}

/** The children that have a day say it as data-day="2026-11-21". */
export function separateDays(list) {
  let previous = "";
  for (const child of [...list.children]) {
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
