"""What the sanitiser lets through, in a real browser without the frame and policy that stand around it later."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request

from holdord.channels.email.reading.sanitise import sanitise, with_attachments, with_remote_images

from .payloads import RUN, payloads

pytestmark = pytest.mark.browser


class Watched:
    """A page on which everything that should not happen is written down."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.happened: list[str] = []
        page.on("request", self._requested)
        page.on("dialog", self._asked)
        page.on("popup", lambda popup: self.happened.append(f"popup {popup.url}"))
        page.on("framenavigated", lambda frame: self.happened.append(f"navigated {frame.url}"))

    def shows(self, html: str) -> None:
        """Each HTML into the running page, as a later fragment would be put there."""
        self.page.set_content(html)

    def _requested(self, request: Request) -> None:
        self.happened.append(f"request {request.url}")

    def _asked(self, dialog: object) -> None:
        self.happened.append("dialog")
        dialog.dismiss()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def browser_page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


def test_the_battery_is_dangerous_without_the_sanitiser(browser_page: Page) -> None:
    # Given a payload of the battery as it is
    browser_page.goto("about:blank")
    # When a page holds it
    browser_page.set_content(f'<img src=x onerror="{RUN}">')
    browser_page.wait_for_timeout(200)
    # Then it runs, or the tests below would prove nothing
    assert browser_page.evaluate("window.__ran") == 1


def test_nothing_runs_and_nothing_is_fetched(browser_page: Page) -> None:
    browser_page.goto("about:blank")
    watched = Watched(browser_page)
    battery = payloads()
    assert len(battery) > 1500
    # When every payload is shown, both as part of a page that loads and put into a page that runs
    guilty = (
        [payload for payload in battery if _misbehaves(watched, [payload])] if _misbehaves(watched, battery) else []
    )
    # Then nothing ran, asked, opened, navigated or was fetched
    assert guilty == []
    assert watched.page.evaluate("window.__ran === undefined && document.title === ''")


def test_hovering_clicking_and_focusing_run_nothing(browser_page: Page) -> None:
    browser_page.goto("about:blank")
    watched = Watched(browser_page)
    browser_page.set_content("".join(f"<section>{sanitise(payload)}</section>" for payload in payloads()))
    watched.happened.clear()
    # When every element gets the events that a person's hand would cause
    browser_page.evaluate(
        """() => { for (const element of document.querySelectorAll('section *')) {
            for (const name of ['click', 'mouseover', 'focus', 'toggle', 'animationstart', 'load', 'error', 'wheel']) {
                if (name === 'click' && element.closest('a[href]')) continue;
                element.dispatchEvent(new Event(name, {bubbles: true, cancelable: true}));
            } } }"""
    )
    browser_page.wait_for_timeout(200)
    assert watched.happened == []
    assert browser_page.evaluate("window.__ran") is None


def test_links_lead_only_away_and_say_so(browser_page: Page) -> None:
    browser_page.goto("about:blank")
    browser_page.set_content("".join(sanitise(payload) for payload in payloads()))
    links = browser_page.evaluate(
        "[...document.querySelectorAll('[href]')].map(a => [a.tagName, a.protocol, a.target, a.rel,"
        " a.title.length > 0])"
    )
    assert links
    assert {tuple(link) for link in links} == {("A", "https:", "_blank", "noopener noreferrer nofollow", True)}


def test_images_load_once_they_are_asked_for(browser_page: Page) -> None:
    browser_page.goto("about:blank")
    shown = sanitise('<img src="https://pictures.invalid/a.png?x=1&amp;y=2"><img src="cid:one@mail">')
    watched = Watched(browser_page)
    browser_page.set_content(shown)
    assert watched.happened == []
    browser_page.set_content(with_attachments(with_remote_images(shown), {"one@mail": "https://files.invalid/1"}))
    browser_page.wait_for_timeout(300)
    assert sorted(watched.happened) == [
        "request https://files.invalid/1",
        "request https://pictures.invalid/a.png?x=1&y=2",
    ]


def _misbehaves(watched: Watched, battery: list[str]) -> bool:
    """Shows the payloads in both ways and says whether anything happened."""
    cleaned = "".join(f"<section>{sanitise(payload)}</section>" for payload in battery)
    watched.happened.clear()
    watched.shows(cleaned)
    watched.page.evaluate("html => { document.body.innerHTML = html; document.body.innerHTML += ''; }", cleaned)
    watched.page.wait_for_timeout(300 if len(battery) > 1 else 20)
    ran = watched.page.evaluate("window.__ran")
    return bool(watched.happened) or ran is not None
