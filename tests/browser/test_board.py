"""The board in a real browser: no accessibility fault, told and moved by the keyboard alone, and live."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from holdord.conversations import actions as answers
from holdord.conversations import jobs as conversation_jobs
from holdord.conversations.models import Conversation, Message
from holdord.kernel import clock
from holdord.kernel.moments import Precision
from holdord.people.models import Membership
from holdord.promises import actions, jobs
from holdord.promises.actions import Given
from holdord.promises.models import Pool, Promise, Telling
from holdord.promises.rules import Kind, PoolKind, Slot, Source, Terms
from tests.browser.conftest import Stage, picture
from tests.browser.test_pages import WIDTHS, look_at
from tests.factories import fresh

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def day(ahead: int, hour: int) -> datetime:
    zone = ZoneInfo("Europe/Copenhagen")
    return datetime.combine(clock.now().astimezone(zone).date() + timedelta(days=ahead), time(hour), zone)


def places(pool: Pool, by_day: dict[int, int]) -> None:
    slots = [Slot(day(ahead, 8), day(ahead, 16), number) for ahead, number in by_day.items()]
    actions.set_places(pool, slots, now=clock.now())


def promise_in(stage: Stage, pool: Pool, *, by: str, what: str, language: str = "da") -> Promise:
    conversation = fresh(stage.desk.writes("Hvornår?", by=by, subject=what, detected_language=language).conversation)
    terms = Terms(kind=Kind(pool.serves), what=what, due_at=day(1, 17), precision=Precision.DAY, places=((pool.pk, 1),))
    return actions.give(conversation, terms, Given(source=Source.AGENT), now=clock.now())


def full_board(stage: Stage) -> Pool:
    """Thursday 13:22: a technician is ill, parcels no longer fit, Jonas has too much, one promise was broken."""
    jonas = stage.desk.agent("Jonas")
    Membership.objects.get_or_create(agent=stage.maja, team=stage.desk.team)
    broken = Promise.objects.get(conversation__subject="Kortet er spærret")
    actions.break_promise(broken, now=clock.now())
    pool = actions.add_pool(key="parcels", name="Parcels", kind=PoolKind.FLOW, serves=Kind.DELIVERY)
    places(pool, {0: 0, 1: 9, 4: 9, 5: 9})
    for number in range(5):
        promise_in(stage, pool, by=f"gave{number}@post.example", what="Din julegave kommer")
    visits = actions.add_pool(key="visits", name="Technician visits", kind=PoolKind.FLOW, serves=Kind.VISIT)
    places(visits, {0: 0, 1: 2, 4: 4})
    promise_in(stage, visits, by="inge@post.example", what="Tekniker hos Inge Møller")
    places(visits, {1: 0})
    places(pool, {1: 0})
    owned = Promise.objects.running().filter(kind="answer").order_by("pk")[1:3]
    for promise in owned:
        Conversation.objects.filter(pk=promise.conversation_id).update(owner=jonas, owned_since=clock.now())
    Promise.objects.filter(pk__in=[promise.pk for promise in owned]).update(owner=jonas, work_minutes=130)
    Promise.objects.running().filter(kind="answer", conversation=stage.first.conversation).update(warn_at=clock.now())
    jobs.check_pools()
    return pool


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_board_and_its_sheets_have_no_fault(stage: Stage, scheme: str, width: str) -> None:
    pool = full_board(stage)
    wide, high = WIDTHS[width]
    page = stage.page(viewport={"width": wide, "height": high}, color_scheme=scheme)
    jonas = stage.desk.agent("Jonas")
    moved = Promise.objects.get(kind="visit")
    telling = actions.begin_telling(
        Pool.objects.get(key="visits"), reason="Sygdom.", choices=[], by=stage.maja, now=clock.now()
    )
    addresses = {
        "board": "/board/",
        "tell-pool": f"/board/pools/{pool.pk}/tellings/",
        "telling": f"/board/tellings/{telling.pk}/",
        "share-out": f"/board/people/{jonas.pk}/work/",
        "move-promise": f"/conversations/{moved.conversation_id}/promises/{moved.pk}/move/",
    }
    assert look_at(stage, page, addresses, suffix=f"{width}-{scheme}") == {}


@pytest.mark.parametrize("language", ["da", "nb", "sv", "de"])
def test_the_board_fits_in_every_language(stage: Stage, language: str) -> None:
    pool = full_board(stage)
    stage.maja.language = language
    stage.maja.save()
    addresses = {"board": "/board/", "tell-pool": f"/board/pools/{pool.pk}/tellings/"}
    for width in ("1440", "390"):
        wide, high = WIDTHS[width]
        page = stage.page(viewport={"width": wide, "height": high})
        assert look_at(stage, page, addresses, suffix=f"{width}-{language}") == {}


def goes_to(page: Page, name: str, *, most: int = 60) -> None:
    """Tab until the focus is on what is called so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "document.activeElement.matches('a, button, input, select') ? document.activeElement.textContent : ''"
        )
        if name in here:
            return
    pytest.fail(f"no way to {name} with the keyboard")


