// Importing leads: a file dropped on the form is sent at once; a field of a lead belongs to one column.

import { announce, say } from "./lib/dom.js";

const MANY = "message"; // several columns may go into the note
const zone = () => document.querySelector("[data-drop]");

for (const name of ["dragover", "dragleave", "drop"])
  document.addEventListener(name, (event) => {
    if (!zone() || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone().classList.toggle("over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length === 1) take(event.dataTransfer.files);
  });

function take(files) {
  zone().elements.file.files = files;
  zone().requestSubmit();
}

document.addEventListener("submit", ({ target }) => {
  if (target.matches("[data-drop], [data-mapping], .import-options")) target.setAttribute("aria-busy", "true");
});

// Back from the next page the form is there as it was left.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-mapping] select")) return;
  if (target.value && target.value !== MANY)
    for (const other of target.form.querySelectorAll("select"))
      if (other !== target && other.value === target.value) {
        other.value = "";
        mark(other);
        announce(say("columnFreed", { column: other.labels[0].textContent.trim() }));
      }
  mark(target);
});

const mark = (select) => select.closest("li").classList.toggle("chosen", Boolean(select.value));
