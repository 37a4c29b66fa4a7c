// A message for later: the dialog begins with what is in the field, and empties it once the message waits.

import { drafts } from "./lib/drafts.js";

let begun = null; // { form, text } the dialog was opened with

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-schedule]");
  if (button) open(button);
  const chip = target.closest?.("[data-fill]");
  if (chip) document.getElementById(chip.dataset.fill).value = chip.dataset.value;
});

async function open(button) {
  const form = button.closest("form");
  begun = { form, text: form.elements.text.value };
  await globalThis.htmx.ajax("GET", button.dataset.schedule, { target: "#modal", swap: "innerHTML" });
  const field = document.querySelector("#modal [data-schedule-new] [name=text]");
  if (!field) return;
  field.value = begun.text;
  field.focus();
}

document.addEventListener("scheduled:saved", ({ target }) => {
  if (!begun || !("scheduleNew" in target.dataset)) return;
  const { text } = begun.form.elements;
  if (text.value === begun.text) {
    text.value = "";
    drafts.set(begun.form.dataset.composer, "");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  begun = null;
});
