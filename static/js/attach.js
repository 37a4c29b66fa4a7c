// A file beside the text: chosen, dropped on the thread or pasted. One at a time; it shows as a chip until it is sent.

import { languageTag, toast } from "./lib/dom.js";

const chip = (form) => form.querySelector(".picked");
const composerOf = (element) => element.closest?.(".thread")?.querySelector("form[data-composer]");
const hasFile = (event) => event.dataTransfer?.types.includes("Files");

/** `1,4 MB`, in the page's language. */
export function sizeOf(bytes) {
  const [divisor, unit] = bytes < 1024 * 1024 ? [1024, "kilobyte"] : [1024 * 1024, "megabyte"];
  const format = new Intl.NumberFormat(languageTag(), { style: "unit", unit, maximumFractionDigits: 1 });
  return format.format(bytes / divisor);
}

function pick(form, file) {
  const wrong = !file.size ? form.dataset.emptyFile : file.size > Number(form.dataset.limit) ? form.dataset.tooLarge : "";
  if (wrong) {
    form.elements.file.value = "";
    toast(wrong, "error");
  } else {
    const one = new DataTransfer();
    one.items.add(file);
    form.elements.file.files = one.files;
    document.dispatchEvent(new CustomEvent("composer:reply", { detail: { form } }));
    form.elements.text.focus();
  }
  show(form);
}

/** The chip as the field stands. */
export function show(form) {
  const [file] = form.elements.file.files;
  chip(form).hidden = !file;
  chip(form).querySelector("[data-picked-name]").textContent = file?.name ?? "";
  chip(form).querySelector("[data-picked-size]").textContent = file ? sizeOf(file.size) : "";
  chip(form).querySelector("progress").hidden = true;
}

/** Show how much of the file has left, from 0 to 100. */
export function showProgress(form, percent) {
  const progress = chip(form).querySelector("progress");
  progress.hidden = false;
  progress.value = percent;
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("form[data-composer] input[type=file]")) return;
  if (target.files[0]) pick(target.form, target.files[0]);
  else show(target.form);
});

document.addEventListener("click", ({ target }) => {
  const form = target.closest?.("[data-unpick]")?.closest("form");
  if (!form || form.hasAttribute("aria-busy")) return;
  form.elements.file.value = "";
  show(form);
  form.elements.text.focus();
});

document.addEventListener("paste", (event) => {
  const form = event.target.closest?.("form[data-composer]");
  const file = event.clipboardData?.files[0];
  if (!form || !file || form.hasAttribute("aria-busy")) return;
  event.preventDefault();
  pick(form, file);
});

// Over the whole thread; elsewhere on the page a dropped file must not replace the page.
let leaving = 0;
document.addEventListener("dragover", (event) => {
  if (!hasFile(event)) return;
  event.preventDefault();
  const form = composerOf(event.target);
  event.dataTransfer.dropEffect = form ? "copy" : "none";
  form?.classList.add("dropping");
  clearTimeout(leaving);
  leaving = setTimeout(stopDropping, 200); // `dragover` comes several times a second while something is held above
});

const stopDropping = () => document.querySelector(".dropping")?.classList.remove("dropping");

document.addEventListener("drop", (event) => {
  if (!hasFile(event)) return;
  event.preventDefault();
  stopDropping();
  const form = composerOf(event.target);
  const [file] = event.dataTransfer.files;
  if (form && file && !form.hasAttribute("aria-busy")) pick(form, file);
});
