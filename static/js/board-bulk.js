// The bar of chosen leads: move, assign or plan for all of them with one request; those refused stay chosen.

import { announce, post, refusal, say, toast } from "./lib/dom.js";
import { placeBeside } from "./lib/beside.js";
import { chooseNone, chosenIds, drop } from "./lib/chosen.js";
import { askFor, filled } from "./lib/moving.js";

const bar = document.getElementById("bulk");

document.addEventListener("leads:chosen", ({ detail }) => {
  bar.hidden = detail.n === 0;
  bar.querySelector("[data-bulk-n]").textContent = say("chosenN", { n: detail.n });
});

bar.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-bulk-menu]");
  if (opener) openMenu(document.getElementById(opener.dataset.bulkMenu), opener);
  else if (event.target.closest("[data-bulk-task]")) addTask();
  else if (event.target.closest("[data-bulk-clear]")) chooseNone();
});

function openMenu(menu, opener) {
  menu.showPopover();
  placeBeside(menu, opener);
  menu.querySelector(".menu-item")?.focus();
}

document.addEventListener("click", async (event) => {
  const item = event.target.closest?.("[data-bulk-to], [data-bulk-consultant]");
  if (!item) return;
  item.closest("[popover]").hidePopover();
  const { bulkTo, bulkConsultant } = item.dataset;
  if (bulkConsultant) return send({ act: "assign", consultant: bulkConsultant });
  const answers = await askFor(bulkTo);
  return answers && send({ act: "move", to: bulkTo, ...answers });
});

async function addTask() {
  const dialog = document.getElementById("bulk-task");
  const answers = await filled(dialog);
  if (answers) await send({ act: "task", ...answers });
}

let sending = false;

async function send(fields) {
  if (sending) return; // a double click asks once
  sending = true;
  bar.setAttribute("aria-busy", "true");
  try {
    const response = await post(bar.dataset.url, { ids: chosenIds().join(), ...fields });
    if (!response.ok || response.redirected) toast((await refusal(response)).message, "error");
    else done(await response.json());
  } catch {
    toast(say("networkError"), "error");
  } finally {
    sending = false;
    bar.removeAttribute("aria-busy");
  }
}

function done({ text, done: ids, refused }) {
  drop(ids);
  toast(text, refused.length ? "error" : "ok");
  announce(text);
  document.dispatchEvent(new CustomEvent("leads:changed")); // the list has no pushes: it fetches itself
}
