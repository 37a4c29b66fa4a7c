// The rail's number of unread conversations, on every page: told that it may have changed, it is counted again, at
// most once a second however fast clients write.

const AGAIN_MS = 1000;
const SPREAD_MS = 400; // so that a team's pages do not all ask in the same moment
let waiting = 0;

async function count() {
  waiting = 0;
  const badge = document.getElementById("unread-conversations");
  const response = await fetch(badge.dataset.refresh, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!response?.ok || response.redirected) return; // the next message asks again
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  const fresh = template.content.firstElementChild;
  if (fresh?.id === badge.id) globalThis.Idiomorph.morph(badge, fresh, { morphStyle: "outerHTML" });
}

document.addEventListener("realtime:before", (event) => {
  if (!/^unread(\.|$)/.test(event.detail.room ?? "")) return;
  event.preventDefault();
  waiting ||= setTimeout(count, AGAIN_MS + Math.random() * SPREAD_MS);
});
