// Says so when the computer is offline, and when what somebody pressed did not arrive or did not work. What is written
// stays here; clocks go on; sending is off while the computer is offline.
const PRESSED = ["click", "submit", "keydown", "change"];

export function watchConnection(words) {
  const show = () => {
    const away = !navigator.onLine;
    document.body.toggleAttribute("data-offline", away);
    document.getElementById("offline")?.remove();
    document.querySelectorAll("[data-send]").forEach((button) => button.setAttribute("aria-disabled", String(away)));
    if (away) document.getElementById("toasts")?.before(banner(words.offline));
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  document.addEventListener("submit", (event) => {
    if (!navigator.onLine) event.preventDefault();
  }, true);
  document.body.addEventListener("htmx:sendError", (event) => wasPressed(event) && tell(words.unreachable));
  document.body.addEventListener("htmx:responseError", (event) => wasPressed(event) && tell(words.failed));
  if (!navigator.onLine) show();
}

// What a page fetches by itself is fetched again by itself.
function wasPressed(event) {
  const cause = event.detail.requestConfig?.triggeringEvent;
  return cause ? PRESSED.includes(cause.type) : event.detail.target?.id === "sheet";
}

function tell(sentence) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.seconds = 10;
  toast.setAttribute("role", "alert");
  toast.append(Object.assign(document.createElement("span"), { textContent: sentence }));
  document.getElementById("toasts")?.replaceChildren(toast);
}

function banner(sentence) {
  const strip = document.createElement("p");
  strip.id = "offline";
  strip.className = "banner offline";
  strip.dataset.state = "released";
  strip.setAttribute("role", "status");
  strip.textContent = sentence;
  return strip;
}
