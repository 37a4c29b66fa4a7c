// Documents of a lead: chosen or dropped, several at once; each goes by itself, and what is refused says why.

import { languageTag, refusal, say, upload } from "./lib/dom.js";

const boxOf = (element) => element.closest?.("[data-files]");
const troubles = new Map(); // what the last files of a box were refused for, which the page itself does not know
const hasFile = (event) => event.dataTransfer?.types.includes("Files");

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-file-input]")) return;
  const files = [...target.files];
  target.value = "";
  send(boxOf(target).id, files);
});

/** One after the other: a slow line is not shared by ten. */
async function send(id, files) {
  troubles.delete(id);
  for (const file of files) {
    const trouble = await sendOne(id, file);
    if (trouble) troubles.set(id, [...(troubles.get(id) ?? []), trouble]);
  }
  show(id);
  document.querySelector(`#${id} [data-file-input]`)?.focus();
}

async function sendOne(id, file) {
  const box = document.getElementById(id);
  const bar = row(box, file);
  try {
    if (!file.size) return say("fileEmpty", { name: file.name });
    const limit = Number(box.dataset.limit);
    if (file.size > limit) return say("fileTooLarge", { name: file.name, limit: sizeOf(limit) });
    const response = await upload(box.dataset.files, { file }, (percent) => {
      bar.querySelector("progress").value = percent;
    });
    if (!response.ok || response.redirected) return (await refusal(response)).message;
    replace(id, await response.text());
    return "";
  } catch {
    return `${file.name}: ${say("networkError")}`;
  } finally {
    bar.remove();
  }
}

function row(box, { name }) {
  const item = document.createElement("li");
  item.className = "file-item sending";
  const label = document.createElement("span");
  label.className = "file-what";
  label.textContent = name;
  const progress = document.createElement("progress");
  progress.max = 100;
  progress.value = 0;
  progress.setAttribute("aria-label", name);
  item.append(label, progress);
  box.querySelector(".files").prepend(item);
  return item;
}

function replace(id, html) {
  const box = document.getElementById(id);
  if (!box) return;
  box.outerHTML = html;
  globalThis.htmx.process(document.getElementById(id));
}

function show(id) {
  const list = document.querySelector(`#${id} .file-troubles`);
  list?.replaceChildren(
    ...(troubles.get(id) ?? []).map((text) => {
      const item = document.createElement("li");
      item.className = "alert-line";
      item.textContent = text;
      return item;
    }),
  );
}

document.addEventListener("realtime:refresh", () => [...troubles.keys()].forEach(show));

function sizeOf(bytes) {
  const format = new Intl.NumberFormat(languageTag(), { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });
  return format.format(bytes / 1024 / 1024);
}

// Anywhere on the lead; elsewhere a dropped file must not replace the page.
const targetOf = (element) => element.closest?.(".detail")?.querySelector("[data-files]");
let leaving = 0;

document.addEventListener("dragover", (event) => {
  if (!hasFile(event)) return;
  event.preventDefault();
  const box = targetOf(event.target);
  event.dataTransfer.dropEffect = box ? "copy" : "none";
  box?.classList.add("dropping");
  clearTimeout(leaving);
  leaving = setTimeout(stopDropping, 200);
});

const stopDropping = () => document.querySelector(".files-box.dropping")?.classList.remove("dropping");

document.addEventListener("drop", (event) => {
  if (!hasFile(event)) return;
  event.preventDefault();
  stopDropping();
  const box = targetOf(event.target);
  if (box) send(box.id, [...event.dataTransfer.files]);
});
