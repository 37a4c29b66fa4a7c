// The strip's filters: whatever changes asks the server for what passes, and for the address that says so.

const TYPING_MS = 250;
const form = document.getElementById("filters");
const sheet = document.getElementById("filters-more");
const opener = form.querySelector("[data-filters-open]");
let typing = 0;

function changed() {
  clearTimeout(typing);
  mark();
  globalThis.htmx.trigger(form, "filters:changed");
}

form.addEventListener("input", ({ target }) => {
  if (target.type !== "search") return;
  clearTimeout(typing);
  typing = setTimeout(changed, TYPING_MS);
});
form.addEventListener("change", ({ target }) => {
  if (target.type === "search") return;
  if (target.checked) leaveAlone(target);
  if (target.matches("[data-alone=owner]:not(:checked)")) form.querySelector("[data-anyone]").checked = true;
  changed();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  changed();
});
document.addEventListener("leads:changed", () => form.getAttribute("hx-target") === "#leads" && changed());

/** One chip at a time; "My leads" and a consultant exclude each other. */
function leaveAlone(input) {
  if (!input.matches("[data-alone], [type=radio]")) return;
  for (const other of form.querySelectorAll(`[name=${input.name}]`)) if (other !== input) other.checked = false;
}

/** How many values of each filter are on, beside its name. */
function mark() {
  let all = 0;
  for (const pop of form.querySelectorAll("details.pop")) {
    const n = [...pop.querySelectorAll("input:checked")].filter((input) => input.value).length;
    write(pop.querySelector(".pop-n"), n);
    all += n;
  }
  write(form.querySelector("[data-filters-n]"), all + form.querySelectorAll(".toggle input:checked").length);
}

function write(badge, n) {
  badge.textContent = n;
  badge.hidden = n === 0;
}

// Back and forward: the address says what is filtered, and the server draws it. A mere #fragment changes nothing.
// Whoever goes back twice at once may do so before this script listens: then the document is that of another address.
let shown = filtersOf(new URL(performance.getEntriesByType("navigation")[0].name).search);
if (filtersOf(location.search) !== shown) location.reload();
for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"])
  document.addEventListener(name, () => {
    shown = filtersOf(location.search);
  });
addEventListener("popstate", () => filtersOf(location.search) !== shown && location.reload());

/** The address without the lead that is open over the board: the drawer sees to that. */
function filtersOf(search) {
  const query = new URLSearchParams(search);
  query.delete("lead");
  return query.toString();
}

// Panels close like menus do; on a phone all of it is a sheet.
function showSheet(open) {
  sheet.classList.toggle("open", open);
  opener.setAttribute("aria-expanded", open);
  document.body.classList.toggle("sheet-open", open);
  if (open) sheet.querySelector("[data-filters-close]").focus();
  else opener.focus({ preventScroll: true });
}

const isOpen = () => sheet.classList.contains("open");

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-filters-open]")) return showSheet(true);
  if (target.closest?.("[data-filters-close]") || (isOpen() && target === document.body)) return showSheet(false);
  for (const pop of document.querySelectorAll("details.pop[open]")) if (!pop.contains(target)) pop.open = false;
  return undefined;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog:modal")) return;
  const pop = document.querySelector("details.pop[open]");
  if (!pop && !isOpen()) return;
  event.preventDefault();
  if (!pop) return showSheet(false);
  pop.open = false;
  pop.querySelector("summary").focus();
}, true);

mark();
