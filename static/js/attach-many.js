// Several files at once: a chip each, one message each, sent in their order. One file alone is attach.js's.

import { sizeOf } from "./attach.js";
import { refusal, say, toast, upload } from "./lib/dom.js";
import { agreed } from "./lib/over.js";
import { newToken } from "./lib/token.js";

const MOST = 10;
const waiting = new WeakMap(); // chip → { file, token }

const trayOf = (form) => form.querySelector(".tray");
const formNear = (element) => element.closest?.(".thread")?.querySelector("form[data-composer]");

/** True if these files are ours to hold: several, or one more. */
function take(form, files) {
  if (!form || !files?.length || (files.length === 1 && !trayOf(form))) return false;
  if (form.hasAttribute("aria-busy")) return true;
  const wrong = new Set();
  for (const file of files) {
    if (!file.size) wrong.add(form.dataset.emptyFile);
    else if (file.size > Number(form.dataset.limit)) wrong.add(form.dataset.tooLarge);
    else if ((trayOf(form)?.childElementCount ?? 0) >= MOST) wrong.add(say("filesMost", { n: MOST }));
    else hold(form, file);
  }
  wrong.forEach((sentence) => toast(sentence, "error"));
  document.dispatchEvent(new CustomEvent("composer:reply", { detail: { form } }));
  form.elements.text.focus();
  return true;
}

function hold(form, file) {
  const picked = form.querySelector(":scope > .picked");
  const tray = trayOf(form) ?? document.createElement("ul");
  if (!tray.isConnected) {
    tray.className = "tray";
    tray.setAttribute("aria-label", say("filesChosen"));
    tray.setAttribute("data-lifted", ""); // the thread is not fetched anew under it
    picked.after(tray);
  }
  const chip = document.createElement("li");
  chip.className = "picked";
  chip.append(...picked.cloneNode(true).childNodes);
  chip.querySelector("[data-picked-name]").textContent = file.name;
  chip.querySelector("[data-picked-size]").textContent = sizeOf(file.size);
  const button = chip.querySelector("[data-unpick]");
  button.removeAttribute("data-unpick");
  button.setAttribute("data-untray", "");
  button.setAttribute("aria-label", `${button.getAttribute("aria-label")}: ${file.name}`);
  if (file.type.startsWith("image/")) chip.querySelector("svg").replaceWith(small(file));
  waiting.set(chip, { file, token: newToken() });
  tray.append(chip);
}

function small(file) {
  const image = new Image(32, 32);
  image.alt = "";
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  return image;
}

function drop(chip) {
  const tray = chip.parentElement;
  chip.remove();
  if (tray.childElementCount) return;
  tray.remove();
  document.dispatchEvent(new CustomEvent("fragments:free"));
}

/** One after the other, so that they arrive in this order; what is refused, and all behind it, stays to be sent again. */
async function sendAll(form, more = {}) {
  const { text, quoted } = form.elements;
  form.setAttribute("aria-busy", "true");
  let refused = null;
  for (const chip of [...trayOf(form).children]) {
    const fields = { text: text.value, ...(quoted?.value && { quoted: quoted.value }), ...more };
    refused = await sendOne(form, chip, fields);
    if (refused) break;
    drop(chip);
    text.value = ""; // the words went with the first
    text.dispatchEvent(new Event("input", { bubbles: true }));
    document.dispatchEvent(new CustomEvent("composer:sent", { detail: { form } }));
  }
  form.removeAttribute("aria-busy");
  text.focus();
  if (refused?.error?.code !== "attended") return refused && toast(refused.message, "error");
  const over = await agreed(form, refused);
  return over && sendAll(form, over);
}

async function sendOne(form, chip, fields) {
  const progress = chip.querySelector("progress");
  const { file, token } = waiting.get(chip);
  progress.hidden = false;
  try {
    const all = { ...fields, client_token: token, file };
    const response = await upload(form.action, all, (percent) => (progress.value = percent));
    if (response.ok && !response.redirected) return null;
    progress.hidden = true;
    return await refusal(response);
  } catch {
    progress.hidden = true;
    return { message: say("filesUnsent") };
  }
}

// Before attach.js and composer.js, which know one file.
const first = { capture: true };
const stop = (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
};
document.addEventListener("change", (event) => {
  const { target } = event;
  if (!target.matches?.("form[data-composer] input[type=file]") || !take(target.form, target.files)) return;
  stop(event);
  target.value = "";
}, first);
document.addEventListener("paste", (event) => {
  if (take(event.target.closest?.("form[data-composer]"), event.clipboardData?.files)) stop(event);
}, first);
document.addEventListener("drop", (event) => {
  if (!take(formNear(event.target), event.dataTransfer?.files)) return;
  stop(event);
  document.querySelector(".dropping")?.classList.remove("dropping");
}, first);
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-composer]");
  if (!form || !trayOf(form)) return;
  stop(event);
  if (!form.hasAttribute("aria-busy")) sendAll(form);
}, first);
document.addEventListener("click", ({ target }) => {
  const chip = target.closest?.("[data-untray]")?.closest("li");
  if (chip && !chip.closest("form").hasAttribute("aria-busy")) drop(chip);
});
