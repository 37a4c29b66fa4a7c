// Pictures and films of the thread, one at a time over the page. Arrows go to the next, + and − zoom, Escape closes.

import { say } from "./lib/dom.js";

const viewer = document.getElementById("viewer");
const stage = viewer?.querySelector("[data-viewer-stage]");
const zoomButton = viewer?.querySelector("[data-viewer=zoom]");
let shown = ""; // the address of what is seen: a new rendering may replace its link

const links = () => [...document.querySelectorAll("[role=log] [data-view]")];
const indexOf = (all) => all.findIndex((link) => link.href === shown);

function show(link) {
  const all = links();
  const place = all.indexOf(link);
  const isVideo = link.dataset.view === "video";
  const time = link.closest(".bubble")?.querySelector(".meta time")?.textContent ?? "";
  shown = link.href;
  stage.replaceChildren(isVideo ? film(link) : picture(link));
  zoom(false);
  zoomButton.hidden = isVideo;
  viewer.querySelector("[data-viewer-title]").textContent = `${altOf(link)} · ${time}`;
  viewer.querySelector("[data-viewer-count]").textContent = say("viewerPlace", { n: place + 1, total: all.length });
  viewer.querySelector("[data-viewer-save]").href = link.href;
  viewer.querySelector("[data-viewer=previous]").disabled = place <= 0;
  viewer.querySelector("[data-viewer=next]").disabled = place < 0 || place === all.length - 1;
}

const altOf = (link) => link.querySelector("img")?.alt ?? link.textContent.trim();

function picture(link) {
  const image = new Image();
  image.alt = altOf(link);
  image.src = link.href;
  image.addEventListener("error", () => stage.replaceChildren(say("fileGone")));
  return image;
}

function film(link) {
  const video = document.createElement("video");
  Object.assign(video, { controls: true, autoplay: true, playsInline: true, src: link.href });
  video.setAttribute("aria-label", altOf(link));
  const poster = link.querySelector("img")?.currentSrc;
  if (poster) video.poster = poster;
  return video;
}

function zoom(on) {
  stage.classList.toggle("zoomed", on);
  zoomButton.setAttribute("aria-pressed", String(on));
  stage.scrollTo((stage.scrollWidth - stage.clientWidth) / 2, (stage.scrollHeight - stage.clientHeight) / 2);
}

function step(by) {
  const all = links();
  const next = all[indexOf(all) + by];
  if (next && indexOf(all) >= 0) show(next);
}

const acts = {
  close: () => viewer.close(),
  previous: () => step(-1),
  next: () => step(1),
  zoom: () => zoom(!stage.classList.contains("zoomed")),
};

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-view]");
  if (!viewer || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link);
  viewer.showModal();
  stage.focus();
});

viewer?.addEventListener("click", ({ target }) => {
  const act = target.closest("[data-viewer]")?.dataset.viewer;
  if (act) acts[act]();
  else if (target === stage || target === viewer) viewer.close();
  else if (target.matches("img") && !dragged) acts.zoom();
});
viewer?.addEventListener("close", () => stage.replaceChildren());
viewer?.addEventListener("keydown", (event) => {
  if (event.target.matches("video")) return; // its own keys
  const act = { ArrowLeft: "previous", ArrowRight: "next" }[event.key];
  if (act && !stage.classList.contains("zoomed")) acts[act]();
  else if (event.key === "+" || event.key === "=") zoom(true);
  else if (event.key === "-") zoom(false);
  else return;
  event.preventDefault();
});

// What is larger than the screen is pulled about.
let dragged = false;
let grip = null;
stage?.addEventListener("pointerdown", (event) => {
  dragged = false;
  if (event.pointerType === "touch" || !stage.classList.contains("zoomed")) return;
  event.preventDefault();
  grip = { x: event.clientX + stage.scrollLeft, y: event.clientY + stage.scrollTop };
});
addEventListener("pointermove", (event) => {
  if (!grip) return;
  const [left, top] = [grip.x - event.clientX, grip.y - event.clientY];
  dragged ||= Math.hypot(left - stage.scrollLeft, top - stage.scrollTop) > 4;
  stage.scrollTo(left, top);
});
addEventListener("pointerup", () => (grip = null));
