// One stream of events says what has changed; the page fetches those parts again. Without the stream: every 30 s.
import { setNow } from "./clock.js";

const SILENCE = 15_000;
let words, lost, poll, parts = new Set(), soon;

export function watchLive(spoken) {
  words = spoken;
  const address = document.body.dataset.live;
  if (!address) return;
  document.body.addEventListener("holdord:stale", (event) => changed(event.detail.parts));
  document.body.addEventListener("click", applyWhenAsked);
  connect(address);
}

function connect(address) {
  const stream = new EventSource(address);
  stream.addEventListener("open", alive);
  // Each event names the conversation (id) and what happened in it; which parts of the page that touches is ours to know.
  stream.addEventListener("changed", (event) => changed(["next", `conversation:${JSON.parse(event.data).id}`]));
  stream.addEventListener("reload", () => changed(["next", `conversation:${openNumber()}`]));
  stream.addEventListener("error", () => {
    lost ??= setTimeout(stale, SILENCE);
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => connect(address), 5_000);
  });
}

function alive() {
  clearTimeout(lost);
  clearInterval(poll);
  lost = poll = undefined;
  if (document.body.dataset.stale) changed(["next", `conversation:${openNumber()}`]);
  delete document.body.dataset.stale;
  document.querySelectorAll("[data-stale]").forEach((place) => (place.textContent = ""));
}

function stale() {
  document.body.dataset.stale = "yes";
  const now = new Date();
  // How two minutes past one is written here: 1.02, 01:02. Browsers have other ways.
  const at = words.clock.replace(/\d+/g, (digits) => String(digits == 1 ? now.getHours() : now.getMinutes()).padStart(digits.length, "0"));
  document.querySelectorAll("[data-stale]").forEach((place) => (place.textContent = `${words.as_of.replace("#", at)} `));
  poll ??= setInterval(() => changed(["next", `conversation:${openNumber()}`]), 30_000);
}

function openNumber() {
  return document.getElementById("talk")?.dataset.number;
}

function changed(fresh) {
  document.body.dispatchEvent(new CustomEvent("holdord:changed"));
  for (const part of fresh || []) parts.add(part);
  soon ??= setTimeout(fetchParts, 60);
}

function fetchParts() {
  const wanted = parts;
  soon = undefined;
  parts = new Set();
  if (wanted.has("next")) fetchList();
  const number = openNumber();
  if (number && wanted.has(`conversation:${number}`)) fetchThread(number);
}

function fetchList() {
  const list = document.getElementById("list");
  if (!list) return;
  // A list never reorders under the pointer or the focus: it says that there is something new.
  if (list.querySelector(".next") && list.matches(":hover, :focus-within")) return void (list.querySelector("[data-apply]").hidden = false);
  applyList();
}

async function applyList() {
  const list = document.getElementById("list"), scrolled = list.querySelector(".list-body").scrollTop;
  const known = new Set([...list.querySelectorAll("li[id]")].map((row) => row.id));
  const at_risk = rowsAtRisk(list);
  const open = openNumber();
  const address = new URL(list.dataset.list, location.href);
  if (open && open !== "undefined") address.searchParams.set("open", open);
  await htmx.ajax("GET", address.pathname + address.search, { target: "#list", swap: "morph:outerHTML", select: "#list" });
  const fresh = document.getElementById("list");
  fresh.querySelector(".list-body").scrollTop = scrolled;
  for (const id of rowsAtRisk(fresh)) if (!at_risk.has(id)) say(words.now_at_risk.replace("#", nameIn(document.getElementById(id))), "live-alarm");
  for (const row of fresh.querySelectorAll("li[id]")) {
    if (known.has(row.id)) continue;
    row.classList.add("arrived");
    say(words.new_row.replace("#", nameIn(row)));
  }
}

async function fetchThread(number) {
  const messages = document.querySelector("[data-live-end]");
  const atEnd = messages && messages.scrollHeight - messages.scrollTop - messages.clientHeight < 40;
  // What was unfolded stays so: the page is asked for as it stands in the address.
  const here = `/conversations/${number}/`;
  await htmx.ajax("GET", here + (location.pathname === here ? location.search : ""), { target: "#thread", swap: "morph:outerHTML", select: "#thread" });
  const fresh = document.querySelector("[data-live-end]");
  if (atEnd && fresh) fresh.scrollTop = fresh.scrollHeight;
}

function applyWhenAsked(event) {
  const button = event.target.closest("[data-apply]");
  if (!button) return;
  button.hidden = true;
  applyList();
}

function rowsAtRisk(list) {
  return new Set([...list.querySelectorAll(".next[data-yours][data-state=risk]")].map((row) => row.parentElement.id));
}

function nameIn(row) {
  return row.querySelector(".name").textContent.trim();
}

// Politely, except for a promise of one's own that has become at risk.
function say(sentence, place = "live-words") {
  const region = document.getElementById(place);
  if (region) region.textContent = sentence;
}

document.body.addEventListener("htmx:afterRequest", (event) => {
  const seconds = Number(event.detail.xhr?.getResponseHeader("X-Now"));
  if (seconds) setNow(seconds);
});
