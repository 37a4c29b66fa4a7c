// A lead opens over a list; the list stays alive beside it and keeps its scroll. The address says which lead is open, so
// that "back" closes it and a link to it opens it.

const drawer = document.getElementById("drawer");
const body = document.getElementById("drawer-body");
let origin = null; // the id of the card it was opened from: the element itself may be replaced meanwhile

const leadOf = (address) => /\/leads\/(\d+)\//.exec(address)?.[1];
const leadInAddress = () => {
  const id = new URLSearchParams(location.search).get("lead");
  return /^\d+$/.test(id ?? "") ? id : null;
};

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-drawer]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const id = leadOf(link.href);
  const address = new URL(location);
  address.searchParams.set("lead", id);
  // With one open already the way back is the list, not the lead before.
  history[drawer.open ? "replaceState" : "pushState"]({ drawer: true }, "", address);
  open(id, link);
});

function open(id, link) {
  const card = link?.closest(".card-lead, tr") ?? document.getElementById(`lead-${id}`);
  origin = card?.id ?? null;
  mark();
  const address = `/leads/${id}/`;
  body.replaceChildren(document.getElementById("drawer-loading").content.cloneNode(true));
  body.scrollTop = 0;
  drawer.querySelector("[data-drawer-full]").href = address;
  if (!drawer.open) drawer.show();
  drawer.querySelector("[data-drawer-close]").focus();
  const shown = globalThis.htmx.ajax("GET", address, { target: body, swap: "innerHTML" });
  shown.then(() => document.dispatchEvent(new CustomEvent("lead:opened")), () => {});
}

function mark() {
  for (const card of document.querySelectorAll(".card-lead.open")) card.classList.remove("open");
  if (origin && drawer) document.getElementById(origin)?.classList.add("open");
}

/** By its buttons: the way "back" would. A lead that was opened by a link has nothing to go back to. */
function leave() {
  if (history.state?.drawer) return history.back();
  const address = new URL(location);
  address.searchParams.delete("lead");
  history.replaceState(history.state, "", address);
  return close();
}

function close() {
  if (!drawer.open) return;
  drawer.close();
  body.replaceChildren();
  for (const name of ["rooms:changed", "fragments:free"]) document.dispatchEvent(new CustomEvent(name));
  const card = origin && document.getElementById(origin);
  card?.classList.remove("open");
  card?.focus({ preventScroll: true });
  origin = null;
}

addEventListener("popstate", () => {
  const id = leadInAddress();
  if (id) open(id);
  else close();
});

// A lead that is not this person's (any more) says so in its place; whatever else fails leaves no empty drawer.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target !== body || detail.xhr.status !== 404) return;
  detail.isError = false;
  body.replaceChildren(document.getElementById("lead-lost").content.cloneNode(true));
});
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.target === body && drawer.open) leave();
});

// A pushed card comes without the mark of being open.
document.addEventListener("realtime:event", ({ detail }) => {
  if (drawer.open && detail.ids.includes(origin)) document.getElementById(origin)?.classList.add("open");
});

drawer.addEventListener("click", (event) => event.target.closest("[data-drawer-close]") && leave());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !drawer.open || event.defaultPrevented) return;
  if (document.querySelector("dialog:modal, .menu:popover-open, .card-lead[data-lifted]")) return;
  leave();
});

if (leadInAddress()) open(leadInAddress());
