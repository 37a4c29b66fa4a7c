// Seconds left until a moment, such as the end of pairing.

import { serverNow } from "./lib/clock.js";
import { say } from "./lib/dom.js";

function show() {
  for (const element of document.querySelectorAll("time[data-countdown]")) {
    const left = Math.max(0, Math.round((new Date(element.dateTime) - serverNow()) / 1000));
    const text = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : say("expired");
    if (element.textContent !== text) element.textContent = text;
  }
}

show();
setInterval(show, 1000);
for (const name of ["htmx:afterSettle", "fragments:applied"]) document.addEventListener(name, show);
