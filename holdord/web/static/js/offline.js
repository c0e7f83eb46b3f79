// Says so when the computer is offline. What is written stays here; clocks go on; sending is off.
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
  if (!navigator.onLine) show();
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
