// A lead opens over the board; the board stays alive beside it and keeps its scroll.

const drawer = document.getElementById("drawer");
const body = document.getElementById("drawer-body");
let origin = null; // the id of the card it was opened from: the element itself may be replaced meanwhile

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-drawer]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(link);
});

function open(link) {
  origin = link.closest(".card-lead")?.id ?? null;
  for (const card of document.querySelectorAll(".card-lead.open")) card.classList.remove("open");
  link.closest(".card-lead")?.classList.add("open");
  body.replaceChildren(document.getElementById("drawer-loading").content.cloneNode(true));
  body.scrollTop = 0;
  drawer.querySelector("[data-drawer-full]").href = link.href;
  if (!drawer.open) drawer.show();
  drawer.querySelector("[data-drawer-close]").focus();
  globalThis.htmx.ajax("GET", link.href, { target: body, swap: "innerHTML" });
}

function close() {
  drawer.close();
  body.replaceChildren();
  for (const name of ["rooms:changed", "fragments:free"]) document.dispatchEvent(new CustomEvent(name));
  const card = origin && document.getElementById(origin);
  card?.classList.remove("open");
  card?.focus({ preventScroll: true });
}

// A pushed card comes without the mark of being open.
document.addEventListener("realtime:event", ({ detail }) => {
  if (drawer.open && detail.ids.includes(origin)) document.getElementById(origin)?.classList.add("open");
});

drawer.addEventListener("click", (event) => event.target.closest("[data-drawer-close]") && close());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !drawer.open || event.defaultPrevented) return;
  if (document.querySelector("dialog:modal, .menu:popover-open, .card-lead[data-lifted]")) return;
  close();
});
