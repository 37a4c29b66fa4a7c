// On a phone one column fills the board: tabs above it say which, and lead to the others.

const board = () => document.getElementById("board");
const tabs = [...document.querySelectorAll("[data-switch]")];

document.addEventListener("click", ({ target }) => {
  const tab = target.closest?.("[data-switch]");
  if (tab) document.getElementById(`col-${tab.dataset.switch}`)?.scrollIntoView({ block: "nearest", inline: "start" });
});

function show() {
  const { left } = board().getBoundingClientRect();
  const columns = [...board().querySelectorAll(".col")];
  const distance = (column) => Math.abs(column.getBoundingClientRect().left - left);
  const nearest = columns.reduce((best, column) => (distance(column) < distance(best) ? column : best), columns[0]);
  for (const tab of tabs) {
    if (`col-${tab.dataset.switch}` !== nearest?.id) tab.removeAttribute("aria-current");
    else if (!tab.hasAttribute("aria-current")) {
      tab.setAttribute("aria-current", "true");
      tab.parentElement.scrollTo({ left: tab.offsetLeft - 24 });
    }
  }
}

let drawn = 0;
document.addEventListener("scroll", ({ target }) => {
  if (target.id !== "board" || drawn) return;
  drawn = requestAnimationFrame(() => {
    drawn = 0;
    show();
  });
}, true);
