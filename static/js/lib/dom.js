// Small helpers that every behaviour shares.

const sentences = JSON.parse(document.getElementById("i18n")?.textContent || "{}");

/** The page's sentence of that name, with {places} filled in. */
export function say(name, places = {}) {
  return (sentences[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => places[key] ?? whole);
}

export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** POST form fields as a script; throws only when the network fails. */
export function post(url, fields = {}) {
  return fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
    body: new URLSearchParams(fields),
  });
}

/** The sentence of an error answer, whatever its form. */
export async function refusal(response) {
  if (response.redirected && response.url.includes("/login/")) return { message: say("signedOut") };
  try {
    const body = await response.json();
    return { ...body, message: body.error?.message || say("serverError"), fields: body.error?.fields ?? {} };
  } catch {
    return { message: say("serverError") };
  }
}

/** Show a short message; level is ok, info or error. */
export function toast(text, level = "info") {
  document.dispatchEvent(new CustomEvent("toast:show", { detail: { text, level } }));
}

/** Tell screen readers, at once. */
export function announce(text) {
  const region = document.getElementById("announce");
  if (region) region.textContent = text;
}

export const languageTag = () => document.documentElement.lang || "pt-BR";

/** Dates in the page's language and in the product's time zone, as the server writes them. */
export function dateFormat(options) {
  const { timeZone } = document.documentElement.dataset;
  return new Intl.DateTimeFormat(languageTag(), { timeZone, ...options });
}
