"""The guard beside the text, in a real browser: live, marked, mended by keyboard, never in the way."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from holdord.conversations import actions
from holdord.conversations.models import Request, RequestState
from holdord.kernel import clock as the_clock
from holdord.people.models import Agent
from holdord.promises import actions as promises
from holdord.promises.models import Promise
from holdord.promises.rules import Kind as PromiseKind
from holdord.promises.rules import PoolKind, Slot
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


FOUND = "Kære Jørgen\n\nVi sender dig en ny boks i morgen."


def test_a_promise_in_the_text_is_given_with_two_keys(stage: Stage) -> None:
    page = open_draft(stage, FOUND)
    page.set_input_files("[name=attached]", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    button = page.locator("#captured .promise button")
    expect(button).to_have_text(re.compile("Promise tomorrow"))
    page.keyboard.press("Control+.")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#drafted")).to_contain_text("Vi sender dig en ny boks")
    expect(page.locator("#captured")).to_be_hidden()
    assert page.input_value("#draft") == FOUND
    page.get_by_role("button", name="Leave it out").click()
    expect(page.locator("#captured .promise button")).to_be_visible()
    assert page.evaluate("document.querySelector('[name=attached]').files.length") == 1


def test_a_time_that_does_not_hold_is_replaced_in_the_text_with_one_press(stage: Stage) -> None:
    pool = promises.add_pool(key="parcels", name="Pakker", kind=PoolKind.FLOW, serves=PromiseKind.DELIVERY)
    midnight = the_clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight + timedelta(days=day) for day in range(14)]
    slots = [Slot(day, day + timedelta(hours=12), 0 if at < 5 else 9) for at, day in enumerate(days)]
    promises.set_places(pool, slots, now=the_clock.now())
    page = open_draft(stage, FOUND)
    card = page.locator("#captured .promise")
    expect(card).to_contain_text("No room left in “Pakker”")
    expect(card.locator("s")).to_have_text("tomorrow")
    card.get_by_role("button").click()
    expect(page.locator("#drafted")).to_contain_text("Vi sender dig en ny boks")
    assert "i morgen" not in page.input_value("#draft")
    given = Promise.objects.get(state="draft")
    assert given.due_at.date() == days[5].date()
    with page.expect_response("**/draft/guard/"):
        page.locator("#draft").press("End")
        page.keyboard.type(" Hilsen")
    expect(page.locator("#captured")).to_be_hidden()
    assert "This time does not hold" not in page.locator("#guard").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_found_promise_has_no_fault(stage: Stage, scheme: str, width: str) -> None:
    Agent.objects.filter(name="Maja Thomsen").update(language="de")
    wide, high = WIDTHS[width]
    page = open_draft(stage, f"{FOUND} {INSULTED}", viewport={"width": wide, "height": high}, color_scheme=scheme)
    expect(page.locator("#captured .promise button")).to_be_visible()
    picture(page, f"captured-{width}-{scheme}")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


INSULTED = "Det er desværre vores leverandør, der har lavet fejlen."


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
