"""All my cases, by a link in the mail: at three widths, in both schemes, without script."""

import pytest
from playwright.sync_api import expect

from holdord.channels.models import SignIn
from holdord.channels.sign_in.proving import token_for
from tests.browser.conftest import Stage, picture
from tests.browser.test_pages import faults

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "lang"), [(390, "de"), (1440, "en"), (1024, "nb")])
def test_from_the_address_to_the_case(stage: Stage, scheme: str, width: int, lang: str) -> None:
    page = stage.page(logged_in=False, viewport={"width": width, "height": 844}, color_scheme=scheme)

    def looks_right(name: str) -> None:
        page.wait_for_timeout(400)
        picture(page, f"{name}-{width}-{lang}-{scheme}")
        assert faults(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")

    page.goto(f"{stage.address}/mine/?lang={lang}")
    looks_right("mine")
    page.locator("#id_email").fill("jorgen.lindholm@post.example")
    page.locator("form .btn.main").click()
    page.wait_for_url("**sent=1**")
    looks_right("mine-sent")
    page.goto(f"{stage.address}/mine/in/{token_for(SignIn.objects.get())}/")
    looks_right("mine-in")
    page.locator("form .btn.main").click()
    expect(page.locator(".acts b")).to_have_text("Boksen virker ikke")
    looks_right("mine-cases")
    assert page.context.cookies() == []
