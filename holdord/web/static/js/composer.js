// The composer: keeps the draft on the server and on this device, shows what was chosen, and grows with the text.
import { watchChosen } from "./chosen.js";
import { dropDraft, keepDraft, keptDraft } from "./drafts.js";

let timer, words, thenNext;

export function watchComposer(spoken) {
  words = spoken;
  document.body.addEventListener("input", (event) => {
    if (event.target.matches("#draft")) later(event.target);
  });
  document.body.addEventListener("change", (event) => {
    if (event.target.matches(".composer [name=kind]")) turn(event.target);
  });
  document.body.addEventListener("click", (event) => {
    if (event.target.matches(".composer [name=kind]")) setTimeout(() => document.getElementById("draft")?.focus());
  });
  document.body.addEventListener("click", (event) => {
    const chosen = event.target.closest?.("[data-insert]");
    if (chosen) insert(chosen.dataset.insert);
  });
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.matches?.(".composer")) return;
    clearTimeout(timer);
    thenNext = event.target.hasAttribute("data-then-next");
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    // What comes back with a fault (422) is swapped like a success, and was not sent.
    if (!event.detail.successful || event.detail.xhr.status >= 400 || !form?.matches?.(".composer")) return;
    if (!sends(form, event.detail.pathInfo.requestPath)) return;
    dropDraft(keyOf(form));
    // The field is the same one after the page was drawn anew: what is sent must not be sent again with the next reply.
    document.querySelector("#composer [type=file]").value = "";
    watchChosen();
    if (thenNext) openNext();
  });
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches?.(".composer") && !sends(event.target, event.detail.path)) event.detail.formData.delete("attached");
  });
  restore();
  watchChosen();
  document.body.addEventListener("htmx:afterSettle", () => (restore(), watchChosen()));
}

// Other buttons of the form, for a promise in the text, leave the message and its files where they are.
function sends(form, path) {
  return new URL(path, location.href).pathname === new URL(form.action).pathname;
}

// A prepared text goes where the writer was, and the field keeps its own undo.
function insert(text) {
  const field = document.getElementById("draft");
  if (!field) return;
  document.getElementById("sheet")?.hidePopover();
  field.focus();
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function openNext() {
  const rows = [...document.querySelectorAll("#list .next")];
  const here = rows.findIndex((row) => row.hasAttribute("aria-current"));
  rows.slice(here + 1).find((row) => !row.hasAttribute("aria-current"))?.click();
}

function later(field) {
  clearTimeout(timer);
  const form = field.form;
  keepDraft(keyOf(form), field.value);
  timer = setTimeout(() => save(form), 400);
}

async function save(form) {
  const sent = new FormData(form);
  sent.delete("attached");
  const state = form.querySelector("[data-draft-state]");
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: sent, headers: { Accept: "text/plain" } });
    if (!answer.ok) throw new Error(answer.status);
    state.textContent = await answer.text();
    dropDraft(keyOf(form));
  } catch {
    state.textContent = words.kept_here;
  }
}

function restore() {
  const form = document.getElementById("composer");
  if (!form || form.dataset.restored) return;
  form.dataset.restored = "1";
  const field = form.elements.text;
  keptDraft(keyOf(form)).then((kept) => {
    if (!kept || field.value) return;
    field.value = kept;
    save(form);
  });
}

function keyOf(form) {
  return `${document.body.dataset.agent} ${form.dataset.draft}`;
}

function turn(chosen) {
  const form = chosen.form;
  form.setAttribute("aria-label", chosen.closest("label").textContent.trim());
}
