// The emoji picker: groups, search in Portuguese and English, the ones used last first. One for the page.

import { languageTag, say } from "./lib/dom.js";

const RECENT = "emoji.recent";
const MOST_RECENT = 24;
const COLUMNS = 8;
let panel = null;
let groups = null;
let picked = () => {};

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase(languageTag());

function recent() {
  try {
    return JSON.parse(localStorage.getItem(RECENT)) ?? [];
  } catch {
    return [];
  }
}

function remember(emoji) {
  try {
    localStorage.setItem(RECENT, JSON.stringify([emoji, ...recent().filter((other) => other !== emoji)].slice(0, MOST_RECENT)));
  } catch {
    // Storage is full or blocked: the picker goes without.
  }
}

function build() {
  panel = document.createElement("div");
  panel.className = "menu emoji-panel";
  panel.popover = "auto";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", say("emojis"));
  panel.innerHTML = '<input type="search" class="input"><div class="emoji-groups"></div><div class="emoji-grid" role="group"></div>';
  panel.firstElementChild.placeholder = say("emojiSearch");
  panel.firstElementChild.setAttribute("aria-label", say("emojiSearch"));
  panel.addEventListener("input", () => show(found(panel.firstElementChild.value)));
  panel.addEventListener("click", clicked);
  panel.addEventListener("keydown", walk);
  document.body.append(panel);
}

/** Open the picker beside an element; `then` is given the emoji. */
export async function pickEmoji(anchor, source, then) {
  if (!panel?.isConnected) build();
  picked = then;
  const search = panel.firstElementChild;
  panel.showPopover();
  search.value = "";
  search.focus(); // whoever types at once is not made to wait for the list
  groups ??= await (await fetch(source)).json().catch(() => null);
  panel.children[1].replaceChildren(...(groups ?? []).map((group, index) => button(group.icon, say(`emoji_${group.name}`), { group: index })));
  const first = recent().length ? recent().map((emoji) => [emoji, ""]) : (groups?.[0].emojis ?? []);
  show(search.value ? found(search.value) : first);
  const box = anchor.getBoundingClientRect();
  panel.style.left = `${Math.max(8, Math.min(box.right - panel.offsetWidth, innerWidth - panel.offsetWidth - 8))}px`;
  panel.style.top = `${Math.max(8, Math.min(box.top - panel.offsetHeight - 6, innerHeight - panel.offsetHeight - 8))}px`;
}

function button(text, label, data) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  if (label) element.title = label;
  if (label) element.setAttribute("aria-label", `${text} ${label}`);
  Object.assign(element.dataset, data);
  return element;
}

function show(rows) {
  panel.lastElementChild.replaceChildren(...rows.map(([emoji, words]) => button(emoji, words.split(" ")[0], { emoji })));
}

function found(query) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (!words.length) return groups?.[0].emojis ?? [];
  const all = (groups ?? []).flatMap((group) => group.emojis);
  return all.filter(([, names]) => words.every((word) => ` ${fold(names)}`.includes(` ${word}`)));
}

function clicked({ target }) {
  const { group, emoji } = target.closest("button")?.dataset ?? {};
  if (group !== undefined) show(groups[group].emojis);
  if (emoji === undefined) return;
  remember(emoji);
  panel.hidePopover();
  picked(emoji);
}

function walk(event) {
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };
  const all = [...panel.lastElementChild.children];
  const at = all.indexOf(document.activeElement);
  const inSearch = event.target === panel.firstElementChild;
  if (inSearch && event.key === "Enter" && all.length) all[0].click();
  else if (inSearch && event.key === "ArrowDown") all[0]?.focus();
  else if (at >= 0 && event.key in steps) (all[at + steps[event.key]] ?? (event.key === "ArrowUp" ? panel.firstElementChild : all[at])).focus();
  else return;
  event.preventDefault();
}

document.addEventListener("click", ({ target }) => {
  const opener = target.closest?.("[data-emoji-for]");
  if (!opener) return;
  const field = document.getElementById(opener.dataset.emojiFor);
  pickEmoji(opener, opener.dataset.emojiSrc, (emoji) => {
    field.setRangeText(emoji, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
});
