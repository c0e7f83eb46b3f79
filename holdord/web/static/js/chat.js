// The chat's page: what is written is sent without loading anew, what comes appears, and each sees that the other types.
import { watchChosen } from "./chosen.js";
import { watchPictures } from "./pictures.js";

const words = JSON.parse(document.body.dataset.words || "{}");
const { live, here, place } = document.body.dataset;
let typed = 0, isOpen = true;

watchChosen();
watchPictures(words);
addEventListener("message", (event) => {
  if (event.source !== parent) return;
  if (event.data?.holdord === "open") isOpen = true;
  if (event.data?.holdord === "closed") isOpen = false;
  // Only sites that are allowed can hold this frame; the one that does keeps the way back for its tab.
  if (live) parent.postMessage({ holdord: "at", at: location.pathname + location.search }, event.origin);
});
addEventListener("keydown", (event) => event.key === "Escape" && parent !== window && parent.postMessage({ holdord: "close" }, "*"));

if (live) goOn();
else begin();

function goOn() {
  keep(location.pathname + location.search);
  toTheEnd();
  new EventSource(live).addEventListener("changed", refresh);
  beThere();
  setInterval(beThere, 5000);
  document.body.addEventListener("input", () => (typed = Date.now()));
  document.body.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches("textarea")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
  document.body.addEventListener("submit", send);
}

// Who comes back goes on where they were, as long as their link leads somewhere.
async function begin() {
  const known = new URLSearchParams(location.hash.slice(1));
  for (const name of ["name", "email", "visitor"]) {
    const field = document.querySelector(`[name=${name}]`);
    if (field && known.get(name) && !field.value) field.value = known.get(name);
  }
  const before = kept(known.get("at"));
  if (!before) return;
  const answer = await fetch(before, { method: "HEAD" }).catch(() => null);
  if (answer?.ok) location.replace(before);
  else if (answer) keep("");
}

async function send(event) {
  const form = event.target;
  if (!form.matches("[data-say]")) return;
  event.preventDefault();
  const sent = new FormData(form);
  if (!sent.get("text").trim() && ![...sent.getAll("attached")].some((file) => file.size)) return;
  const answer = await fetch(form.action, { method: "POST", body: sent }).catch(() => null);
  if (!answer) return form.querySelector("[data-fault]").removeAttribute("hidden");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.querySelector("main").replaceWith(page.querySelector("main"));
  typed = 0;
  watchChosen();
  toTheEnd();
  document.querySelector("textarea")?.focus();
}

async function refresh() {
  const answer = await fetch(location.pathname + location.search).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = document.querySelector("[data-part]");
  const next = page.querySelector("[data-part]");
  const isNew = next.querySelectorAll("li").length > part.querySelectorAll("li").length;
  part.replaceWith(next);
  document.querySelector("[data-by]")?.replaceWith(page.querySelector("[data-by]"));
  toTheEnd();
  if (isNew && parent !== window) parent.postMessage({ holdord: "news" }, "*");
}

async function beThere() {
  if (!isOpen || document.visibilityState !== "visible") return;
  const sent = new URLSearchParams({ types: Date.now() - typed < 5000 ? "1" : "0" });
  const answer = await fetch(here, { method: "POST", body: sent }).catch(() => null);
  if (!answer?.ok) return;
  const told = await answer.json();
  document.querySelector("[data-typing]").textContent = told.typing;
  // Where a proxy swallows the stream, the answer comes all the same.
  if (told.newest > Number(document.querySelector("[data-part]").dataset.newest)) refresh();
}

function toTheEnd() {
  const part = document.querySelector("[data-part]");
  if (part) part.scrollTop = part.scrollHeight;
}

// By itself the page keeps where it is. In a frame many browsers let it keep nothing: the page around does, for as long
// as its tab is open.
function keep(address) {
  if (parent === window) localStorage.setItem(`chat.${place}`, address);
}

function kept(told) {
  const address = parent === window ? localStorage.getItem(`chat.${place}`) : told;
  return address?.startsWith(location.pathname) ? address : "";
}
