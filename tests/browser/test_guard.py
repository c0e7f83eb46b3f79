"""The guard beside the text, in a real browser: live, marked, mended by keyboard, never in the way."""

import pytest
from playwright.sync_api import Page, expect

from holdord.conversations import actions
from holdord.conversations.models import Request, RequestState
from holdord.kernel import clock as the_clock
from tests.browser.conftest import Stage, picture
from tests.browser.test_pages import WIDTHS, faults

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DRAFT = (
    "Hej Jørgen\n\nDet er desværre vores leverandør, der har lavet fejlen. Hvilken fejlkode står der på skærmen?\n\n"
    "Jeg sender dig en ny boks uden beregning."
)


def open_draft(stage: Stage, text: str, **options: object) -> Page:
    page = stage.page(**options)
    page.goto(f"{stage.address}/conversations/{stage.first.conversation_id}/")
    with page.expect_response("**/draft/guard/"):
        page.fill("#draft", text)
    return page


def test_flags_stand_beside_the_text_and_mark_it(stage: Stage) -> None:
    page = open_draft(stage, "I kan ringe til Peter på telefon 22 33 44 55.")
    flag = page.locator("#guard .flag")
    expect(flag).to_have_count(1)
    expect(flag).to_contain_text("They never told us this")
    expect(page.locator("#marks .slip")).to_have_text("22 33 44 55")
    page.keyboard.press("Control+.")
    expect(flag.locator("button")).to_be_focused()
    with page.expect_response("**/draft/guard/"):
        page.keyboard.press("Enter")
    assert "22 33" not in page.input_value("#draft")
    expect(page.locator("#guard")).to_be_hidden()


def test_the_keys_are_never_held_up(stage: Stage) -> None:
    page = stage.page()
    page.goto(f"{stage.address}/conversations/{stage.first.conversation_id}/")
    page.route("**/draft/guard/", lambda route: route.abort())
    page.fill("#draft", "Noget")
    expect(page.locator("#guard")).to_contain_text("The check failed")
    page.locator("#draft").press_sequentially(" mere")
    assert page.input_value("#draft") == "Noget mere"


def test_a_request_stands_above_the_messages_and_is_judged_with_one_key(stage: Stage) -> None:
    actions.hear(
        stage.desk.writes(
            "Jeg vil gerne opsige mit abonnement.",
            by="jorgen.lindholm@post.example",
            conversation=stage.first.conversation,
        ),
        now=the_clock.now(),
    )
    page = stage.page()
    page.goto(f"{stage.address}/conversations/{stage.first.conversation_id}/")
    asks = page.locator(".asks li")
    expect(asks).to_contain_text("Cancel")
    expect(asks).to_contain_text("said once")
    picture(page, "asks-1440-light")
    page.keyboard.press("y")
    expect(asks.locator("button").first).to_have_text("Done")
    page.keyboard.press("d")
    expect(page.locator(".asks [data-key=d]")).to_have_count(0)
    assert Request.objects.get().state == RequestState.FULFILLED


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_guard_has_no_fault(stage: Stage, scheme: str, width: str) -> None:
    wide, high = WIDTHS[width]
    page = open_draft(stage, DRAFT, viewport={"width": wide, "height": high}, color_scheme=scheme)
    picture(page, f"guard-{width}-{scheme}")
    assert faults(page) == []
