"""Promises that agents give: in a reply, on the phone, against the pool; and that they keep or let go."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from holdord.conversations import case_links
from holdord.conversations.models import Message, Participant
from holdord.promises import actions
from holdord.promises.models import HandlingTime, Pool, Promise
from holdord.promises.rules import Kind, PoolKind, Slot
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


@pytest.fixture
def asked(desk: SmallDesk) -> Message:
    return desk.writes("Hvornår kommer boksen?")


def browser(desk: SmallDesk, name: str = "Jonas") -> Client:
    client = Client()
    client.force_login(desk.agent(name))
    return client


def sheet(asked: Message) -> str:
    return f"/conversations/{asked.conversation_id}/promises/"


def earliest(page: str) -> str:
    found = re.search(r'name="when" value="([^"]+)" checked', page)
    assert found
    return found[1]


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo("Europe/Copenhagen"))


def test_the_earliest_time_that_holds_is_offered_first(desk: SmallDesk, asked: Message) -> None:
    page = browser(desk).get(f"{sheet(asked)}?kind=fix").text
    assert "the earliest that holds" in page
    assert 'value="Det virker igen"' in page  # the words the customer reads, in the customer's language
    assert page.index("the earliest that holds") < page.index("Another time")


def test_a_promise_in_a_reply_is_held_and_stands_in_the_message_and_on_the_case_page(
    desk: SmallDesk, asked: Message, clock: MovableClock
) -> None:
    jonas = browser(desk)
    when = earliest(jonas.get(f"{sheet(asked)}?kind=fix").text)
    said = {"kind": "fix", "what": "Boksen virker igen", "when": when, "how": "reply"}
    assert jonas.post(sheet(asked), said).status_code == 302
    draft = Promise.objects.get(kind="fix")
    assert (draft.state, draft.work_minutes) == ("draft", 60)
    page = jonas.get(f"/conversations/{asked.conversation_id}/").text
    assert "Boksen virker igen" in page
    assert "Leave it out" in page
    written = {"kind": "reply", "text": "Jeg ser på den.", "seen": asked.pk, "once": "a"}
    jonas.post(f"/conversations/{asked.conversation_id}/messages/", written)
    sent = Message.objects.get(kind="outbound", is_automatic=False)
    assert sent.text.startswith("Jeg ser på den.\n\nBoksen virker igen – ")
    clock.passes(seconds=20)
    desk.sends_all()
    draft.refresh_from_db()
    assert (draft.state, draft.origin) == ("open", sent)
    participant = Participant.objects.get(conversation=asked.conversation, is_customer=True)
    case_page = Client().get(f"/case/{case_links.token_for(participant)}/").text
    assert "Boksen virker igen" in case_page


def test_a_draft_can_be_left_out(desk: SmallDesk, asked: Message) -> None:
    jonas = browser(desk)
    when = earliest(jonas.get(f"{sheet(asked)}?kind=fix").text)
    jonas.post(sheet(asked), {"kind": "fix", "what": "x", "when": when, "how": "reply"})
    draft = Promise.objects.get(kind="fix")
    assert jonas.post(f"{sheet(asked)}{draft.pk}/draft/end/").status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.reason) == ("void", "left_out")


def test_a_promise_on_the_phone_is_given_at_once_noted_and_confirmed(desk: SmallDesk, asked: Message) -> None:
    jonas = browser(desk)
    when = earliest(jonas.get(f"{sheet(asked)}?kind=fix").text)
    jonas.post(sheet(asked), {"kind": "fix", "what": "Det virker igen", "when": when, "how": "phone", "confirm": "1"})
    promise = Promise.objects.get(kind="fix")
    assert (promise.state, promise.source, promise.given_by) == ("open", "phone", desk.agent("Jonas"))
    assert promise.origin is not None
    assert promise.origin.kind == "note"
    assert "Promised on the phone: Det virker igen" in promise.origin.text
    letter = Message.objects.filter(is_automatic=True).latest("pk").text
    assert letter.startswith("Som vi sagde i telefonen:\n\nDet virker igen – ")


@pytest.fixture
def full(desk: SmallDesk, asked: Message, clock: MovableClock) -> Pool:
    """Visits: two on Wednesday, none before."""
    pool = actions.add_pool(key="visits", name="Visits", kind=PoolKind.SLOTS, serves=Kind.VISIT)
    wednesday = clock.now().astimezone(ZoneInfo("Europe/Copenhagen")).date() + timedelta(days=2)
    actions.set_places(pool, [Slot(at(wednesday, 8), at(wednesday, 12), 2)], now=clock.now())
    return pool


def test_a_time_that_does_not_hold_comes_back_with_the_earliest_that_does(
    desk: SmallDesk, asked: Message, full: Pool
) -> None:
    said = {"kind": "visit", "what": "En tekniker", "when": "other", "other": "2026-03-03T09:00", "how": "phone"}
    answer = browser(desk).post(sheet(asked), said)
    assert answer.status_code == 422
    assert (
        "That time does not hold. The earliest that does: on Wednesday 4 March between 8:00 and 12:00." in answer.text
    )
    assert "Promise it all the same" not in answer.text
    assert not Promise.objects.filter(kind="visit").exists()


def test_a_lead_overrides_with_a_reason_and_nobody_else_does(desk: SmallDesk, asked: Message, full: Pool) -> None:
    said = {"kind": "visit", "what": "En tekniker", "when": "other", "other": "2026-03-03T09:00", "how": "phone"}
    assert "Promise it all the same" in browser(desk, "Hanne").post(sheet(asked), said).text
    assert browser(desk).post(sheet(asked), {**said, "reason": "jeg vil"}).status_code in {403, 409, 422}
    assert not Promise.objects.filter(kind="visit").exists()
    assert browser(desk, "Hanne").post(sheet(asked), {**said, "reason": "Jeg kører selv"}).status_code == 302
    assert Promise.objects.get(kind="visit").override_reason == "Jeg kører selv"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"what": ""}, "Say what is promised."),
        ({"when": "", "other": ""}, "Say by when."),
        ({"when": "soon"}, "This is not a time."),
        ({"when": "other", "other": "2020-01-01T10:00"}, "Choose a time that is still to come."),
    ],
)
def test_what_is_missing_is_said(desk: SmallDesk, asked: Message, said: dict[str, str], fault: str) -> None:
    whole = {"kind": "update", "what": "Du hører fra os", "when": "other", "other": "2026-03-03T09:00", "how": "phone"}
    answer = browser(desk).post(sheet(asked), {**whole, **said})
    assert answer.status_code == 422
    assert fault in answer.text


def test_it_is_kept_or_let_go_beside_the_customer(desk: SmallDesk, asked: Message) -> None:
    jonas = browser(desk)
    for what in ("Et", "To"):
        said = {"kind": "update", "what": what, "when": "other", "other": "2026-03-03T09:00", "how": "phone"}
        jonas.post(sheet(asked), said)
    first, second = Promise.objects.filter(kind="update").order_by("pk")
    assert jonas.get(f"/conversations/{asked.conversation_id}/").text.count("They let it go") == 2
    jonas.post(f"{sheet(asked)}{first.pk}/keeping/")
    jonas.post(f"{sheet(asked)}{second.pk}/release/")
    assert [Promise.objects.get(pk=each.pk).state for each in (first, second)] == ["kept", "released"]
    assert jonas.post(f"{sheet(asked)}{first.pk}/keeping/").status_code == 409


def test_an_answer_is_kept_by_writing_it_alone(desk: SmallDesk, asked: Message) -> None:
    answer = Promise.objects.get(kind="answer")
    assert browser(desk).post(f"{sheet(asked)}{answer.pk}/keeping/").status_code == 404


def test_others_can_not_promise_in_it(desk: SmallDesk, asked: Message) -> None:
    stranger = small_desk()
    client = Client()
    client.force_login(stranger.agent("Jonas"))
    assert client.get(sheet(asked)).status_code == 403
    assert client.post(sheet(asked), {"kind": "fix"}).status_code == 403


def test_how_long_answers_take_is_measured(desk: SmallDesk, asked: Message, clock: MovableClock) -> None:
    opened = clock.now()
    clock.passes(minutes=12)
    written = {"kind": "reply", "text": "Svar", "seen": asked.pk, "once": "b", "opened": opened.isoformat()}
    browser(desk).post(f"/conversations/{asked.conversation_id}/messages/", written)
    row = HandlingTime.objects.get()
    assert (row.kind, row.measured, round(row.minutes)) == ("answer", 1, 12)
