// Keeps agendas that were opened once: online the newest copy is shown and kept, offline the kept one.
"use strict";
const CACHE = "agenda-1";
const MARK = "data-offline-note hidden"; // what the page hides while it is fresh

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("agenda-") && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

async function keep(request, answer) {
  if (answer.ok) await (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}

// The kept page says by itself that it is not fresh.
async function kept(request) {
  const answer = await caches.match(request, { ignoreVary: true });
  if (!answer || !(answer.headers.get("Content-Type") || "").startsWith("text/html")) return answer;
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
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  event.respondWith(freshOrKept(request));
});

// What the page loaded before this worker was there.
self.addEventListener("message", (event) => {
  if (!Array.isArray(event.data?.keep)) return;
  event.waitUntil(Promise.all(event.data.keep
    .filter((address) => new URL(address).origin === self.location.origin)
    .map(async (address) => keep(new Request(address), await fetch(address)).catch(() => null))));
});
