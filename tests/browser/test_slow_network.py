"""The case page on a slow phone: 400 kbit/s, 400 ms there and back, a processor four times slower than this one."""

import pytest

from tests.browser.conftest import Stage, wait_until
from tests.browser.test_promises import promised
from tests.browser.test_zoom import much

__all__ = ["much", "promised"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST_WORDS = 4_000
"""Milliseconds until the first words can be read: the page and its two styles, each a way there and back. 1,600 on two
idle cores; the rest is for machines at work."""
USABLE = 6_000
"""Milliseconds until everything is there that can be pressed, scripts too; without them it can be pressed before."""


def test_the_case_page_can_be_read_and_used_in_time(much: Stage) -> None:
    page = much.page(logged_in=False, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page.goto("about:blank")
    phone = page.context.new_cdp_session(page)
    phone.send("Network.enable")
    phone.send("Network.setCacheDisabled", {"cacheDisabled": True})
    slow = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
    phone.send("Network.emulateNetworkConditions", slow)
    phone.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(f"{much.case_link()}?lang=de", wait_until="domcontentloaded")
    ready = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    wait_until(page, "performance.getEntriesByName('first-contentful-paint').length > 0")
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    print(f"first words after {painted:.0f} ms, usable after {ready:.0f} ms")
    assert page.get_by_role("button", name="Es funktioniert jetzt").is_enabled()
    assert (painted < FIRST_WORDS, ready < USABLE) == (True, True), (painted, ready)
