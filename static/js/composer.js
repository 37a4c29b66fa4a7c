// Writing: Enter sends, Shift+Enter breaks the line, drafts survive, and a double click is one message.

import { show, showProgress } from "./attach.js";
import { drafts } from "./lib/drafts.js";
import { post, refusal, say, toast, upload } from "./lib/dom.js";
import { agreed } from "./lib/over.js";
import { newToken } from "./lib/token.js";

const FORMS = "form[data-composer], form[data-note]";
const formOf = (element) => element.closest?.(FORMS) ?? null;
const draftKey = (form) => (form.dataset.note ? `${form.dataset.note}.note` : form.dataset.composer);
const threadOf = (form) => form.dataset.composer ?? form.dataset.note;

function prepare() {
  for (const form of document.querySelectorAll(FORMS)) {
    if ("ready" in form.dataset) continue;
    form.dataset.ready = "";
    form.elements.client_token.value = newToken();
    form.elements.text.value ||= drafts.get(draftKey(form));
  }
  document.querySelectorAll("form[data-composer]:not([aria-busy])").forEach(show);
  document.dispatchEvent(new CustomEvent("composer:ready"));
}

document.addEventListener("input", ({ target }) => {
  const form = formOf(target);
  if (!form || target.tagName !== "TEXTAREA") return;
  drafts.set(draftKey(form), target.value);
  if (target.value) typing(form);
});

function typing(form) {
  document.dispatchEvent(new CustomEvent("presence:typing", { detail: { room: `chat.${threadOf(form)}` } }));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented) return;
  const form = formOf(event.target);
  if (!form || event.target.tagName !== "TEXTAREA") return;
  event.preventDefault();
  form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  event.preventDefault();
  send(form);
});

/** The token stays the same until the server has taken the message, so trying again cannot double it. */
async function send(form, more = {}) {
  const { text, client_token: token, file, quoted } = form.elements;
  const [sent, picked] = [text.value, file?.files[0]];
  if ((!sent.trim() && !picked) || form.hasAttribute("aria-busy")) return;
  if (sent.length > Number(form.dataset.most)) return toast(say("textTooLong"), "error");
  busy(form, true);
  let colleague = null;
  try {
    const fields = { text: sent, client_token: token.value, ...(quoted?.value && { quoted: quoted.value }), ...more };
    const response = picked
      ? await upload(form.action, { ...fields, file: picked }, (percent) => showProgress(form, percent))
      : await post(form.action, fields);
    if (response.ok && !response.redirected) return taken(form, sent);
    const answer = await refusal(response);
    if (answer.error?.code === "attended") colleague = answer;
    else refused(form, answer);
  } catch {
    toast(say("messageUnsent"), "error");
  } finally {
    busy(form, false);
    if (file) show(form);
    const { activeElement: active, body } = document; // whoever went on to something else stays there
    if (!colleague && (active === body || form.contains(active))) text.focus();
  }
  return colleague ? askFirst(form, colleague) : undefined;
}

/** The server has it: the field is free for the next one, but for what was typed meanwhile. */
function taken(form, sent) {
  const { text, client_token: token, file } = form.elements;
  if (text.value === sent) text.value = "";
  if (file) file.value = "";
  token.value = newToken();
  drafts.set(draftKey(form), text.value);
  document.dispatchEvent(new CustomEvent("composer:sent", { detail: { form } }));
}

function refused(form, { message, error }) {
  toast(message, "error");
  if (error?.code === "unfilled") document.dispatchEvent(new CustomEvent("composer:unfilled", { detail: { form } }));
}

async function askFirst(form, colleague) {
  const over = await agreed(form, colleague);
  if (over) send(form, over);
  else form.elements.text.focus();
}

function busy(form, on) {
  form.toggleAttribute("aria-busy", on);
  if (on) form.setAttribute("aria-busy", "true");
  for (const control of [form.elements.file, form.querySelector("[data-unpick]")]) if (control) control.disabled = on;
}

prepare();
for (const name of ["htmx:afterSettle", "realtime:refresh"]) document.addEventListener(name, prepare);
