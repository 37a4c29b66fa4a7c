// The service worker: shows what was pushed, and a page of its own when there is no connection. The view puts
// `const OWN = {offline, shell, icon, badge, cache}` in front.

self.addEventListener("install", (event) => {
  const fresh = [OWN.offline, ...OWN.shell].map((url) => new Request(url, { cache: "reload" }));
  event.waitUntil(caches.open(OWN.cache).then((cache) => cache.addAll(fresh)));
  self.skipWaiting(); // nothing of it can be older than a page: pages and scripts always come from the network
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith("livia-") && name !== OWN.cache);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.registration.navigationPreload?.enable();
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (url.origin === location.origin && OWN.shell.includes(url.pathname)) event.respondWith(part(request));
});

async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(OWN.offline)) ?? Response.error();
  }
}

async function part(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request, { ignoreSearch: true })) ?? Response.error();
  }
}

self.addEventListener("push", (event) => {
  const { title, body, url, tag } = event.data?.json() ?? {};
  if (!title) return;
  const shown = { body, tag, data: { url }, icon: OWN.icon, badge: OWN.badge };
  event.waitUntil(self.registration.showNotification(title, shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url ?? "/", location.origin);
  if (url.origin === location.origin) event.waitUntil(show(url));
});

/** A page that is open there already, else a new one: what somebody types elsewhere is not taken from them. */
async function show(url) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((client) => new URL(client.url).pathname === url.pathname);
  return there ? there.focus() : self.clients.openWindow(url.href);
}
