// Comfort only: keeps this agenda on the device, so that it opens in a hall without a signal.
(() => {
  "use strict";
  const script = document.currentScript;
  const tell = (offline) => { for (const note of document.querySelectorAll("[data-offline-note]")) note.hidden = !offline; };
  addEventListener("offline", () => tell(true));
  addEventListener("online", () => location.reload());
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(script.dataset.worker, { scope: script.dataset.scope }).catch(() => null);
  navigator.serviceWorker.ready.then((registration) => {
    const loaded = performance.getEntriesByType("resource")
      .map((entry) => entry.name)
      .filter((address) => /\.(css|js|svg)(\?|$)/.test(address));
    registration.active.postMessage({ keep: [location.href, ...loaded] });
    const note = document.querySelector("[data-kept-note]");
    if (note) note.hidden = false;
  });
})();
