// The list of conversations: which row is open, which rows the chosen tab and pill show, and opening a thread.

const panes = document.getElementById("panes");
const pane = document.getElementById("thread-pane");
const PILLS = {
  all: () => true,
  unread: (row) => row.classList.contains("unread"),
  livia: (row) => row.dataset.attended === "livia",
};
const TABS = {
  all: () => true,
  mine: (row) => row.dataset.owner === panes.dataset.user,
  unassigned: (row) => row.dataset.owner === "",
};

const openThread = () => pane.querySelector(".thread")?.dataset.conversation ?? null;

function arrange() {
  const rows = document.getElementById("rows");
  const current = openThread();
  panes.classList.toggle("has-thread", current !== null);
  for (const row of rows.querySelectorAll(".row-c")) {
    const isOpen = row.dataset.thread === current;
    if (isOpen) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
    row.hidden = !isOpen && !(TABS[rows.dataset.tab](row) && PILLS[rows.dataset.pill](row));
  }
}

document.addEventListener("click", (event) => {
  const pill = event.target.closest?.("[data-pill][aria-pressed]");
  if (pill) {
    document.getElementById("rows").dataset.pill = pill.dataset.pill;
    for (const other of document.querySelectorAll("[data-pill][aria-pressed]"))
      other.setAttribute("aria-pressed", String(other === pill));
    return arrange();
  }
  const link = event.target.closest?.("a[data-thread], a[data-back]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return undefined;
  event.preventDefault();
  return "thread" in link.dataset ? show(link.href) : leave(link.href);
});

/** Open a thread beside the list, and let the address say so. */
async function show(url, { remember = true } = {}) {
  if (remember) history.pushState({}, "", url);
  pane.setAttribute("aria-busy", "true");
  try {
    await globalThis.htmx.ajax("GET", url, { target: pane, swap: "innerHTML" });
  } finally {
    pane.removeAttribute("aria-busy");
    arrange();
  }
}

function leave(url, { remember = true } = {}) {
  const current = openThread();
  if (remember) history.pushState({}, "", url);
  pane.replaceChildren();
  document.dispatchEvent(new CustomEvent("rooms:changed"));
  arrange();
  document.querySelector(`[data-thread="${current}"]`)?.focus();
}

const LIST = document.getElementById("inbox").dataset.list;
addEventListener("popstate", () => {
  if (location.pathname === LIST) leave(location.href, { remember: false });
  else show(location.href, { remember: false });
});

arrange();
for (const name of ["fragments:applied", "realtime:refresh"]) document.addEventListener(name, arrange);
