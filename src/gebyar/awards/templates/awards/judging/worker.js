// Keeps the judges' pages on the device: online the newest copy is shown and kept, offline the kept one.
"use strict";
const CACHE = "judging-1";
const MARK = "data-offline-note hidden"; // what the page hides while it is fresh

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("judging-") && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

const isPage = (answer) => (answer.headers.get("Content-Type") || "").startsWith("text/html");
const isFile = (address) => address.pathname.includes("/documents/");

// Pages of entries are for their judge alone: whoever is sent to sign in finds nothing kept here.
async function keep(request, answer) {
  if (answer.redirected && isPage(answer) && !new URL(answer.url).pathname.startsWith(new URL(self.registration.scope).pathname)) {
    await caches.delete(CACHE);
    return answer;
  }
  if (answer.ok && !answer.redirected) await (await caches.open(CACHE)).put(request, answer.clone());
  if (answer.status === 404) await (await caches.open(CACHE)).delete(request);
  return answer;
}

// The kept page says by itself that it is not fresh.
async function kept(request) {
  const answer = await caches.match(request, { ignoreVary: true });
  if (!answer || !isPage(answer)) return answer;
  const headers = new Headers(answer.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response((await answer.text()).replaceAll(MARK, "data-offline-note"), { status: 200, headers });
}

async function freshOrKept(request) {
  try {
    return await keep(request, await fetch(request));
  } catch (failure) {
    const answer = await kept(request);
    if (answer) return answer;
    throw failure;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin || isFile(address)) return;
  if (request.headers.get("X-Gebyar-Line")) return; // the page asks whether there is a line
  event.respondWith(freshOrKept(request));
});

// What the page loaded before this worker was there, and the entries on its list.
self.addEventListener("message", (event) => {
  if (!Array.isArray(event.data?.keep)) return;
  event.waitUntil((async () => {
    for (const address of event.data.keep.filter((one) => new URL(one).origin === self.location.origin))
      await fetch(address).then((answer) => keep(new Request(address), answer)).catch(() => null);
  })());
});
