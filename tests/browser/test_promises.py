"""Promises with the keyboard alone, on the desk and on the customer's page; and how they look."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from holdord.kernel import clock as the_clock
from holdord.kernel.moments import Precision
from holdord.promises import actions
from holdord.promises.actions import Given
from holdord.promises.models import Move, Promise
from holdord.promises.rules import Kind, PoolKind, Slot, Source, Terms
from tests.browser.conftest import Stage
from tests.browser.test_pages import WIDTHS, look_at
from tests.factories import fresh

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ZONE = ZoneInfo("Europe/Copenhagen")


@pytest.fixture
def promised(stage: Stage) -> Stage:
    """Call-back slots tomorrow; a parcel that comes a day later than promised; a repair in the reply Maja writes."""
    now = the_clock.now()
    tomorrow = now.astimezone(ZONE).date() + timedelta(days=1)
    calls = actions.add_pool(key="calls", name="Call-backs", kind=PoolKind.SLOTS, serves=Kind.CALLBACK)
    slots = [(datetime.combine(tomorrow, time(hour), ZONE)) for hour in (9, 10, 11, 13)]
    actions.set_places(calls, [Slot(at, at + timedelta(hours=1), 2) for at in slots], now=now)
    parcels = actions.add_pool(key="parcels", name="Parcels", kind=PoolKind.FLOW, serves=Kind.DELIVERY)
    days = [tomorrow + timedelta(days=day) for day in (0, 3, 4, 5, 6)]
    work = [(datetime.combine(day, time(8), ZONE), datetime.combine(day, time(16), ZONE)) for day in days]
    actions.set_places(parcels, [Slot(*span, 5) for span in work], now=now)
    case = fresh(stage.first.conversation)
    terms = Terms(
        kind=Kind.DELIVERY,
        what="Ny boks hos dig, klar til at sætte til",
        due_at=datetime.combine(tomorrow, time(17), ZONE),
        precision=Precision.DAY,
        places=((parcels.pk, 1),),
    )
    parcel = actions.give(case, terms, Given(source=Source.AGENT, by=stage.maja), now=now)
    actions.move_and_tell(parcel, to=None, reason="Bilen er gået i stykker.", by=stage.maja, now=now)
    repair = Terms(kind=Kind.FIX, what="Den gamle boks virker igen", work=timedelta(minutes=30))
    actions.give(case, repair, Given(source=Source.AGENT, by=stage.maja, is_draft=True), now=now)
    return stage


def pages(stage: Stage) -> dict[str, str]:
    number = stage.first.conversation_id
    return {
        "promises-conversation": f"/conversations/{number}/",
        "promises-sheet": f"/conversations/{number}/promises/?kind=callback",
    }


def public(stage: Stage, language: str = "en") -> dict[str, str]:
    return {
        "promises-case": stage.case_link().removeprefix(stage.address) + f"?lang={language}",
        "promises-form": f"/write/{stage.desk.inbox.slug}/?lang={language}",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_have_no_fault(promised: Stage, scheme: str, width: str) -> None:
    wide, high = WIDTHS[width]
    page = promised.page(viewport={"width": wide, "height": high}, color_scheme=scheme)
    assert look_at(promised, page, pages(promised) | public(promised), suffix=f"{width}-{scheme}") == {}


@pytest.mark.parametrize("language", ["da", "nb", "sv", "de"])
def test_they_fit_in_every_language(promised: Stage, language: str) -> None:
    promised.maja.language = language
    promised.maja.save()
    for width in ("1440", "390"):
        wide, high = WIDTHS[width]
        page = promised.page(viewport={"width": wide, "height": high})
        assert look_at(promised, page, pages(promised) | public(promised, language), suffix=f"{width}-{language}") == {}


def opened(stage: Stage) -> Page:
    page = stage.page()
    page.goto(f"{stage.address}/conversations/{stage.first.conversation_id}/")
    return page


def test_p_and_a_letter_promise_the_earliest_time_that_holds(promised: Stage) -> None:
    page = opened(promised)
    page.keyboard.press("p")
    page.keyboard.press("c")
    expect(page.locator("#promise-title")).to_be_visible()
    expect(page.locator("#promise-kind")).to_have_value("callback")
    expect(page.locator("[name=when]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator("#draft")).to_be_focused()
    expect(page.locator("#drafted")).to_contain_text("Vi ringer til dig")
    assert Promise.objects.get(kind="callback").state == "draft"
    page.locator("#draft").focus()
    page.keyboard.type("Hej Jørgen. Jeg ringer i morgen.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".msg.out").last).to_contain_text("Vi ringer til dig – ")
    expect(page.locator("#drafted")).to_have_count(0)


def test_what_opened_the_sheet_has_the_focus_again_when_it_is_done(promised: Stage) -> None:
    page = opened(promised)
    page.locator("[data-promise]").click()
    expect(page.locator("[name=when]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator("#drafted").first).to_be_visible()
    expect(page.locator("[data-promise]")).to_be_focused()  # though the conversation was drawn anew


def test_another_kind_shows_its_own_times_and_keeps_what_was_typed_of_it(promised: Stage) -> None:
    page = opened(promised)
    page.keyboard.press("p")
    expect(page.locator("#promise-title")).to_be_visible()
    page.select_option("#promise-kind", "delivery")
    expect(page.locator("#promise-what")).to_have_value("Din pakke kommer")
    expect(page.locator("#give-promise")).to_contain_text("on Friday 6 March")


def test_a_promise_is_left_out_of_the_reply_and_the_text_stays(promised: Stage) -> None:
    page = opened(promised)
    page.locator("#draft").fill("Hej Jørgen")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved")
    page.get_by_role("button", name="Leave it out").click()
    expect(page.locator("#drafted")).to_have_count(0)
    expect(page.locator("#draft")).to_have_value("Hej Jørgen")
    assert Promise.objects.get(kind="fix").state == "void"


def test_the_customer_decides_with_the_keyboard_and_without_script(promised: Stage) -> None:
    page = promised.page(logged_in=False, java_script_enabled=False)
    page.goto(f"{promised.case_link()}?lang=en")
    page.get_by_role("button", name="Take this time").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Your time is held.")
    assert Move.objects.order_by("pk")[0].chosen == "other_time"
    page.get_by_label("Phone number").fill("20 30 40 50")
    page.get_by_role("button", name="Call me then").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("We call you.")
    expect(page.locator("main")).to_contain_text("between 9:00 and 10:00")
    looking = promised.page(logged_in=False, viewport={"width": 390, "height": 844})
    assert look_at(promised, looking, public(promised, "de"), suffix="390-de-called") == {}
    page.goto(f"{promised.case_link()}?lang=en")
    page.get_by_role("button", name="You need not call me").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("We do not call you.")
    assert Promise.objects.get(kind="callback").state == "released"
