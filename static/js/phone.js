// The simulated phone: Enter sends, the field empties at once, the screen stays at its end. A line can be chosen, and
// then be reacted to, answered, corrected or deleted.

import { csrfToken, refusal, toast } from "./lib/dom.js";

const screen = document.getElementById("sim-screen");
const form = document.getElementById("sim-say");

const toEnd = () => screen.scrollTo({ top: screen.scrollHeight });
const lastLine = () => screen.querySelector(".wa:last-child")?.id;

form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

form?.elements.file.addEventListener("change", () => form.requestSubmit());

const acts = document.getElementById("sim-acts");

/** What the form sends next besides its text; nothing special without arguments. */
function set({ kind = "", target = "", quoted = "" } = {}) {
  for (const [name, value] of Object.entries({ kind, target, quoted })) form.elements[name].value = value;
}

/** Send now, beside the form: the text that is being written stays, and nothing waits for what is on its way. */
async function sendAs(fields, text = "") {
  const { session, phone, name } = form.elements;
  const body = { session: session.value, phone: phone.value, name: name.value, text, ...fields };
  const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
  const response = await fetch(form.action, { method: "POST", headers, body: new URLSearchParams(body) });
  if (!response.ok) toast((await refusal(response)).message, "error");
  globalThis.htmx.trigger(document.body, "said");
}

function choose(line) {
  acts.hidden = !line;
  if (!line) return;
  acts.dataset.target = line.dataset.choose;
  for (const own of acts.querySelectorAll("[data-own]")) own.hidden = !("mine" in line.dataset);
}

function act({ dataset: { act: kind }, value }) {
  const { target } = acts.dataset;
  const text = document.getElementById(`line-${target}`)?.querySelector(".text")?.textContent ?? "";
  if (kind === "reaction") sendAs({ kind, target }, value);
  else if (kind === "revoke") sendAs({ kind, target });
  else if (kind === "reply") set({ quoted: target });
  else if (kind === "edit") set({ kind, target });
  else set();
  if (kind === "edit") form.elements.text.value = text;
  choose(null);
  form.elements.text.focus();
}

document.addEventListener("click", ({ target }) => {
  const line = target.closest?.("[data-choose]");
  if (line) choose(line);
  const button = target.closest?.("[data-act]");
  if (button) act(button);
  const extra = target.closest?.("[data-send]");
  if (extra) sendAs({ kind: extra.dataset.send });
});

// The request was made from the field's text, so it may be emptied for the next message.
form?.addEventListener("htmx:beforeSend", () => {
  form.elements.text.value = "";
  set();
});
form?.addEventListener("htmx:afterRequest", ({ detail }) => {
  form.elements.file.value = "";
  if (!detail.successful) form.elements.text.value ||= detail.requestConfig.parameters.text ?? "";
});

if (screen) {
  let shown = lastLine();
  toEnd();
  screen.addEventListener("htmx:afterSettle", () => {
    if (lastLine() !== shown) toEnd();
    shown = lastLine();
  });
}
