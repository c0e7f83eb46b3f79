"""Whether a page can be read when it is large: nothing runs out of it or is cut, and its order is the order one sees.

What is asked of the page in JavaScript runs in the browser.
"""

from playwright.sync_api import Page

from tests.browser.conftest import SCREENS

CUT = """() => {
  const wide = document.documentElement.clientWidth, found = [];
  for (const each of document.body.querySelectorAll("*")) {
    const look = getComputedStyle(each), box = each.getBoundingClientRect();
    const isSeen = box.width > 1 && box.height > 1 && look.visibility === "visible" && !each.closest("svg, .sr, .skip, .elsewhere");
    const text = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!isSeen || !text) continue;
    const says = (each.innerText || "").trim().replace(/\\s+/g, " ").slice(0, 60);
    const isCut = look.overflowX !== "visible" && look.overflowX !== "auto" && look.overflowX !== "scroll" && each.scrollWidth > each.clientWidth + 1;
    if (isCut || look.textOverflow === "ellipsis" && each.scrollWidth > each.clientWidth) found.push(`cut: ${says}`);
    if ((box.right > wide + 1 || box.left < -1) && !each.closest("[tabindex='0'][role=region]")) found.push(`runs out: ${says}`);
    if (look.overflowX === "visible" && look.display !== "inline" && box.left + each.scrollWidth > wide + 1) found.push(`runs out: ${says}`);
    if (look.overflowY === "hidden" && each.scrollHeight > each.clientHeight + 2) found.push(`cut below: ${says}`);
  }
  if (document.documentElement.scrollWidth > wide) found.push("scrolls sideways");
  return found;
}"""

OUT_OF_ORDER = """() => {
  const kinds = "h1, h2, h3, h4, a[href], button, input:not([type=hidden]), select, textarea, summary, [role=status], [role=alert]";
  const seen = [...document.querySelectorAll(`main :is(${kinds}), header :is(${kinds}), footer :is(${kinds})`)].filter((each) => {
    const box = each.getBoundingClientRect(), look = getComputedStyle(each);
    return box.width > 1 && box.height > 1 && look.visibility === "visible" && look.position !== "fixed"
      && !each.closest(".sr, .elsewhere, .languages") && each.checkVisibility();
  });
  const found = [];
  for (let at = 1; at < seen.length; at++) {
    const before = seen[at - 1].getBoundingClientRect(), after = seen[at].getBoundingClientRect();
    const says = (each) => (each.innerText || each.name || each.tagName).trim().replace(/\\s+/g, " ").slice(0, 40);
    if (after.bottom <= before.top + 1) found.push(`${says(seen[at])} stands above ${says(seen[at - 1])}`);
  }
  return found;
}"""


def faults_in_reading(page: Page) -> list[str]:
    """What is cut, runs out of the page, or is read in another order than it stands."""
    return [*page.evaluate(CUT), *page.evaluate(OUT_OF_ORDER)]


def keep_as_read(page: Page, name: str) -> None:
    """Keep what a screen reader goes through, in its order, to look at."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    (SCREENS / f"{name}.txt").write_text(page.locator("body").aria_snapshot(), encoding="utf-8")
