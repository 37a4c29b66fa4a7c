// The service worker, and this device's subscription to what is pushed.

import { post } from "./lib/dom.js";

const bell = document.getElementById("bell-menu");
const choice = `push:${bell?.dataset.user}`; // this person wants it on this device
const SENT = "push-sent"; // the address the server knows; gone with the sign-out that made it forget

export const isSupported = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
export const isOffered = () => Boolean(bell?.dataset.pushKey);

/** unsupported, unavailable, denied, on or off. */
export async function state() {
  if (!isSupported()) return "unsupported";
  if (!isOffered()) return "unavailable";
  if (Notification.permission === "denied") return "denied";
  const subscription = await (await navigator.serviceWorker.getRegistration("/"))?.pushManager.getSubscription();
  return subscription && localStorage.getItem(choice) ? "on" : "off";
}

/** Ask the person, subscribe the browser and tell the server. To be called from a click. */
export async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return false;
  await subscribe();
  localStorage.setItem(choice, "1");
  return true;
}

export async function turnOff() {
  localStorage.removeItem(choice);
  localStorage.removeItem(SENT);
  const registration = await navigator.serviceWorker.getRegistration("/");
  const subscription = await registration?.pushManager.getSubscription();
  await subscription?.unsubscribe();
  return subscription?.endpoint ?? "";
}

async function subscribe() {
  const { pushManager } = await navigator.serviceWorker.ready;
  const key = bytes(bell.dataset.pushKey);
  let subscription = await pushManager.getSubscription();
  if (subscription && !same(subscription.options.applicationServerKey, key)) {
    await subscription.unsubscribe(); // the server has another key now
    subscription = null;
  }
  subscription ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  const answer = await post(bell.dataset.deviceAdd, { endpoint, ...keys, device: deviceName() });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  localStorage.setItem(SENT, `${choice} ${endpoint}`);
}

/** Browsers renew subscriptions, and signing out ends them: a device that was chosen stays chosen. */
async function keepUp() {
  if (!isOffered() || !localStorage.getItem(choice) || Notification.permission !== "granted") return;
  const { pushManager } = await navigator.serviceWorker.ready;
  const endpoint = (await pushManager.getSubscription())?.endpoint;
  if (!endpoint || localStorage.getItem(SENT) !== `${choice} ${endpoint}`) await subscribe();
}

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const same = (buffer, key) => new Uint8Array(buffer ?? []).join() === key.join();

function deviceName() {
  const agent = navigator.userAgent;
  const browser = ["Edg", "OPR", "Firefox", "Chrome", "Safari"].find((name) => agent.includes(name)) ?? "";
  const system = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"].find((name) => agent.includes(name)) ?? "";
  return [{ Edg: "Edge", OPR: "Opera" }[browser] ?? browser, system].filter(Boolean).join(" · ");
}

document.addEventListener("submit", ({ target }) => {
  if (target.matches('[action="/logout/"], [data-ends-sessions]')) localStorage.removeItem(SENT);
});

if ("serviceWorker" in navigator)
  addEventListener("load", () => {
    const registered = navigator.serviceWorker.register("/sw.js", { scope: "/" });
    if (isSupported()) registered.then(keepUp).catch(() => {}); // tried again with the next page
  });
