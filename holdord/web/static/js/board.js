// The board follows what happens: its parts are fetched anew, except the one under the pointer or the focus, which waits.
let asked, wanted = false, last = 0;
const AT_MOST_EVERY = 2_000, EVERY = 30_000;

export function watchBoard() {
  if (!place()) return;
  document.body.addEventListener("holdord:changed", refreshSoon);
  for (const leaves of ["pointerout", "focusout"]) document.body.addEventListener(leaves, () => wanted && refreshSoon());
  setInterval(() => document.visibilityState === "visible" && refreshSoon(), EVERY);
}

function place() {
  return document.querySelector("[data-board]");
}

function refreshSoon() {
  asked ??= setTimeout(refresh, Math.max(60, last + AT_MOST_EVERY - Date.now()));
}

async function refresh() {
  last = Date.now();
  wanted = false;
  const response = await fetch(place().dataset.board, { headers: { "HX-Request": "true" } }).catch(() => undefined);
  asked = undefined;
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of document.querySelectorAll("[data-part]")) {
    const now = fresh.getElementById(part.id);
    if (!now || now.outerHTML === part.outerHTML) continue;
    if (isHeld(part)) wanted = true;
    else replace(part, now);
  }
}

// What somebody points at, has the focus in or has unfolded does not move under them.
function isHeld(part) {
  const inside = [...part.querySelectorAll("a, button, input, select, summary, article")];
  return part.contains(document.activeElement) || inside.some((one) => one.matches(":hover")) || Boolean(part.querySelector("details[open]"));
}

function replace(part, now) {
  const fresh = document.importNode(now, true);
  part.replaceWith(fresh);
  window.htmx?.process(fresh);
  const title = fresh.querySelector("h1");
  if (title) document.title = `${title.textContent} · Holdord`;
}
