// Answering one message: it shows above the field until the answer is sent or the quote is taken away.

const quotes = new Map(); // thread → { id, who, line }, for a new rendering of the composer
const formOf = (thread) => document.querySelector(`form[data-composer="${thread}"]`);

function begin({ bubble }) {
  const thread = bubble.closest(".thread").dataset.conversation;
  const words = bubble.querySelector(":scope > .text, .transcript p, .doc-name, .media-line")?.textContent.trim();
  const kind = bubble.querySelector("img[alt], [aria-label]");
  quotes.set(thread, {
    id: bubble.id.replace("msg-", ""),
    who: bubble.querySelector(".by")?.textContent.trim() || document.querySelector(".thread-who h2")?.textContent.trim() || "",
    line: words || kind?.alt || kind?.getAttribute("aria-label") || "",
  });
  const form = formOf(thread);
  show(form, thread);
  document.dispatchEvent(new CustomEvent("composer:reply", { detail: { form } }));
  form.elements.text.focus();
}

function show(form, thread) {
  const quote = quotes.get(thread);
  const strip = form.querySelector(".quoting");
  form.elements.quoted.value = quote?.id ?? "";
  strip.hidden = !quote;
  strip.querySelector("[data-quote-who]").textContent = quote?.who ?? "";
  strip.querySelector("[data-quote-line]").textContent = quote?.line ?? "";
}

function end(form) {
  quotes.delete(form.dataset.composer);
  show(form, form.dataset.composer);
}

document.addEventListener("message:quote", ({ detail }) => begin(detail));
document.addEventListener("click", ({ target }) => {
  const form = target.closest?.("[data-unquote]")?.closest("form");
  if (!form) return;
  end(form);
  form.elements.text.focus();
});
document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && !event.defaultPrevented && event.target.closest?.("form[data-composer]");
  if (form && form.elements.quoted.value) end(form);
});
document.addEventListener("composer:sent", ({ detail }) => detail.form.dataset.composer && end(detail.form));
document.addEventListener("composer:ready", () =>
  document.querySelectorAll("form[data-composer]").forEach((form) => show(form, form.dataset.composer)),
);
