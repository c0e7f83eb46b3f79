"""What people need is in sight: not cut off, not scrolled away, and the keys are those of their keyboard."""

import pytest
from playwright.sync_api import Page, expect

from holdord.conversations.actions import ask
from holdord.conversations.models import RequestKind
from holdord.fulfilment import jobs
from holdord.kernel import clock as the_clock
from holdord.people.models import Agent
from tests.browser.conftest import Stage, picture
from tests.fulfilment.conftest import asked, company

__all__ = ["company"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CUT = "element => element.scrollWidth > element.clientWidth"


def in_german(stage: Stage) -> None:
    Agent.objects.filter(pk=stage.maja.pk).update(language="de")


def conversation(stage: Stage, **options: object) -> Page:
    page = stage.page(**options)
    page.goto(f"{stage.address}/conversations/{stage.first.conversation_id}/")
    return page


def test_what_was_done_says_all_and_can_be_undone(stage: Stage, company) -> None:
    company("shop", stage.desk.inbox, "cancel")
    in_german(stage)
    asked(stage.first.conversation, "cancel")
    while jobs.carry_out_next():
        pass
    page = conversation(stage)
    row = page.locator(".asks li").filter(has=page.get_by_role("button", name="Rückgängig"))
    picture(page, "undo-1440-light-de")
    assert not row.locator(".since").evaluate(CUT)
    pane, button = page.locator("#talk").bounding_box(), row.get_by_role("button").bounding_box()
    assert button["x"] + button["width"] <= pane["x"] + pane["width"]


def test_a_refused_reply_shows_what_is_marked_with_its_heading(stage: Stage) -> None:
    page = conversation(stage, viewport={"width": 1440, "height": 700})
    page.fill("#draft", "I send a box. I will call you. Our supplier is to blame. We refund it.\n" * 4)
    expect(page.locator("#guard .flag").first).to_be_visible()
    page.locator("#guard").evaluate("guard => (guard.scrollTop = 1000)")
    with page.expect_response("**/messages/"):
        page.locator("[data-send]").click()
    expect(page.locator("#composer .banner")).to_be_visible()
    picture(page, "refused-1440-light")
    guard, title = page.locator("#guard").bounding_box(), page.locator("#guard-title").bounding_box()
    assert guard["y"] <= title["y"]
    assert title["y"] + title["height"] <= 700


@pytest.mark.parametrize(("platform", "mac"), [("Linux x86_64", False), ("Win32", False), ("MacIntel", True)])
def test_the_keys_shown_are_those_of_the_keyboard(stage: Stage, platform: str, mac: bool) -> None:
    in_german(stage)
    page = stage.page()
    page.add_init_script(f"Object.defineProperty(navigator, 'platform', {{ get: () => '{platform}' }})")
    page.goto(f"{stage.address}/next/")
    key = page.locator(".nav [data-palette] kbd")
    expect(key.locator(".of-mac")).to_be_visible(visible=mac)
    word = key.locator(".of-others").evaluate("key => getComputedStyle(key, '::before').content")
    assert key.locator(".of-others").is_visible() is not mac
    assert word == '"Strg+"'


def test_the_fields_of_a_row_stand_on_one_line_and_the_open_page_is_in_sight(stage: Stage) -> None:
    in_german(stage)
    page = stage.page()
    page.goto(f"{stage.address}/settings/pools/")
    picture(page, "pools-1440-light-de")
    fields = page.locator(".row3 .input").all()
    assert len({round(field.bounding_box()["y"]) for field in fields}) == 1
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{stage.address}/settings/texts/")
    picture(page, "texts-390-light-de")
    expect(page.locator(".subnav [aria-current]")).to_be_in_viewport()


def test_a_name_or_a_line_that_is_cut_says_so(stage: Stage) -> None:
    stage.desk.writes("Hej", by="long@post.example", name="Maximiliane von Hohenberg-Lichtenstein zu Sonnenfels")
    ask(stage.first.conversation, RequestKind.CANCEL, now=the_clock.now())
    page = stage.page()
    picture(page, "rows-1440-light")
    for line in page.locator("#list .next :is(.name, .why > span:not(.sr))").all():
        assert not line.evaluate(CUT) or line.evaluate("line => getComputedStyle(line).display") == "block"
    assert not any(asked.evaluate(CUT) for asked in page.locator("#list .ask").all())
