// Counts and sums of the columns: the server's numbers, added over the rooms this person follows.

import { languageTag, say } from "./lib/dom.js";

const board = () => document.getElementById("board");
const count = new Intl.NumberFormat(languageTag());
const money = new Intl.NumberFormat("pt-BR", {
  style: "currency",
  currency: "BRL",
  notation: "compact",
  minimumFractionDigits: 0,
  maximumFractionDigits: 1,
});

function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function showTotals() {
  const sum = { n: 0, amount: 0 };
  for (const column of board().querySelectorAll(".col")) {
    const totals = [...column.querySelectorAll("data.room-total")];
    const n = totals.reduce((all, total) => all + Number(total.dataset.n), 0);
    const amount = totals.reduce((all, total) => all + Number(total.dataset.amount), 0);
    write(column.querySelector("[data-col-n]"), count.format(n));
    write(column.querySelector("[data-col-amount]"), amount ? money.format(amount / 100) : "");
    write(document.querySelector(`[data-switch=${column.id.replace("col-", "")}] [data-switch-n]`), count.format(n));
    showLeft(column, n);
    sum.n += n;
    sum.amount += amount;
  }
  write(document.querySelector("[data-sum-n]"), count.format(sum.n));
  write(document.querySelector("[data-sum-amount]"), money.format(sum.amount / 100));
}

/** How many "load more" has yet to bring. */
function showLeft(column, n) {
  const left = n - column.querySelectorAll(".card-lead").length;
  if (left > 0) write(column.querySelector(".more"), say("loadMoreN", { n: count.format(left) }));
}

/** A column whose "load more" is gone holds everything: new cards may go to its end. */
function markWhole() {
  for (const cards of board().querySelectorAll(".cards[data-more]"))
    if (!document.getElementById(`more-${cards.dataset.status}`)) delete cards.dataset.more;
}

showTotals();
for (const name of ["fragments:applied", "realtime:refresh"]) document.addEventListener(name, showTotals);
document.addEventListener("htmx:afterSettle", () => {
  markWhole();
  showTotals();
});
