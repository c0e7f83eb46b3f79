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
from holdord.promises.rules import Kind, PoolKind, Slot, Time
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


ODD = ["9999-12-31T23:59", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-03-02T10:00\0", "2026-99-99"]


@pytest.mark.parametrize("other", ODD)
@pytest.mark.parametrize("kind", ["fix", "refund", "update"])
def test_odd_times_are_refused_kindly(desk: SmallDesk, asked: Message, other: str, kind: str) -> None:
    said = {"kind": kind, "what": "x", "when": "other", "other": other, "how": "reply"}
    for more in ({}, {"show": "1"}, {"reason": "Fordi"}):
        assert browser(desk, "Hanne").post(sheet(asked), {**said, **more}).status_code in {200, 422}
    assert not Promise.objects.filter(kind=kind).exists()


@pytest.mark.parametrize(
    "when",
    ["2026-03-03T12:00+00:00~2026-03-03T14:00+00:00", "9999-12-31T23:59+00:00~", "0001-01-01T00:00+14:00~"],
)
def test_odd_windows_are_refused_kindly(desk: SmallDesk, asked: Message, when: str) -> None:
    said = {"kind": "fix", "what": "x", "when": when, "how": "reply", "reason": "Fordi"}
    assert browser(desk, "Hanne").post(sheet(asked), said).status_code == 422


def test_nobody_promises_a_slot_that_is_over(desk: SmallDesk, asked: Message, clock: MovableClock) -> None:
    pool = actions.add_pool(key="calls", name="Calls", kind=PoolKind.SLOTS, serves=Kind.CALLBACK)
    at_noon = clock.now() + timedelta(hours=2)
    actions.set_places(pool, [Slot(at_noon, at_noon + timedelta(hours=1), 1)], now=clock.now())
    said = {"kind": "callback", "what": "x", "when": "other", "other": "2026-03-01T10:00", "how": "reply"}
    answer = browser(desk, "Hanne").post(sheet(asked), {**said, "reason": "Fordi"})
    assert answer.status_code == 422
    assert not Promise.objects.filter(kind="callback").exists()


def test_a_promise_is_not_moved_to_the_time_it_has(desk: SmallDesk, asked: Message, clock: MovableClock) -> None:
    promise = Promise.objects.get(kind="answer")
    hanne = desk.agent("Hanne")
    to = promise.due_at + timedelta(hours=4)
    actions.move(promise, to=to, reason="Syg", by=hanne, told_by=None, now=clock.now())
    promise = Promise.objects.select_related("conversation__inbox").get(pk=promise.pk)
    for reason in ("", "Fordi"):
        with pytest.raises(actions.NoTime):
            actions.move_with_letter(
                promise, Time(to), reason="Syg", text="x", by=hanne, now=clock.now(), override_reason=reason
            )


@pytest.mark.parametrize("other", ODD)
def test_odd_times_to_move_to_are_refused_kindly(desk: SmallDesk, asked: Message, other: str) -> None:
    promise = Promise.objects.get(kind="answer")
    address = f"/conversations/{asked.conversation_id}/promises/{promise.pk}/move/"
    hanne = browser(desk, "Hanne")
    said = {"when": "other", "other": other, "reason": "Syg", "text": "x", "override_reason": "Fordi"}
    assert hanne.post(address, said).status_code in {200, 422}
    assert hanne.post(address, {**said, "show": "1"}).status_code in {200, 422}
    assert hanne.get(address, {"other": other, "when": "other"}).status_code == 200


@pytest.mark.parametrize("other", ODD)
def test_odd_times_of_news_are_refused_kindly(desk: SmallDesk, asked: Message, other: str) -> None:
    said = {"kind": "reply", "text": "x", "not_the_answer": "on", "update_by": other, "once": "a"}
    answer = browser(desk).post(f"/conversations/{asked.conversation_id}/messages/", said)
    assert answer.status_code in {200, 422}
    assert not Promise.objects.filter(kind="update").exists()


def test_numbers_longer_than_any_key_are_nobody(desk: SmallDesk, asked: Message) -> None:
    hanne, number = browser(desk, "Hanne"), "9" * 5000
    assert hanne.get(f"/board/?team={number}").status_code == 200
    assert hanne.post(f"/conversations/{asked.conversation_id}/owner/", {"to": number}).status_code == 404


def test_the_thread_names_also_what_was_promised_long_ago(desk: SmallDesk, asked: Message, clock: MovableClock) -> None:
    jonas = browser(desk)
    for number in range(14):
        clock.passes(seconds=60)
        due_at = (clock.now() + timedelta(days=2)).isoformat()
        said = {"kind": "other", "what": f"Ting nummer {number}.", "when": "other", "other": due_at, "how": "phone"}
        assert jonas.post(sheet(asked), said).status_code == 302
    page = jonas.get(f"/conversations/{asked.conversation_id}/?all=1").text
    assert all(f"Promised: “Ting nummer {number}.”" in page for number in range(14))
