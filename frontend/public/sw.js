// The page without a network. Every view's frame is kept as it was last loaded, with the parts it needs; tasks are not.
const PAGES = "pages";
const PARTS = "parts";
const VIEWS = ["/", "/today", "/upcoming", "/week", "/overdue", "/done", "/settings"];
const STATIC = "/_next/static/";
const MOST_PARTS = 300; // those of a few deployments; the oldest go first

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(Promise.all(VIEWS.map((path) => keepView(path).catch(() => undefined))));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") event.respondWith(view(request, pathname));
  else if (pathname.startsWith(STATIC)) event.respondWith(part(request));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(`/?task=${event.notification.tag}`));
});

/** From the network; what was kept when that fails, or when a router says that nobody answers behind it. */
async function view(request, pathname) {
  const kept = () => caches.match(pathname, { cacheName: PAGES });
  try {
    const answer = await fetch(request);
    if (answer.status >= 502 && answer.status <= 504) return (await kept()) ?? answer;
    if (answer.ok) await (await caches.open(PAGES)).put(pathname, answer.clone());
    return answer;
  } catch (error) {
    const page = await kept();
    if (page) return page;
    if (pathname === "/") throw error;
    return Response.redirect("/");
  }
}

/** A part's name changes with its content, so the one that is kept is right. */
async function part(request) {
  const kept = await caches.match(request, { cacheName: PARTS });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await keepPart(request, answer.clone());
  return answer;
}

async function keepPart(request, answer) {
  const parts = await caches.open(PARTS);
  await parts.put(request, answer);
  const kept = await parts.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST_PARTS)).map((old) => parts.delete(old)));
}

async function keepView(path) {
  const answer = await fetch(path);
  if (!answer.ok) return;
  const page = await answer.clone().text();
  await (await caches.open(PAGES)).put(path, answer);
  const needed = new Set(page.match(/\/_next\/static\/[\w./~%-]+\.(?:js|css|woff2)/g));
  await Promise.all([...needed].map((name) => part(new Request(name))));
}
