// Writing: Enter sends, Shift+Enter breaks the line, drafts survive, and a double click is one message.

import { show, showProgress } from "./attach.js";
import { post, refusal, say, toast, upload } from "./lib/dom.js";

const draftKey = (form) => `draft.${form.dataset.composer}`;

const drafts = {
  get: (form) => attempt(() => localStorage.getItem(draftKey(form))) ?? "",
  set: (form, text) => attempt(() => (text ? localStorage.setItem(draftKey(form), text) : localStorage.removeItem(draftKey(form)))),
};

/** Storage may be full or blocked; a draft is then only kept in the field. */
function attempt(use) {
  try {
    return use();
  } catch {
    return undefined;
  }
}

/** A version 4 UUID; crypto.randomUUID exists only on secure origins. */
function newToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function prepare() {
  for (const form of document.querySelectorAll("form[data-composer]:not([data-ready])")) {
    form.dataset.ready = "";
    form.elements.client_token.value = newToken();
    form.elements.text.value ||= drafts.get(form);
  }
  document.querySelectorAll("form[data-composer]:not([aria-busy])").forEach(show);
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("form[data-composer]");
  if (form && target.tagName === "TEXTAREA") drafts.set(form, target.value);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  const form = event.target.closest?.("form[data-composer]");
  if (!form || event.target.tagName !== "TEXTAREA") return;
  event.preventDefault();
  form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-composer]");
  if (!form) return;
  event.preventDefault();
  send(form);
});

/** The token stays the same until the server has taken the message, so trying again cannot double it. */
async function send(form) {
  const { text, client_token: token, file } = form.elements;
  const [sent, picked] = [text.value, file.files[0]];
  if ((!sent.trim() && !picked) || form.hasAttribute("aria-busy")) return;
  busy(form, true);
  try {
    const fields = { text: sent, client_token: token.value };
    const response = picked
      ? await upload(form.action, { ...fields, file: picked }, (percent) => showProgress(form, percent))
      : await post(form.action, fields);
    if (!response.ok || response.redirected) return toast((await refusal(response)).message, "error");
    if (text.value === sent) text.value = "";
    file.value = "";
    token.value = newToken();
    drafts.set(form, text.value);
  } catch {
    toast(say("messageUnsent"), "error");
  } finally {
    busy(form, false);
    show(form);
    text.focus();
  }
  return undefined;
}

function busy(form, on) {
  form.toggleAttribute("aria-busy", on);
  if (on) form.setAttribute("aria-busy", "true");
  for (const control of [form.elements.file, form.querySelector("[data-unpick]")]) control.disabled = on;
}

prepare();
for (const name of ["htmx:afterSettle", "realtime:refresh"]) document.addEventListener(name, prepare);
