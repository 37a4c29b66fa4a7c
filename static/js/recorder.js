// The recording strip: record, pause, listen, send. A recording is only lost when it is thrown away.

import { announce, refusal, say, toast, upload } from "./lib/dom.js";
import { micTrouble, record } from "./lib/microphone.js";
import { agreed } from "./lib/over.js";
import { newToken } from "./lib/token.js";
import { LIVE, clockOf, gathered, wavePath } from "./lib/wave.js";

let held = null; // what is being recorded or waits to be sent; one at a time
let count = 0;

const rootOf = (element) => element.closest?.("[data-recorder]");
const part = (name) => held.root.querySelector(name);

/** idle → asking → recording ⇄ paused → review → sending → idle */
function show(state) {
  held.state = state;
  held.root.dataset.state = state;
  const live = state === "recording" || state === "paused";
  part("[data-strip]").hidden = state === "asking";
  part(".strip-live").hidden = !live;
  part(".strip-review").hidden = live;
  part("[data-rec=pause]").hidden = state !== "recording";
  part("[data-rec=resume]").hidden = state !== "paused";
  part("progress").hidden = state !== "sending";
  part("[data-rec=cancel]").disabled = part("[data-rec=send]").disabled = state === "sending";
}

async function start(root) {
  if (held) return;
  held = { root, state: "asking", token: newToken(), longest: Number(root.dataset.longest) };
  root.setAttribute("data-lifted", ""); // the thread is not fetched anew under a recording
  const mine = held;
  try {
    const microphone = await record({ heard, lost: () => held === mine && live() && review() });
    if (held !== mine || !root.isConnected) return microphone.drop();
    held.microphone = microphone;
    show("recording");
    part("[data-rec=send]").focus();
    announce(say("recordingStarted"));
  } catch (error) {
    if (held === mine) finish();
    toast(say(micTrouble(error)), "error");
  }
  return undefined;
}

const live = () => held?.state === "recording" || held?.state === "paused";

function heard(peaks, seconds) {
  if (!live()) return;
  part("[data-rec-clock]").textContent = clockOf(seconds);
  part(".levels path").setAttribute("d", wavePath(peaks, LIVE));
  if (seconds < held.longest) return;
  toast(say("recordingLimit"));
  review();
}

async function review() {
  const mine = held;
  held.state = "stopping";
  const taken = await held.microphone.stop();
  if (held !== mine) return;
  Object.assign(held, taken, { url: URL.createObjectURL(taken.blob) });
  const player = part("[data-player]");
  Object.assign(player.dataset, { player: `recording-${++count}`, src: held.url, seconds: Math.max(1, Math.round(taken.seconds)) });
  const bars = wavePath(gathered(taken.peaks));
  for (const path of player.querySelectorAll("path[d]")) if (path.closest(".wave")) path.setAttribute("d", bars);
  show("review");
  document.dispatchEvent(new CustomEvent("player:draw"));
  player.querySelector("[data-play]").focus();
  announce(say("recordingReady", { length: clockOf(taken.seconds) }));
}

/** The token stays the same until the server has it, so trying again cannot double it. */
async function send(_root, more = {}) {
  if (live()) await review();
  if (held?.state !== "review") return;
  const mine = held;
  show("sending");
  const answer = await post(mine, more);
  if (held !== mine) return;
  if (!answer) {
    const form = mine.root.closest("form");
    finish();
    document.dispatchEvent(new CustomEvent("composer:sent", { detail: { form } }));
    return;
  }
  show("review");
  part("[data-rec=send]").focus();
  if (answer.error?.code !== "attended") toast(answer.message, "error");
  else {
    const over = await agreed(mine.root, answer);
    if (over && held === mine) await send(mine.root, over);
  }
}

/** Nothing, or why it was refused. */
async function post({ root, blob, token }, more) {
  const progress = root.querySelector("progress");
  progress.value = 0;
  const file = new File([blob], "voice", { type: blob.type.split(";")[0] });
  const quoted = root.closest("form").elements.quoted?.value;
  try {
    const fields = { voice: "1", client_token: token, file, ...(quoted && { quoted }), ...more };
    const response = await upload(root.dataset.url, fields, (percent) => (progress.value = percent));
    return response.ok && !response.redirected ? null : await refusal(response);
  } catch {
    return { message: say("recordingUnsent") };
  }
}

/** Put everything away and give the composer back. */
function finish() {
  const { root, url, microphone, state } = held;
  if (live() || state === "stopping") microphone?.drop();
  show("asking");
  held = null;
  delete root.dataset.state;
  root.removeAttribute("data-lifted");
  const player = root.querySelector("[data-player]");
  Object.assign(player.dataset, { player: "recording", src: "" });
  document.dispatchEvent(new CustomEvent("player:draw"));
  if (url) URL.revokeObjectURL(url);
  document.dispatchEvent(new CustomEvent("fragments:free"));
  root.querySelector("[data-rec=start]")?.focus();
}

function cancel() {
  finish();
  announce(say("recordingDiscarded"));
}

const acts = {
  start: (root) => start(root),
  pause() {
    held.microphone.pause();
    show("paused");
    part("[data-rec=resume]").focus();
  },
  resume() {
    held.microphone.resume();
    show("recording");
    part("[data-rec=pause]").focus();
  },
  stop: review,
  send,
  cancel,
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-rec]");
  if (button && (held || button.dataset.rec === "start")) acts[button.dataset.rec](rootOf(button));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !held || held.state === "sending" || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  cancel();
});

// Leaving: the page, or this thread for another.
addEventListener("beforeunload", (event) => {
  if (held && held.state !== "asking") event.preventDefault();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!held || !event.detail.target?.contains(held.root)) return;
  if (confirm(say("recordingLeave"))) finish();
  else event.preventDefault();
});
document.addEventListener("htmx:afterSettle", () => {
  if (held && !held.root.isConnected) finish();
});
