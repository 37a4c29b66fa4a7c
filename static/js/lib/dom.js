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

/** POST a form with its file; `progress` is told the percent that has left. Throws only when the network fails. */
export function upload(url, fields, progress) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", ({ loaded, total }) => progress((loaded / total) * 100));
    for (const name of ["error", "abort", "timeout"]) request.addEventListener(name, () => reject(new Error(name)));
    request.addEventListener("load", () => resolve(answerOf(request, url)));
    request.send(body);
  });
}

/** As fetch would have answered. */
function answerOf(request, url) {
  const body = request.status === 204 ? null : request.responseText;
  const answer = new Response(body, { status: request.status });
  const redirected = request.responseURL !== new URL(url, location.href).href;
  Object.defineProperties(answer, { redirected: { value: redirected }, url: { value: request.responseURL } });
  return answer;
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
