// Reply or private note, and how much room a text has left.

import { announce, say } from "./lib/dom.js";

const NEAR = 400; // letters before the end from which on they are counted
const tabs = new Map(); // thread → the tab a person chose, which a new rendering of the thread does not know
const deskOf = (element) => element.closest?.("[data-desk]") ?? null;
const textOf = (desk) => desk.querySelector(`.${desk.dataset.tab}-form textarea`);

function choose(desk, tab, { focus = true } = {}) {
  tabs.set(desk.dataset.desk, tab);
  desk.dataset.tab = tab;
  for (const button of desk.querySelectorAll("[data-desk-tab]")) {
    const on = button.dataset.deskTab === tab;
    button.setAttribute("aria-selected", String(on));
    button.tabIndex = on ? 0 : -1;
  }
  count(desk);
  if (focus) textOf(desk)?.focus();
}

function count(desk) {
  const [text, letters] = [textOf(desk), desk.querySelector("[data-letters]")];
  const left = Number(text.form.dataset.most) - text.value.length;
  const wasOver = letters.classList.contains("over");
  grow(text);
  letters.hidden = left > NEAR;
  letters.classList.toggle("over", left < 0);
  text.setAttribute("aria-invalid", String(left < 0));
  if (letters.hidden) return;
  letters.textContent = left < 0 ? say("lettersOver", { n: -left }) : say("lettersLeft", { n: left });
  if (left < 0 && !wasOver) announce(say("textTooLong"));
}

/** Where the browser does not do it by itself. */
function grow(text) {
  if (CSS.supports("field-sizing", "content")) return;
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
}

const restore = () =>
  document.querySelectorAll("[data-desk]").forEach((desk) => choose(desk, tabs.get(desk.dataset.desk) ?? "reply", { focus: false }));

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-desk-tab]");
  if (button) choose(deskOf(button), button.dataset.deskTab);
});

document.addEventListener("keydown", (event) => {
  const button = event.target.closest?.("[data-desk-tab]");
  if (!button || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  event.preventDefault();
  const other = deskOf(button).querySelector(`[data-desk-tab]:not([data-desk-tab="${button.dataset.deskTab}"])`);
  choose(deskOf(button), other.dataset.deskTab, { focus: false });
  other.focus();
});

document.addEventListener("input", ({ target }) => {
  const desk = deskOf(target);
  if (desk) count(desk);
});
document.addEventListener("composer:sent", ({ detail }) => {
  const desk = deskOf(detail.form);
  if (desk) count(desk);
});
// Something that belongs to a reply was begun: a file, a quote.
document.addEventListener("composer:reply", ({ detail }) => {
  const desk = deskOf(detail.form);
  if (desk?.dataset.tab !== "reply") choose(desk, "reply");
});
document.addEventListener("composer:ready", restore);
restore();
