"""Promises found in the words of a reply: given with one press, at a time that holds."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from holdord.conversations.models import Draft, Message
from holdord.kernel import clock as the_clock
from holdord.promises import actions
from holdord.promises.actions import Given
from holdord.promises.models import Pool, Promise
from holdord.promises.rules import Kind, PoolKind, Slot, Source, Terms
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk

pytestmark = pytest.mark.django_db

# Friday in a week, long after anything else that is owed.
WRITTEN = {
    "da": ("Vi sender dig en ny boks fredag den 13. marts.", "Vi sender dig en ny boks", "Lov"),
    "nb": ("Vi sender deg en ny boks fredag 13. mars.", "Vi sender deg en ny boks", "Lov"),
    "sv": ("Vi skickar en ny box till dig fredag den 13 mars.", "Vi skickar en ny box till dig", "Lova"),
    "de": ("Wir schicken Ihnen am Freitag, 13. März, eine neue Box.", "Wir schicken Ihnen eine neue Box", "zusagen"),
    "en": ("We will send you a new box on Friday 13 March.", "We will send you a new box", "Promise"),
}


class Writer:
    """Jonas, who writes a reply."""

    def __init__(self, desk: SmallDesk, message: Message) -> None:
        self.path, self.client = f"/conversations/{message.conversation_id}", Client()
        self.client.force_login(desk.agent("Jonas"))

    def margin(self, text: str) -> str:
        return self.client.post(f"{self.path}/draft/guard/", {"kind": "reply", "text": text}).text

    def presses(self, text: str, number: int = 0) -> int:
        fields = {"kind": "reply", "text": text, "captured": str(number)}
        return self.client.post(f"{self.path}/draft/promise/", fields).status_code


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Thu 10:00")
    return small_desk()


@pytest.fixture
def writer(desk: SmallDesk) -> Writer:
    return Writer(desk, desk.writes("Boksen virker ikke."))


def parcels(desk: SmallDesk, *first: int) -> None:
    """A pool of parcels, with so many places a day from tomorrow on."""
    pool = actions.add_pool(key="parcels", name="Parcels", kind=PoolKind.FLOW, serves=Kind.DELIVERY)
    midnight = the_clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight + timedelta(days=day + 1) for day in range(30)]
    places = [*first, *[9] * (len(days) - len(first))]
    slots = [Slot(day, day + timedelta(hours=15), places[at]) for at, day in enumerate(days)]
    actions.set_places(pool, slots, now=the_clock.now())


@pytest.mark.parametrize("language", WRITTEN)
def test_a_promise_in_the_text_is_shown_and_given_with_one_press(desk: SmallDesk, language: str) -> None:
    text, what, button = WRITTEN[language]
    agent = desk.agent("Jonas")
    agent.language = language
    agent.save()
    writer = Writer(desk, desk.writes("Boksen virker ikke.", detected_language=language))
    margin = writer.margin(text)
    assert what in margin
    assert button in margin.partition('id="captured"')[2]
    assert writer.presses(text) == 302
    given = Promise.objects.get(state="draft")
    assert (given.kind, given.precision) == ("delivery", "day")
    assert what in given.what
    assert "13" not in given.what
    assert given.due_at.date().isoformat() == "2026-03-13"
    assert 'name="captured"' not in writer.margin(text)


def test_what_it_promises_goes_with_the_reply(desk: SmallDesk, writer: Writer) -> None:
    text = WRITTEN["da"][0]
    writer.presses(text)
    message = Message.objects.latest("pk")
    sent = writer.client.post(f"{writer.path}/messages/", {"kind": "reply", "text": text, "seen": str(message.pk)})
    assert sent.status_code == 302
    assert Promise.objects.get(state="draft").origin == Message.objects.latest("pk")


@pytest.mark.parametrize("language", WRITTEN)
def test_a_time_that_does_not_hold_becomes_the_first_that_does_in_the_text_too(desk: SmallDesk, language: str) -> None:
    parcels(desk, *[0] * 8)
    text = WRITTEN[language][0]
    writer = Writer(desk, desk.writes("Boksen virker ikke.", detected_language=language))
    margin = writer.margin(text).partition('id="captured"')[2]
    assert "<s>13 Mar</s>" in margin
    assert "Parcels" in margin
    assert writer.presses(text) == 302
    given = Promise.objects.get(state="draft")
    assert given.due_at.date().isoformat() == "2026-03-14"
    written = Draft.objects.get().text
    assert "13" not in written
    assert "14" in written
    again = writer.margin(written)
    assert 'name="captured"' not in again
    assert "This time does not hold" not in again


def test_the_last_place_is_not_missing_for_whom_it_is_held(desk: SmallDesk, writer: Writer) -> None:
    parcels(desk, *[0] * 7, 1)
    text = WRITTEN["da"][0]
    assert "This time holds." in writer.margin(text)
    assert writer.presses(text) == 302
    assert "This time does not hold" not in writer.margin(text)
    assert 'name="captured"' not in writer.margin(text)


def test_two_promises_by_one_time_are_two(desk: SmallDesk, writer: Writer) -> None:
    text = "Vi sender dig en ny boks fredag den 13. marts. Vi betaler pengene tilbage fredag den 13. marts."
    assert writer.margin(text).count('name="captured"') == 2
    assert writer.presses(text, 1) == 302
    assert writer.presses(text, 0) == 302
    assert sorted(Promise.objects.filter(state="draft").values_list("kind", flat=True)) == ["delivery", "refund"]
    assert writer.presses(text, 0) == 409


def test_an_update_says_by_itself_that_more_is_heard_from_us(writer: Writer) -> None:
    text = "Vi skriver til dig igen fredag den 13. marts."
    fields = {"kind": "reply", "text": text}
    assert 'name="captured"' in writer.client.post(f"{writer.path}/draft/guard/", fields).text
    fields["not_the_answer"] = "1"
    assert 'name="captured"' not in writer.client.post(f"{writer.path}/draft/guard/", fields).text


def test_what_can_not_be_looked_for_holds_nothing_back(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("holdord.desk.capturing.captured", fails)
    assert 'id="captured"' in writer.margin(WRITTEN["da"][0])


def test_a_call_takes_the_slot_that_begins_then(desk: SmallDesk, writer: Writer) -> None:
    pool = actions.add_pool(key="calls", name="Calls", kind=PoolKind.SLOTS, serves=Kind.CALLBACK)
    first = datetime(2026, 3, 6, 13, 0, tzinfo=UTC)
    slots = [Slot(first + timedelta(hours=hour), first + timedelta(hours=hour + 1), hour) for hour in range(3)]
    actions.set_places(pool, slots, now=the_clock.now())
    assert writer.presses("Vi ringer til dig i morgen kl. 14.") == 302  # that slot has no place
    given = Promise.objects.get(state="draft")
    assert (given.kind, given.earliest_at, given.due_at) == ("callback", slots[1].starts_at, slots[1].ends_at)
    written = Draft.objects.get().text
    for text in (written, "Vi ringer til dig i morgen kl. 15."):
        assert "This time does not hold" not in writer.margin(text)
        assert 'name="captured"' not in writer.margin(text)


def test_what_nobody_can_keep_is_not_offered(desk: SmallDesk, writer: Writer) -> None:
    parcels(desk, *[0] * 30)
    text = WRITTEN["da"][0]
    assert "No time is known to hold." in writer.margin(text)
    assert 'name="captured"' not in writer.margin(text)
    assert writer.presses(text) == 409
    assert not Promise.objects.filter(state="draft").exists()


@pytest.mark.parametrize("text", ["Tak for din mail.", "Vi sender dig en ny boks.", ""])
def test_what_is_not_promised_by_a_time_is_not_found(writer: Writer, text: str) -> None:
    assert 'name="captured"' not in writer.margin(text)
    assert writer.presses(text) == 409


@pytest.mark.parametrize("number", ["1", "x", "-1", "9" * 30, "²"])
def test_a_number_that_is_not_there_gives_nothing(writer: Writer, number: str) -> None:
    fields = {"text": WRITTEN["da"][0], "captured": number}
    assert writer.client.post(f"{writer.path}/draft/promise/", fields).status_code == 409


def test_who_comes_second_is_told_and_nothing_is_lost(
    desk: SmallDesk, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcels(desk, *[0] * 7, 1)
    other = desk.writes("Og min?", by="anna@post.example").conversation
    give = actions.give

    def takes_the_last_first(*args: object, **more: object) -> Promise:
        terms = Terms(kind=Kind.DELIVERY, what="Anna", places=((Pool.objects.get(key="parcels").pk, 1),))
        give(fresh(other), terms, Given(source=Source.FEED), now=the_clock.now())
        return give(*args, **more)

    monkeypatch.setattr("holdord.desk.capturing.give", takes_the_last_first)
    assert writer.presses("Vi sender dig en ny boks fredag den 13. marts.") == 409
    assert [promise.what for promise in Promise.objects.filter(kind="delivery")] == ["Anna"]


def test_a_stranger_gives_nothing(writer: Writer) -> None:
    assert (
        Client().post(f"{writer.path}/draft/promise/", {"text": WRITTEN["da"][0], "captured": "0"}).status_code == 302
    )
    assert not Promise.objects.filter(state="draft").exists()
