// What is unread shows in the page's title, and opening the bell fetches its list.

const title = document.title.replace(/^\(\d+\)\s*/, "").replace(/\s+/g, " ").trim();

function countUnread() {
  const marks = [...document.querySelectorAll("#bell, #unread-conversations")];
  const unread = marks.reduce((sum, mark) => sum + Number(mark.dataset.unread || 0), 0);
  document.title = unread ? `(${unread}) ${title}` : title;
}

countUnread();
new MutationObserver(countUnread).observe(document.querySelector(".shell"), {
  subtree: true,
  attributeFilter: ["data-unread"],
});

document.getElementById("bell-menu")?.addEventListener("toggle", ({ newState, target }) => {
  if (newState === "open") globalThis.htmx.trigger(target, "open");
});

const path = location.pathname;
for (const link of document.querySelectorAll("[data-nav]"))
  if (path.startsWith(link.getAttribute("href"))) link.setAttribute("aria-current", "page");
