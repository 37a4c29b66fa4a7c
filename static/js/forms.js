// Forms know when they hold something unsaved, and money fields write themselves in the Brazilian way.

import { say } from "./lib/dom.js";

document.addEventListener("input", ({ target }) => {
  target.closest?.("form[data-guard]")?.setAttribute("data-dirty", "");
});
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (detail.successful) target.closest?.("form[data-guard]")?.removeAttribute("data-dirty");
});
addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-dirty]")) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("form[data-dirty] a[hx-get]");
  if (link && !confirm(say("confirmDiscard"))) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

const reais = new Intl.NumberFormat("pt-BR", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-money]")) return;
  if (/\p{L}/u.test(target.value.replace(/r\$/i, ""))) return; // "400 mil" is the server's to read
  const text = target.value.replace(/[^\d.,]/g, "");
  const number = Number(text.replace(/\.(?=\d{3}(\D|$))/g, "").replace(",", "."));
  if (text && Number.isFinite(number)) target.value = reais.format(number);
});

