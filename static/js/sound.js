// A short tone, drawn by the browser itself. Only after the first click or key, as browsers ask, and in one tab only.

const VOLUME = 0.07;
const HOLD_MS = 1500; // others that come meanwhile are one noise
const NOTES = { messages: [659.25, 880], other: [523.25] }; // hertz; a message is two rising notes
const NOTE_SECONDS = 0.14;
let context = null;

const stored = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // storage may be blocked: then each tab answers for itself
  }
};

function store(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // as above
  }
}

export const isOn = () => stored("sound") !== "off";
export const setOn = (on) => store("sound", on ? "on" : "off");

/** Play for a notification, unless this device is silent or another tab has done it. */
export async function play(topic, id) {
  if (!isOn() || !(navigator.userActivation?.hasBeenActive ?? true)) return;
  const once = async (lock) => {
    if (!lock || Number(stored("sounded") ?? 0) >= id) return;
    store("sounded", String(id));
    tone(topic);
    await new Promise((done) => setTimeout(done, HOLD_MS));
  };
  if (navigator.locks) await navigator.locks.request("livia-sound", { ifAvailable: true }, once);
  else await once(true);
}

export function tone(topic) {
  context ??= new AudioContext();
  context.resume().catch(() => {}); // not waited for: a device may take its time, and the lock would be held as long
  document.dispatchEvent(new CustomEvent("sound:played", { detail: { topic } }));
  (NOTES[topic] ?? NOTES.other).forEach((hertz, index) => note(hertz, context.currentTime + index * NOTE_SECONDS));
}

function note(hertz, at) {
  const [voice, gain] = [context.createOscillator(), context.createGain()];
  voice.type = "sine";
  voice.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(VOLUME, at + 0.012);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + NOTE_SECONDS * 2);
  voice.connect(gain).connect(context.destination);
  voice.start(at);
  voice.stop(at + NOTE_SECONDS * 2);
}
