// The page of numbers: "too soon" is said on the card itself, with the seconds until the button works again.

import { refusal } from "./lib/dom.js";

const TOO_SOON = 429;

document.getElementById("sessions")?.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const note = event.target.closest(".session")?.querySelector(".too-soon");
  if (xhr.status !== TOO_SOON || !note) return;
  event.stopPropagation(); // no toast on top
  sayTooSoon(note, event.target, xhr);
});

async function sayTooSoon(note, button, xhr) {
  const { message } = await refusal(new Response(xhr.responseText));
  const [sentence, left] = note.children;
  const until = Date.now() + 1000 * Number(xhr.getResponseHeader("Retry-After") ?? 1);
  clearInterval(note.counting);
  note.hidden = false;
  button.disabled = true;
  sentence.textContent = message;
  const show = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    left.textContent = note.dataset.again.replace("{n}", seconds);
    if (seconds > 0) return;
    clearInterval(note.counting);
    note.hidden = true;
    button.disabled = false;
  };
  note.counting = setInterval(show, 250);
  show();
}
