// Single keys, outside fields only, and never with a modifier. What a key does is written beside the thing it presses
// (data-key, data-go), so the page decides, and a key without its thing does nothing.
let going = 0,
  promising = 0;

// P opens the sheet; P and a letter opens it for one kind of promise.
const KINDS = { c: "callback", d: "delivery", f: "fix", o: "other", r: "refund", u: "update", v: "visit" };

export function listenToKeys() {
  document.documentElement.toggleAttribute("data-mac", /^(mac|iphone|ipad)/i.test(navigator.platform));
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.metaKey || event.ctrlKey) && !event.altKey) return withModifier(event);
    if (event.key === "F6") return nextPane(event);
    if (event.key === "Enter" && event.target.matches("#give-promise [type=radio]")) return accept(event);
    if (event.key === "Escape" && document.activeElement?.matches("#draft")) return document.activeElement.blur();
    if (event.altKey || inField(event.target) || !("singleKeys" in document.body.dataset)) return;
    if (document.querySelector("dialog[open], [popover]:popover-open")) return;
    single(event);
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-palette]");
    if (opener && showPalette()) event.preventDefault();
  });
  document.addEventListener("keydown", walkPalette);
}

function single(event) {
  const key = event.key.toLowerCase();
  if (going && Date.now() - going < 1500) {
    going = 0;
    return press(event, `[data-go="${CSS.escape(key)}"]`);
  }
  if (promising && KINDS[key]) return promise(event, KINDS[key]);
  if (key === "p") return promise(event);
  if (key === "g") return void (going = Date.now());
  if (key === "?") return void (event.preventDefault(), document.getElementById("help")?.showPopover());
  if (key === "j" || key === "k") return walk(event, key === "j" ? 1 : -1);
  press(event, `[data-key="${CSS.escape(key)}"]`);
}

function press(event, selector) {
  const target = [...document.querySelectorAll(selector)].find((element) => element.matches("input") || element.getClientRects().length);
  if (!target) return;
  event.preventDefault();
  target.click();
  // At once, so that whoever types on quickly types into the field and presses no more keys.
  if (target.name === "kind") document.getElementById("draft")?.focus();
}

function accept(event) {
  event.preventDefault();
  event.target.form.requestSubmit();
}

function promise(event, kind) {
  const link = document.querySelector("[data-promise]");
  clearTimeout(promising);
  const waits = promising;
  promising = 0;
  if (!link?.getClientRects().length) return;
  event.preventDefault();
  if (!kind && !waits) return void (promising = setTimeout(() => ((promising = 0), link.click()), 600));
  const address = kind ? `${link.getAttribute("href")}?kind=${kind}` : link.getAttribute("href");
  window.htmx.ajax("GET", address, { target: "#sheet", swap: "innerHTML" });
}

function walk(event, step) {
  const rows = [...document.querySelectorAll("#list .next")];
  if (!rows.length) return;
  const here = rows.indexOf(document.activeElement) + 1 || rows.findIndex((row) => row.hasAttribute("aria-current")) + 1;
  const row = rows[Math.max(0, Math.min(rows.length - 1, here ? here - 1 + step : 0))];
  event.preventDefault();
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

function withModifier(event) {
  if (event.key.toLowerCase() === "k" && showPalette()) event.preventDefault();
  if (event.key === "Enter") {
    const form = document.activeElement?.closest("form");
    if (!form?.matches(".composer")) return;
    event.preventDefault();
    form.toggleAttribute("data-then-next", event.shiftKey);
    form.requestSubmit();
  }
}

function showPalette() {
  const palette = document.getElementById("palette");
  if (!palette?.showPopover) return false;
  if (!palette.matches(":popover-open")) palette.showPopover();
  document.getElementById("palette-text")?.select();
  return true;
}

function walkPalette(event) {
  const palette = document.querySelector("#palette:popover-open");
  if (!palette || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const stops = [document.getElementById("palette-text"), ...palette.querySelectorAll(".cmds a")];
  const here = stops.indexOf(document.activeElement);
  event.preventDefault();
  stops[(here + (event.key === "ArrowDown" ? 1 : -1) + stops.length) % stops.length].focus();
}

function nextPane(event) {
  const panes = [...document.querySelectorAll(".nav, #list, #talk, #customer")].filter((pane) => pane.getClientRects().length);
  if (panes.length < 2) return;
  event.preventDefault();
  const here = panes.findIndex((pane) => pane.contains(document.activeElement));
  const pane = panes[(here + (event.shiftKey ? panes.length - 1 : 1)) % panes.length];
  (pane.querySelector("[aria-current], #talk-title, a, button, [tabindex]") || pane).focus();
}

function inField(element) {
  return element.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}
