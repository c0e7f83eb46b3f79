// Moves rings and time left. The server's clock is the truth: the page brings its time, we keep the difference.
let behind = 0;

export function now() {
  return Date.now() / 1000 + behind;
}

export function setNow(seconds) {
  behind = seconds - Date.now() / 1000;
}

export function runClocks(words) {
  const brought = Number(document.body.dataset.now);
  if (brought) setNow(brought);
  const tick = () => document.querySelectorAll("[data-due]").forEach((promise) => draw(promise, words));
  tick();
  setInterval(tick, 20_000);
  document.body.addEventListener("htmx:afterSettle", tick);
}

function draw(promise, words) {
  const given = Number(promise.dataset.given), due = Number(promise.dataset.due), warn = Number(promise.dataset.warn);
  const ring = promise.querySelector(".ring-gone");
  if (!ring || due <= given) return;
  const gone = Math.max(0, Math.min(100, Math.round((100 * (now() - given)) / (due - given))));
  ring.setAttribute("stroke-dasharray", `${gone} 100`);
  const left = left_of(due, words);
  if (promise.matches(".next")) {
    const shown = promise.querySelector("[data-left]");
    if (shown && left) shown.textContent = left;
  }
  // What has become at risk since the page came is drawn anew by the server, sign and words together.
  if (warn && now() >= warn && promise.dataset.state === "open" && !promise.dataset.asked) {
    promise.dataset.asked = "1";
    document.body.dispatchEvent(new CustomEvent("holdord:stale", { detail: { parts: ["next"] } }));
  }
  const number = promise.querySelector("[data-number]");
  if (number) [number.textContent, promise.querySelector("[data-unit]").textContent] = number_of(due, words);
}

function left_of(due, words) {
  const minutes = Math.ceil((due - now()) / 60);
  if (minutes <= 0) return "";
  if (minutes < 60) return words.min.replace("#", minutes);
  if (minutes < 360) return words.hmin.replace("#", Math.floor(minutes / 60)).replace("@", String(minutes % 60).padStart(2, "0"));
  if (minutes < 2880) return words.h.replace("#", Math.floor(minutes / 60));
  return words.d.replace("#", Math.floor(minutes / 1440));
}

function number_of(due, words) {
  const minutes = Math.max(0, Math.ceil((due - now()) / 60));
  if (minutes <= 120) return [minutes, words.minutes];
  const hours = Math.floor(minutes / 60);
  if (minutes <= 2880) return [hours, hours === 1 ? words.hour : words.hours];
  const days = Math.floor(minutes / 1440);
  return [days, days === 1 ? words.day : words.days];
}
