// The settings of this device: whether it is called, and whether it sounds.

import { post, say, toast } from "./lib/dom.js";
import { state, turnOff, turnOn } from "./push.js";
import { isOn, setOn, tone } from "./sound.js";

const device = document.getElementById("this-device");
const sound = document.getElementById("sound-here");

async function showState() {
  const now = await state().catch(() => "unsupported");
  for (const part of device.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(now);
  device.setAttribute("aria-busy", "false");
}

async function attempt(button, work) {
  button.disabled = true;
  try {
    await work();
  } catch {
    toast(say("deviceFailed"), "error");
  }
  button.disabled = false;
  await showState();
  globalThis.htmx.trigger("#devices", "changed");
}

document.addEventListener("click", ({ target }) => {
  const on = target.closest?.("[data-device-on]");
  if (on) attempt(on, async () => (await turnOn()) && toast(say("deviceOn"), "ok"));
  const off = target.closest?.("[data-device-off]");
  if (off) attempt(off, async () => post(device.dataset.remove, { endpoint: await turnOff() }));
  const listen = target.closest?.("[data-sound-test]");
  if (listen) tone(listen.dataset.soundTest);
});

sound.checked = isOn();
sound.addEventListener("change", () => setOn(sound.checked));
document.addEventListener("htmx:afterSettle", (event) => event.target.id === "devices" && showState());
showState();
