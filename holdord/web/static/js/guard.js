// The guard beside the text: asks what to look at when the writer pauses, marks the words, and puts mends into the text.
// It never holds the keys up: an answer that comes too late is thrown away, and one that fails says so.
const PAUSE = 400;
let timer, asking, words;

export function watchGuard(spoken) {
  words = spoken;
  document.body.addEventListener("input", (event) => {
    if (!event.target.matches("#draft")) return;
    redraw(event.target.form, []);
    later(event.target.form);
  });
  document.body.addEventListener("change", (event) => {
    if (event.target.matches(".composer [name=kind], .composer [type=file]")) later(event.target.form);
  });
  document.body.addEventListener("click", (event) => {
    const mend = event.target.closest?.("[data-mend]");
    if (mend) put(mend);
    if (event.target.closest?.("[data-attach]")) event.target.closest("form").querySelector("[type=file]").click();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key === ".") next(event);
    if (event.key === "Escape" && event.target.closest?.("#guard")) back(event);
  });
  document.body.addEventListener("scroll", (event) => event.target.id === "draft" && follow(event.target), true);
  document.body.addEventListener("htmx:beforeRequest", (event) => event.target.matches?.(".composer") && stop());
  begin();
  document.body.addEventListener("htmx:afterSettle", begin);
}

function begin() {
  const form = document.getElementById("composer");
  if (!form || form.dataset.guarded) return;
  form.dataset.guarded = "1";
  if (form.querySelector("#guard .flag")) begun(form);
  else if (form.elements.text.value) later(form);
}

function begun(form) {
  draw(form);
  form.querySelector("#guard").scrollTop = 0;
  // What was refused is looked at first, with its heading.
  if (form.querySelector(".banner[role=alert]")) document.getElementById("guard-title")?.scrollIntoView({ block: "nearest" });
}

function later(form) {
  stop();
  timer = setTimeout(() => ask(form), PAUSE);
}

function stop() {
  clearTimeout(timer);
  asking?.abort();
}

async function ask(form) {
  const sent = new FormData(form);
  const files = form.querySelector("[type=file]").files.length;
  for (const name of ["attached", "once", "opened"]) sent.delete(name);
  sent.set("files", files);
  asking = new AbortController();
  try {
    const answer = await fetch(form.dataset.guard, { method: "POST", body: sent, signal: asking.signal });
    if (!answer.ok) throw new Error(answer.status);
    show(form, await answer.text());
  } catch (error) {
    if (error.name !== "AbortError") fail(form);
  }
}

function show(form, html) {
  const old = form.querySelector("#guard");
  const reason = old.querySelector("[name=guard_reason]");
  const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("name") : "";
  const answer = new DOMParser().parseFromString(html, "text/html");
  const [fresh, captured] = ["guard", "captured"].map((part) => answer.getElementById(part));
  if (!fresh || !captured) throw new Error("signed out");
  old.replaceWith(fresh);
  found(form, captured);
  const field = fresh.querySelector("[name=guard_reason]");
  if (reason && field) field.value = reason.value;
  if (focused) fresh.querySelector(`[name="${focused}"]`)?.focus();
  draw(form);
}

// The promises that stand in the text, with the focus where it was.
function found(form, fresh) {
  const old = form.querySelector("#captured");
  const focused = old.contains(document.activeElement) ? document.activeElement.value : "";
  old.replaceWith(fresh);
  htmx.process(fresh);
  if (focused) fresh.querySelector(`button[value="${focused}"]`)?.focus();
}

function fail(form) {
  const guard = form.querySelector("#guard");
  const said = document.createElement("p");
  said.className = "muted";
  said.textContent = words.guard_failed;
  guard.replaceChildren(said);
  guard.hidden = false;
  redraw(form, []);
}

function draw(form) {
  redraw(
    form,
    [...form.querySelectorAll("#guard .flag")]
      .map((flag) => ({ start: +flag.dataset.start, end: +flag.dataset.end, number: flag.dataset.flag }))
      .filter((flag) => flag.end > flag.start)
      .sort((one, other) => one.start - other.start),
  );
}

// The field's text once more behind it, unseen but for its marks.
function redraw(form, flags) {
  const marks = form.querySelector("#marks");
  const text = form.elements.text.value;
  const pieces = [];
  let at = 0;
  for (const flag of flags) {
    if (flag.start < at) continue;
    const slip = document.createElement("span");
    slip.className = "slip";
    slip.dataset.number = flag.number;
    slip.textContent = text.slice(flag.start, flag.end);
    pieces.push(text.slice(at, flag.start), slip);
    at = flag.end;
  }
  marks.replaceChildren(...pieces, text.slice(at) + "\n");
  follow(form.elements.text);
}

function follow(field) {
  const marks = document.getElementById("marks");
  if (marks) marks.scrollTop = field.scrollTop;
}

function put(mend) {
  const form = mend.form;
  const field = form.elements.text;
  field.focus();
  field.setRangeText(mend.dataset.text, +mend.dataset.start, +mend.dataset.end, "end");
  const gap = mend.dataset.text.indexOf("…");
  if (gap >= 0) field.setSelectionRange(+mend.dataset.start + gap, +mend.dataset.start + gap + 1);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function next(event) {
  const stops = [...document.querySelectorAll("#guard .flag button, #guard [name=guard_reason], .captured button")].filter(
    (stop) => stop.getClientRects().length,
  );
  if (!stops.length) return;
  event.preventDefault();
  stops[(stops.indexOf(document.activeElement) + 1) % stops.length].focus();
}

function back(event) {
  event.preventDefault();
  document.getElementById("draft").focus();
}
