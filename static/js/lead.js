// The lead's page and drawer: its panels are tabs where there is no room for all of them, its timeline stays as it was
// unrolled, a half-written note survives every new rendering, and a lead that became a colleague's says so.

const host = () => document.querySelector("[data-tabs]");

// ---- tabs: the host outside what is rendered anew remembers which one is open
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-tab-to]");
  if (button) openTab(button.dataset.tabTo);
});

function openTab(name) {
  host().dataset.tab = name;
  markTabs();
  toLastMessage();
}

function markTabs() {
  for (const button of document.querySelectorAll("[data-tab-to]"))
    button.setAttribute("aria-pressed", String(button.dataset.tabTo === host()?.dataset.tab));
}

/** Another lead begins with its data. */
document.addEventListener("lead:opened", ({ detail }) => {
  host().dataset.tab = detail?.tab || "data";
  settle();
});

// ---- the timeline: healing asks for it as it is now
function keepTimeline() {
  const article = document.querySelector(".detail[data-address]");
  const timeline = article?.querySelector(".history-box");
  if (!timeline) return;
  const events = timeline.querySelectorAll("[data-event]");
  const query = new URLSearchParams({ history: timeline.dataset.group });
  if (timeline.dataset.unrolled === "yes" && events.length) query.set("since", [...events].at(-1).dataset.event);
  article.dataset.refresh = `${article.dataset.address}?${query}`;
}

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (target.closest?.(".history-more")) target.closest(".history-box").dataset.unrolled = "yes";
});

// ---- the chat: at its end, and staying there
const chat = () => document.querySelector("[data-chat-scroll]");
let atEnd = true;

document.addEventListener("scroll", ({ target }) => {
  if (target === chat()) atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < 40;
}, true);

function toLastMessage() {
  if (atEnd) chat()?.scrollTo({ top: chat().scrollHeight });
}

// ---- drafts: what is being written outlives a rendering, and a reload
const draftKey = (field) => `draft:${field.dataset.draft}`;

document.addEventListener("input", ({ target }) => {
  if (!target.matches?.("[data-draft]")) return;
  sessionStorage.setItem(draftKey(target), target.value);
  const room = target.dataset.typing;
  if (room) document.dispatchEvent(new CustomEvent("presence:typing", { detail: { room } }));
});

// Before the answer is shown: what was saved is no draft any more.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.requestConfig?.elt;
  const field = form?.matches?.("form") && form.querySelector("[data-draft]");
  if (field && detail.xhr.status < 300) sessionStorage.removeItem(draftKey(field));
});

function restoreDrafts() {
  for (const field of document.querySelectorAll("[data-draft]"))
    if (!field.value) field.value = sessionStorage.getItem(draftKey(field)) ?? "";
}

// ---- lost: the server will not tell of this lead any more
document.addEventListener("realtime:denied", ({ detail }) => {
  for (const room of detail.rooms)
    if (room.startsWith("lead.")) lose(document.querySelector(`.detail[data-lead="${room.slice(5)}"]`));
});

document.addEventListener("realtime:lost", (event) => {
  lose(document.querySelector("#main .detail"));
  if (document.querySelector("#main .lead-lost")) event.preventDefault();
});

function lose(article) {
  const notice = document.getElementById("lead-lost");
  if (!article || !notice) return;
  article.replaceWith(notice.content.cloneNode(true));
  document.dispatchEvent(new CustomEvent("rooms:changed"));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-lost-close]");
  const close = link?.closest("#drawer")?.querySelector("[data-drawer-close]");
  if (!close) return;
  event.preventDefault();
  close.click();
});

// ---- after every rendering
function settle() {
  markTabs();
  keepTimeline();
  restoreDrafts();
  toLastMessage();
}

document.addEventListener("htmx:afterSettle", () => {
  settle();
  document.dispatchEvent(new CustomEvent("fragments:free"));
});
document.addEventListener("realtime:refresh", settle);
document.addEventListener("fragments:applied", settle);
const wanted = new URLSearchParams(location.search).get("tab");
if (wanted && host()) host().dataset.tab = wanted;
settle();