def test_telling_many_by_the_keyboard_alone(stage: Stage) -> None:
    full_board(stage)
    page = stage.page()
    page.keyboard.press("g")
    page.keyboard.press("b")
    expect(page.locator("h1")).to_have_text("Seven promises are at risk. One can still be kept.")
    goes_to(page, "Tell 5 customers")
    page.keyboard.press("Enter")
    expect(page.locator("#tell-reason")).to_be_focused()
    expect(page.locator("#sheet")).not_to_have_class(re.compile("htmx-"))  # the dialog is drawn, and listens
    page.keyboard.type("Lageret er tomt.")
    page.keyboard.press("Tab")
    expect(page.locator("#tell-letters")).to_contain_text("Lageret er tomt.")
    expect(page.locator("#tell-letters")).to_contain_text("mandag den 9. marts")
    page.locator("#tell-reason").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/board/tellings/**")
    assert Telling.objects.get().choices == ["keep", "other_time", "money_back", "let_go"]
    while jobs.tell_late():  # a round ends after its time
        pass
    page.reload()
    expect(page.locator("h1")).to_have_text("Parcels: told 5 of 5")


def test_moving_one_by_the_keyboard_alone(stage: Stage) -> None:
    full_board(stage)
    promise = Promise.objects.get(kind="visit")
    page = stage.page()
    page.goto(f"{stage.address}/board/")
    goes_to(page, "Tell 5 customers")
    card = page.locator(f"#promise-{promise.pk} a", has_text="Move and tell")
    for _ in range(20):
        if card.evaluate("link => link === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#move-reason")).to_be_focused()
    expect(page.locator("#move-text")).to_have_value(re.compile("mandag den 9. marts"))
    page.keyboard.type("Teknikeren er syg.")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Moved, and the customer is told.")
    promise.refresh_from_db()
    assert (promise.state, promise.due_at) == ("moved", day(4, 17))
    assert "Teknikeren er syg." in Message.objects.get(author=stage.maja, kind="outbound").text
    expect(page.locator("h1")).to_have_text("Six promises are at risk. One can still be kept.")


def test_a_part_changes_by_itself_but_not_under_the_pointer(stage: Stage) -> None:
    pool = full_board(stage)
    page = stage.page()
    page.goto(f"{stage.address}/board/")
    page.locator("#board-risk article").first.hover()
    places(pool, {1: 9})
    jobs.check_pools()
    page.evaluate("document.body.dispatchEvent(new CustomEvent('holdord:changed'))")
    expect(page.locator("h1")).to_have_text("Two promises are at risk. One can still be kept.")
    expect(page.locator("#board-risk article")).to_have_count(3)
    page.mouse.move(2, 2)
    expect(page.locator("#board-risk article")).to_have_count(2, timeout=10_000)


def what_was_said_twice(stage: Stage) -> None:
    """One customer says no for the second time, and is sent an insult all the same; another tells two numbers."""
    for text in ("Jeg vil gerne opsige mit abonnement. Kundenummer 4433.", "Nej. Jeg vil opsige. Kundenummer 4455."):
        last = stage.desk.writes(text, by="jorgen.lindholm@post.example", conversation=stage.first.conversation)
    while conversation_jobs.hear_messages():
        pass
    now = clock.now()
    reply = answers.reply(
        stage.first.conversation, by=stage.maja, text="Det er din egen skyld.", seen=last, not_before=now, now=now
    )
    answers.send_anyway(reply, slips=["insult"], reason="Kunden bad om klar tale", by=stage.maja, now=now)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("width", ["1440", "390"])
def test_what_was_said_twice_and_sent_anyway_has_no_fault(stage: Stage, width: str, language: str) -> None:
    what_was_said_twice(stage)
    stage.maja.language = language
    stage.maja.save()
    wide, high = WIDTHS[width]
    page = stage.page(viewport={"width": wide, "height": high})
    places = {"board-said-twice": "/board/", "told-differently": f"/conversations/{stage.first.conversation_id}/"}
    assert look_at(stage, page, places, suffix=f"{width}-{language}") == {}
    page.goto(f"{stage.address}/board/")
    expect(page.locator("main")).to_contain_text("Kunden bad om klar tale")
    picture(page, f"board-whole-{width}-{language}", full_page=True)
