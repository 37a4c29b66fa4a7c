// Short messages in the corner; those a person points at or that tell of an error stay longer.

const region = document.getElementById("toasts");
const SHOWN_MS = 6000;
const ERROR_MS = 12_000;

document.addEventListener("toast:show", ({ detail }) => add(detail));
// The server's answers send `HX-Trigger: {"toast": {"level": "ok", "text": "…"}}`.
document.addEventListener("toast", ({ detail }) => add({ level: detail.level, text: detail.text ?? detail.value }));

function add({ text, level = "info" }) {
  const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  toast.dataset.level = level;
  toast.querySelector(".toast-text").textContent = text;
  region.append(toast);
}

function watch(toast) {
  let timer;
  const start = () => {
    timer = setTimeout(() => toast.remove(), toast.dataset.level === "error" ? ERROR_MS : SHOWN_MS);
  };
  const stop = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", start);
  start();
}

/** Above everything, dialogs included: the top layer is in order of opening. */
function raise() {
  if (region.matches(":popover-open")) region.hidePopover();
  if (region.childElementCount) region.showPopover();
}

new MutationObserver((changes) => {
  const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.matches?.(".toast-c"));
  added.forEach(watch);
  raise();
}).observe(region, { childList: true });

region.addEventListener("click", (event) => event.target.closest("[data-toast-close]")?.closest(".toast-c").remove());
