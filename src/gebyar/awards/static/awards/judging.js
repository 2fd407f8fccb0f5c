// Comfort only: marks entered without a line are kept on this device and sent when it is back.
(() => {
  "use strict";
  const script = document.currentScript;
  const QUEUE = "queued-marks:";
  const PATIENCE = 4000; // milliseconds until a line counts as gone
  const all = (selector) => document.querySelectorAll(selector);
  const guarded = (work) => { try { return work(); } catch { return null; } }; // storage may be full or off
  const scope = new URL(script.dataset.worker, location.href).pathname.replace(/[^/]*$/, "");
  const note = (offline) => { for (const one of all("[data-offline-note]")) one.hidden = !offline; };

  async function hasLine() {
    try {
      const answer = await fetch(script.dataset.worker, { method: "HEAD", cache: "no-store", headers: { "X-Gebyar-Line": "1" }, signal: AbortSignal.timeout(PATIENCE) });
      return answer.ok;
    } catch { return false; }
  }

  // --- what waits on this device ---
  const waiting = () => guarded(() => Object.keys(localStorage).filter((key) => key.startsWith(QUEUE)).map((key) => [key, JSON.parse(localStorage[key])])) || [];
  const box = document.querySelector("[data-queue]");
  function tell(kind, names) {
    if (!box) return;
    const line = document.createElement("p");
    line.className = `notice ${kind === "refused" ? "wrong" : kind === "sent" ? "good" : "attention"}`;
    line.textContent = names ? `${box.dataset[kind]} ${names}` : box.dataset[kind];
    box.append(line);
    box.hidden = false;
  }
  const forget = (key, draft) => guarded(() => { localStorage.removeItem(key); localStorage.removeItem(`draft:${draft}`); });
  // What was not taken becomes the draft again that the form opens with.
  const giveBack = (key, queued) => guarded(() => {
    const values = {};
    for (const [name, value] of new URLSearchParams(queued.body)) (values[name] ||= []).push(value);
    localStorage[`draft:${queued.draft}`] = JSON.stringify({ sent: false, values });
    localStorage.removeItem(key);
  });

  async function token() {
    const page = await fetch(`${scope}work/`, { credentials: "same-origin", headers: { "X-Gebyar-Line": "1" } });
    if (!page.ok || !new URL(page.url).pathname.startsWith(scope)) return null; // asked to sign in
    return new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]")?.value
      ?? JSON.parse(document.body.getAttribute("hx-headers"))["x-csrftoken"];
  }

  async function sendOne(key, queued, proof) {
    const body = new URLSearchParams(queued.body);
    body.set("csrfmiddlewaretoken", proof);
    const answer = await fetch(queued.action, { method: "POST", body, credentials: "same-origin", headers: { "X-Gebyar-Queued": "1", "X-CSRFToken": proof } });
    const said = await answer.json().catch(() => null);
    if (answer.ok && said) { forget(key, queued.draft); tell("sent", queued.title); return true; }
    if (answer.status === 422 && said) { giveBack(key, queued); tell("refused", `${queued.title}: ${said.words}`); return true; }
    if (answer.status === 404) { forget(key, queued.draft); tell("refused", queued.title); return true; } // given to somebody else since
    return false;
  }

  let flushing = false;
  async function flush() {
    const queue = waiting();
    if (flushing || !queue.length) return;
    flushing = true;
    try {
      if (!(await hasLine())) { tell("waiting", queue.map(([, one]) => one.title).join(", ")); return; }
      const proof = await token();
      if (!proof) { tell("signIn"); return; }
      let done = 0;
      for (const [key, queued] of queue) done += await sendOne(key, queued, proof) ? 1 : 0;
      if (done && !document.querySelector("form[data-queued]")) setTimeout(() => location.reload(), 1500);
    } catch { tell("waiting", queue.map(([, one]) => one.title).join(", ")); } finally { flushing = false; }
  }

  // --- the form: sent as ever while there is a line, kept otherwise ---
  for (const form of all("form[data-queued]")) {
    let passing = false;
    form.addEventListener("submit", async (event) => {
      if (passing) return;
      event.preventDefault();
      const button = event.submitter;
      const body = new FormData(form, button);
      if (await hasLine()) {
        passing = true;
        form.requestSubmit(button);
        return;
      }
      body.delete("csrfmiddlewaretoken");
      const draft = form.dataset.autosave;
      const queued = { action: form.action, body: new URLSearchParams(body).toString(), draft, title: form.dataset.queued, at: Date.now() };
      note(true);
      if (guarded(() => { localStorage[QUEUE + draft] = JSON.stringify(queued); return true; })) tell("waiting", form.dataset.queued);
      box?.scrollIntoView({ block: "center" });
    });
  }

  addEventListener("offline", () => note(true));
  addEventListener("online", () => { note(false); flush(); });
  flush();
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(script.dataset.worker, { scope }).catch(() => null);
  navigator.serviceWorker.ready.then((registration) => {
    const loaded = performance.getEntriesByType("resource").map((entry) => entry.name).filter((address) => /\.(css|js|svg)(\?|$)/.test(address));
    const entries = [...all("a[data-keep]")].map((link) => link.href);
    registration.active.postMessage({ keep: [location.href.replace(/#.*/, ""), ...loaded, ...entries] });
  });
})();
