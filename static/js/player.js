// Voice messages: one plays at a time, the next one follows, and a new rendering of the bubble does not stop it.
//
// The sound lives here and not in the page, so morphing cannot touch it; what the page shows of it is drawn again.

import { say, toast } from "./lib/dom.js";
import { clockOf } from "./lib/wave.js";

const SPEEDS = [1, 1.5, 2];
const KEPT = 300; // recordings remembered as heard
const sound = new Audio();
const stopped = new Map(); // player → where it was left, in seconds
let current = ""; // the player that has the sound
let speed = SPEEDS.find((known) => String(known) === stored("voice.speed")) ?? 1;
const heard = new Set((stored("voice.heard") ?? "").split(",").filter(Boolean));

function stored(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch {
    // blocked or full: forgotten with the page
  }
  return null;
}

const idOf = (player) => player.dataset.player;
const find = (id) => document.querySelector(`[data-player="${CSS.escape(id)}"]`);
const isCurrent = (player) => idOf(player) === current && sound.src !== "";
const isPlaying = (player) => isCurrent(player) && !sound.paused;
const positionOf = (player) => (isCurrent(player) ? sound.currentTime : (stopped.get(idOf(player)) ?? 0));

function lengthOf(player) {
  const real = isCurrent(player) && Number.isFinite(sound.duration) ? sound.duration : 0;
  return real || Number(player.dataset.seconds) || 0;
}

function draw(player) {
  const [at, length, playing] = [positionOf(player), lengthOf(player), isPlaying(player)];
  const slider = player.querySelector("[data-seek]");
  player.classList.toggle("playing", playing);
  if (heard.has(idOf(player)) && player.closest(".bubble.in")) player.classList.add("heard");
  player.style.setProperty("--played", `${length ? Math.min((100 * at) / length, 100) : 0}%`);
  player.querySelector("[data-play]").setAttribute("aria-label", say(playing ? "pause" : "play"));
  player.querySelector("[data-clock]").textContent = clockOf(at && length ? at : length);
  const button = player.querySelector("[data-speed]");
  button.textContent = `${speed.toLocaleString(document.documentElement.lang)}×`;
  button.setAttribute("aria-label", `${say("speed")} ${button.textContent}`);
  slider.setAttribute("aria-valuemax", Math.round(length));
  slider.setAttribute("aria-valuenow", Math.round(at));
  slider.setAttribute("aria-valuetext", say("positionOf", { at: clockOf(at), length: clockOf(length) }));
}

const drawAll = () => document.querySelectorAll("[data-player]").forEach(draw);
const drawCurrent = () => {
  const player = current && find(current);
  if (player) draw(player);
};

function leave() {
  if (!current) return;
  sound.pause();
  if (!sound.ended) stopped.set(current, sound.currentTime);
  const player = find(current);
  current = "";
  if (player) draw(player);
}

async function play(player) {
  if (!isCurrent(player)) {
    leave();
    current = idOf(player);
    sound.src = player.dataset.src;
    sound.currentTime = stopped.get(current) ?? 0;
    stopped.delete(current);
  }
  sound.defaultPlaybackRate = sound.playbackRate = speed;
  try {
    await sound.play();
  } catch (error) {
    if (error.name !== "AbortError") toast(say("soundFailed"), "error"); // another one was chosen meanwhile
  }
}

const toggle = (player) => (isPlaying(player) ? sound.pause() : play(player));

function seek(player, seconds) {
  const at = Math.max(0, Math.min(seconds, lengthOf(player)));
  if (isCurrent(player)) sound.currentTime = at;
  else stopped.set(idOf(player), at);
  draw(player);
}

/** Voice messages right after each other are one story. */
function following(player) {
  let next = player.closest(".bubble")?.nextElementSibling;
  while (next?.matches(".day")) next = next.nextElementSibling;
  return next?.querySelector(":scope > [data-player]");
}

function remember(id) {
  if (!/^\d+$/.test(id)) return;
  heard.delete(id);
  heard.add(id);
  stored("voice.heard", [...heard].slice(-KEPT).join(","));
}

sound.addEventListener("ended", () => {
  const player = find(current);
  remember(current);
  current = "";
  if (!player) return;
  draw(player);
  const next = following(player);
  if (next) play(next);
});
for (const name of ["play", "pause", "timeupdate", "seeked", "loadedmetadata"]) sound.addEventListener(name, drawCurrent);

document.addEventListener("click", ({ target }) => {
  const player = target.closest?.("[data-player]");
  if (!player) return;
  if (target.closest("[data-play]")) toggle(player);
  if (!target.closest("[data-speed]")) return;
  speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length];
  sound.playbackRate = speed;
  stored("voice.speed", String(speed));
  drawAll();
});

// Seeking: press or drag on the shape, or the keys of a slider.
function seekTo(slider, clientX) {
  const { left, width } = slider.getBoundingClientRect();
  const player = slider.closest("[data-player]");
  seek(player, (lengthOf(player) * (clientX - left)) / width);
}
document.addEventListener("pointerdown", (event) => {
  const slider = event.target.closest?.("[data-seek]");
  if (!slider || event.button) return;
  slider.setPointerCapture(event.pointerId);
  seekTo(slider, event.clientX);
});
document.addEventListener("pointermove", (event) => {
  const slider = event.target.closest?.("[data-seek]");
  if (slider?.hasPointerCapture(event.pointerId)) seekTo(slider, event.clientX);
});
document.addEventListener("keydown", (event) => {
  const player = event.target.closest?.("[data-seek]")?.closest("[data-player]");
  if (!player || event.ctrlKey || event.metaKey || event.altKey) return;
  const [at, length] = [positionOf(player), lengthOf(player)];
  const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
  if (step) seek(player, at + step);
  else if (event.key === "Home") seek(player, 0);
  else if (event.key === "End") seek(player, length);
  else if (event.key === " " || event.key === "Enter") toggle(player);
  else return;
  event.preventDefault();
});

function settle() {
  if (current && !find(current)) leave(); // another thread was opened
  drawAll();
}
for (const name of ["fragments:applied", "htmx:afterSettle", "realtime:refresh", "player:draw"])
  document.addEventListener(name, settle);
drawAll();
