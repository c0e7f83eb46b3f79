"""It works, it doesn't, how easy it was: at phone size, in both schemes, by keyboard too."""

import pytest
from playwright.sync_api import expect

from holdord.conversations.models import EffortSaid, Message
from tests.browser.conftest import Stage, picture
from tests.browser.test_pages import faults

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("en", "dark"), ("de", "light"), ("sv", "dark")])
def test_from_the_link_in_the_mail_to_the_end(stage: Stage, lang: str, scheme: str) -> None:
    page = stage.page(logged_in=False, viewport={"width": 390, "height": 844}, color_scheme=scheme)

    def looks_right(name: str) -> None:
        page.wait_for_timeout(400)  # one page fades into the next
        picture(page, f"{name}-390-{lang}-{scheme}")
        assert faults(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")

    page.goto(f"{stage.case_link()}?works=no&lang={lang}")
    looks_right("works-no")
    page.goto(f"{stage.case_link()}?works=yes&lang={lang}")
    looks_right("works-yes")
    page.locator("#works + p + .rowx .btn.main").click()
    page.wait_for_url("**done=solved**")
    looks_right("effort")
    page.locator("[name=score]").first.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.locator("#effort-word").fill("Hurtigt")
    page.locator("section[aria-labelledby=effort] .btn.main").click()
    page.wait_for_url("**done=effort**")
    assert EffortSaid.objects.values_list("score", "word").get() == (5, "Hurtigt")
    expect(page.locator("#effort")).to_have_count(0)
    page.goto(f"{stage.case_link()}?works=no&lang={lang}")
    page.locator("#not-working").fill("Den blinker igen")
    page.locator("section[aria-labelledby=works] .btn.main").click()
    page.wait_for_url("**done=not_working**")
    assert Message.objects.latest("pk").text == "Den blinker igen"
    looks_right("not-working")
