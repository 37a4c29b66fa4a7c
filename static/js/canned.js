// Ready answers: a slash at the start or after a blank offers them, filtered by what follows it. What nothing is known
// for stays in braces, is selected, and nothing leaves before it is filled in.

import { announce, languageTag, say } from "./lib/dom.js";

const ASKED = /(?:^|\s)\/([\p{L}\p{N}_-]*)$/u;
const PLACE = /\{[a-z_]+\}/;
let popup = null; // { form, list, all, at }

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase(languageTag());
const asked = (field) => ASKED.exec(field.value.slice(0, field.selectionStart))?.[1];

async function open(form) {
  close();
  const list = document.createElement("ul");
  list.className = "answers";
  list.id = "ready-answers";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", say("readyAnswers"));
  popup = { form, list, all: null, at: 0 };
  form.append(list);
  form.elements.text.setAttribute("aria-controls", list.id);
  const mine = popup;
  try {
    const response = await fetch(form.dataset.answers, { headers: { Accept: "application/json" } });
    mine.all = response.ok && !response.redirected ? (await response.json()).answers : [];
  } catch {
    mine.all = [];
  }
  if (popup === mine) draw();
}

function close() {
  popup?.form.elements.text.removeAttribute("aria-activedescendant");
  popup?.list.remove();
  popup = null;
}

function matches() {
  const wanted = fold(asked(popup.form.elements.text) ?? "");
  const starts = ({ shortcut }) => fold(shortcut).startsWith(wanted);
  const holds = (answer) => !starts(answer) && wanted.length > 1 && fold(`${answer.shortcut} ${answer.text}`).includes(wanted);
  return [...popup.all.filter(starts), ...popup.all.filter(holds)];
}

function draw() {
  if (!popup.all) return;
  const found = matches();
  popup.at = Math.min(popup.at, Math.max(found.length - 1, 0));
  popup.list.replaceChildren(...found.map(option), footer(found.length));
  const on = popup.list.querySelector("[aria-selected=true]");
  on?.scrollIntoView({ block: "nearest" });
  if (on) popup.form.elements.text.setAttribute("aria-activedescendant", on.id);
}

function option(answer, index) {
  const item = document.createElement("li");
  item.id = `answer-${index}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", String(index === popup.at));
  const [name, text] = [document.createElement("b"), document.createElement("span")];
  name.textContent = `/${answer.shortcut}`;
  text.textContent = answer.text;
  item.append(name, text);
  item.addEventListener("pointerdown", (event) => event.preventDefault());
  item.addEventListener("click", () => choose(answer));
  return item;
}

function footer(number) {
  const item = document.createElement("li");
  item.className = "answers-foot";
  item.setAttribute("role", "presentation");
  const link = document.createElement("a");
  link.href = popup.form.dataset.answersPage;
  link.textContent = say("manageAnswers");
  item.append(number ? "" : `${say("noAnswers")} `, link);
  return item;
}

function choose(answer) {
  const { form } = popup;
  const field = form.elements.text;
  const end = field.selectionStart;
  const start = end - (asked(field)?.length ?? -1) - 1;
  close();
  field.setRangeText(answer.text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  if (answer.missing.length) selectPlace(form);
}

/** Put the next empty place under the pen. */
function selectPlace(form) {
  const field = form.elements.text;
  const place = PLACE.exec(field.value);
  if (!place) return;
  field.focus();
  field.setSelectionRange(place.index, place.index + place[0].length);
  announce(say("fillPlace", { place: place[0] }));
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("form[data-composer]");
  if (!form || target.tagName !== "TEXTAREA") return;
  if (asked(target) === undefined) close();
  else if (popup?.form === form) {
    popup.at = 0;
    draw();
  } else open(form);
});

// Before the composer's own Enter.
document.addEventListener("keydown", (event) => {
  if (!popup?.all || event.target !== popup.form.elements.text) return;
  const found = matches();
  if (event.key === "Escape") close();
  else if (["Enter", "Tab"].includes(event.key) && found.length) choose(found[popup.at]);
  else if (["ArrowDown", "ArrowUp"].includes(event.key) && found.length) {
    popup.at = (popup.at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length;
    draw();
  } else return;
  event.preventDefault();
}, true);

document.addEventListener("click", ({ target }) => {
  const form = target.closest?.("[data-answers-open]")?.closest("form");
  if (!form) {
    if (popup && !popup.form.contains(target)) close();
    return;
  }
  const field = form.elements.text;
  field.focus();
  if (popup) return close();
  const before = field.value.slice(0, field.selectionStart);
  field.setRangeText(before && !/\s$/.test(before) ? " /" : "/", field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("composer:unfilled", ({ detail }) => setTimeout(() => selectPlace(detail.form)));
