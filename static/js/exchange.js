// HTMX's manners: the CSRF token on every request, and a sentence for every answer that is no success.

import { csrfToken, refusal, say, toast } from "./lib/dom.js";

// The second click of a double click lands on whatever the first one has put there: on "Hand back" where "Take over"
// was. It sends nothing.
const SENDS = "[hx-post], form[hx-post] button:not([type=button]), form[method=post] button:not([type=button])";
document.addEventListener("click", (event) => {
  if (event.detail < 2 || !event.target.closest?.("button, [hx-post]:not(form)")?.matches(SENDS)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

document.addEventListener("htmx:configRequest", ({ detail }) => {
  detail.headers["X-CSRFToken"] = csrfToken();
});

document.addEventListener("htmx:responseError", async ({ detail }) => {
  const { xhr } = detail;
  if (xhr.status === 401) return toast(say("signedOut"), "error");
  const { message } = await refusal(new Response(xhr.responseText));
  return toast(message, "error");
});

for (const name of ["htmx:sendError", "htmx:timeout"])
  document.addEventListener(name, ({ target }) => {
    if (!target.getAttribute("hx-trigger")?.startsWith("every")) toast(say("networkError"), "error");
  });

// A session that ended answers with the sign-in page: go there instead of swapping it into a corner.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (!xhr.responseURL || !new URL(xhr.responseURL).pathname.startsWith("/login/")) return;
  event.preventDefault();
  location.reload();
});

// A page of rows may hold one that a push has brought meanwhile: the newly fetched one stays.
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (!target.querySelectorAll) return;
  const seen = new Map();
  for (const child of target.children) {
    if (!child.id) continue;
    seen.get(child.id)?.remove();
    seen.set(child.id, child);
  }
});
