// Comfort only: every page works without it.
(() => {
  "use strict";
  const all = (selector, within = document) => within.querySelectorAll(selector);
  const guarded = (work) => { try { return work(); } catch { return null; } }; // storage may be full or off
  const PREFIX = "draft:";
  const boxed = (field) => field.type === "checkbox" || field.type === "radio";
  const fields = (form) => [...form.elements].filter((field) => field.name
    && !["password", "file", "hidden", "submit", "button"].includes(field.type) && field.autocomplete !== "one-time-code");

  function collect(form) {
    const values = {};
    for (const field of fields(form)) {
      const list = (values[field.name] ||= []);
      if (field.multiple && field.options) list.push(...[...field.selectedOptions].map((option) => option.value));
      else if (!boxed(field) || field.checked) list.push(field.value);
    }
    return values;
  }
  function fill(form, values) {
    for (const field of fields(form)) {
      const list = values[field.name];
      if (!list) continue;
      if (boxed(field)) field.checked = list.includes(field.value);
      else if (field.multiple && field.options) for (const option of field.options) option.selected = list.includes(option.value);
      else if (list.length) field.value = list.shift();
    }
  }

  // A draft goes when a later page says that the form was taken; a lost connection never clears it.
  if (document.querySelector(".notice.good[role=status], [data-draft-done]")) guarded(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX) && JSON.parse(localStorage[key]).sent) delete localStorage[key];
  });
  for (const form of all("form[data-autosave]")) {
    const key = PREFIX + form.dataset.autosave;
    const words = form.querySelector("[data-draft-words]");
    const tell = () => { if (words) words.textContent = words.dataset.draftWords; };
    const keep = (sent) => guarded(() => { localStorage[key] = JSON.stringify({ sent, values: collect(form) }); tell(); });
    const draft = guarded(() => JSON.parse(localStorage[key]));
    if (draft && !form.querySelector(".field-error")) { fill(form, draft.values); tell(); }
    let timer;
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 400, false); });
    form.addEventListener("submit", () => { clearTimeout(timer); keep(true); });
  }

  for (const form of all("form[data-filter]"))
    form.addEventListener("change", (event) => { if (event.target.matches("select, [type=checkbox], [type=radio]")) form.requestSubmit(); });
  for (const notice of all("[data-dismissible]")) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "dismiss", textContent: "×", onclick: () => notice.remove() });
    button.setAttribute("aria-label", notice.dataset.dismissible);
    notice.append(button);
  }
  const close = (open) => { open.open = false; };
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") all("details.drop[open], details.menu[open]").forEach(close); });
  document.addEventListener("click", (event) => { for (const open of all("details.drop[open]")) if (!open.contains(event.target)) close(open); });
  document.querySelector(".error-summary")?.focus();
})();
