// Which pane is open on a narrow screen, which row is the open one, and where the focus goes.
export function watchPanes() {
  const body = document.body;
  unfold();
  toTheEnd();
  // On a phone the settings stand in one line: the one that is open is in sight.
  document.querySelector(".subnav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  body.addEventListener("click", (event) => {
    if (event.target.closest("[data-aside]")) body.toggleAttribute("data-aside-open");
    else if (!event.target.closest("#customer")) body.removeAttribute("data-aside-open");
    if (event.target.closest("[data-back]") && body.matches(".desk") && document.getElementById("list")) {
      event.preventDefault();
      body.dataset.open = "list";
      beMain(document.getElementById("list"));
      (document.querySelector("#list .next[aria-current]") || document.querySelector("#list .next"))?.focus();
    }
  });
  body.addEventListener("keydown", (event) => {
    if (event.key === "Escape") body.removeAttribute("data-aside-open");
  });
  body.addEventListener("htmx:afterSwap", (event) => {
    const opener = event.detail.requestConfig?.elt;
    if (opener?.matches?.(".next")) opened(opener);
  });
  // When all is settled: what stands in the sheet listens by then, and nothing takes the focus away again.
  body.addEventListener("htmx:afterSettle", (event) => {
    const sheet = document.getElementById("sheet");
    if (sheet?.matches(":popover-open")) {
      if (!sheet.childElementCount) putAway(sheet);
    } else if (event.detail.target?.id === "sheet" && sheet.childElementCount) {
      const opener = event.detail.requestConfig?.elt;
      // A key asks in the page's name: then it is where the focus was.
      sheet.openedBy = opener === body ? document.activeElement : opener;
      sheet.showPopover();
    }
  });
}

// What the sheet asked is done, and the conversation was drawn anew beneath it: the focus goes to what opened it.
function putAway(sheet) {
  sheet.hidePopover();
  const by = sheet.openedBy;
  const again = by?.isConnected ? by : drawnAnew(by);
  (again && again !== document.body && again.getClientRects().length ? again : document.getElementById("draft"))?.focus();
}

function drawnAnew(link) {
  if (link?.id) return document.getElementById(link.id);
  const asks = link?.getAttribute("hx-get");
  return asks && [...document.querySelectorAll("[hx-get]")].find((other) => other.getAttribute("hx-get") === asks);
}

function opened(row) {
  document.body.dataset.open = "talk";
  document.getElementById("list")?.removeAttribute("role");
  document.querySelectorAll("#list .next[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
  // A conversation with several promises has several rows; the server marks them all.
  for (const its of document.querySelectorAll("#list .next")) if (its.href === row.href) its.setAttribute("aria-current", "true");
  document.getElementById("talk-title")?.focus({ preventScroll: true });
  toTheEnd();
}

// On a narrow screen only one pane is there at a time; the one that is, is the page's main part.
function beMain(list) {
  if (!document.getElementById("talk")?.getClientRects().length) list.setAttribute("role", "main");
}

// A link to an old message finds it folded or on no page of ours: the server knows where it stands.
function unfold() {
  const [, number] = location.hash.match(/^#message-(\d+)$/) || [];
  const there = number && document.getElementById(`message-${number}`);
  if (!number || there?.matches(".msg") || new URLSearchParams(location.search).get("message") === number) return;
  location.replace(`?message=${number}${location.hash}`);
}

function toTheEnd() {
  const messages = document.querySelector("[data-live-end]");
  if (messages && !location.hash) messages.scrollTop = messages.scrollHeight;
}
