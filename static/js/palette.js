// The command palette: Ctrl+K, type, arrows, Enter. The server finds; this walks over what it found.

import { say, toast } from "./lib/dom.js";

const palette = document.getElementById("palette");
const field = document.getElementById("palette-query");
const found = document.getElementById("palette-found");
const DELAY_MS = 120;
const DOES = {
  "new-lead": () => globalThis.htmx.ajax("GET", "/leads/new/", { target: "#modal" }),
  theme: () => document.querySelector("[data-theme-toggle]").click(),
  shortcuts: () => document.getElementById("shortcuts").showModal(),
};
let asked = null; // the request under way
let timer = 0;

const items = () => [...found.querySelectorAll(".palette-item")];
const chosen = () => found.querySelector('[aria-selected="true"]');

export function openPalette() {
  if (palette.open) return;
  field.value = "";
  palette.showModal();
  find();
}

async function find() {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  try {
    const address = `${palette.dataset.find}?q=${encodeURIComponent(field.value)}`;
    const response = await fetch(address, { signal, headers: { "HX-Request": "true" } });
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    const html = await response.text();
    if (signal.aborted) return;
    found.innerHTML = html;
    choose(items()[0]);
  } catch (error) {
    if (error.name !== "AbortError") toast(say("networkError"), "error");
  }
}

function choose(item) {
  for (const other of items()) other.setAttribute("aria-selected", String(other === item));
  if (item) field.setAttribute("aria-activedescendant", item.id);
  else field.removeAttribute("aria-activedescendant");
  item?.scrollIntoView({ block: "nearest" });
}

function run(item) {
  if (!item) return;
  palette.close();
  if (item.dataset.does) DOES[item.dataset.does]?.();
  else location.assign(item.href);
}

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

field.addEventListener("keydown", (event) => {
  const all = items();
  if (event.key in STEPS && all.length) {
    choose(all.at((all.indexOf(chosen()) + STEPS[event.key] + all.length) % all.length));
    event.preventDefault();
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (!event.isComposing) run(chosen());
  } else if (event.key === "Escape") {
    event.preventDefault(); // a search field would only empty itself
    palette.close();
  }
});
field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(find, DELAY_MS);
});
found.addEventListener("pointermove", (event) => {
  const item = event.target.closest(".palette-item");
  if (item && item !== chosen()) choose(item);
});
found.addEventListener("click", (event) => {
  const item = event.target.closest(".palette-item");
  if (!item || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  run(item);
});
palette.addEventListener("click", ({ target }) => target === palette && palette.close());
palette.addEventListener("close", () => {
  clearTimeout(timer);
  asked?.abort();
});
document.addEventListener("click", (event) => event.target.closest?.("[data-palette]") && openPalette());
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
  event.preventDefault();
  if (palette.open) palette.close();
  else openPalette();
});
