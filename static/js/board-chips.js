// The numbers on the chips: asked for after the page, and again when leads changed, at most every two seconds.

const EVERY_MS = 2000;
const form = document.getElementById("filters");
let due = 0;
let last = 0;

async function ask() {
  due = 0;
  last = Date.now();
  const fields = [...new FormData(form)].filter(([name, value]) => value && name !== "sort");
  try {
    const response = await fetch(`${form.dataset.chips}?${new URLSearchParams(fields)}`);
    if (response.ok && !response.redirected) show(await response.json());
  } catch {
    // Numbers of a moment ago stay; the next change asks again.
  }
}

function show(counts) {
  for (const [chip, n] of Object.entries(counts)) {
    const badge = form.querySelector(`[data-chip-n=${chip}]`);
    if (badge) badge.textContent = n;
    badge?.classList.toggle("some", n > 0);
  }
}

function later() {
  if (!document.hidden) due ||= setTimeout(ask, Math.max(0, last + EVERY_MS - Date.now()));
}

const ofBoard = ({ detail }) => /^board(\.|$)/.test(detail?.room ?? "") && later();
for (const name of ["realtime:before", "realtime:event", "realtime:refresh"]) document.addEventListener(name, ofBoard);
for (const name of ["leads:changed", "visibilitychange"]) document.addEventListener(name, later);
document.addEventListener("htmx:afterSettle", ({ target }) => target.matches?.("#board, #leads") && later());
ask();
