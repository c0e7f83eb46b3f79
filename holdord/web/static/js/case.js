// A case page in an open tab: rings move, and the page is fetched again when something has changed.
import { watchChosen } from "./chosen.js";
import { runClocks } from "./clock.js";
import { watchPictures } from "./pictures.js";

const words = JSON.parse(document.body.dataset.words || "{}");
runClocks(words);
watchChosen();
watchPictures(words);

const address = document.body.dataset.live;
if (address) {
  const stream = new EventSource(address);
  stream.addEventListener("changed", refresh);
}

async function refresh() {
  const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-part]")) {
    const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    // What somebody is writing in, or has opened to read before they press, is left alone.
    const isOpen = part.querySelector(":is(.deeds, .quietly) details[open]");
    if (next && !isOpen && !part.contains(document.activeElement)) part.replaceWith(next);
  }
}
