"""What is done when a letter does not get through: nothing is promised in silence, and a person hears of it."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from holdord.conversations import actions as conversations
from holdord.conversations.models import Conversation, Message, Outgoing
from holdord.people.models import Inbox, Team
from holdord.promises import actions, jobs
from holdord.promises.actions import Given
from holdord.promises.models import Pool, Promise
from holdord.promises.queries import load_of_team, usual_terms
from holdord.promises.rules import Choice, Kind, PoolKind, Slot, Source, Terms
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk

pytestmark = pytest.mark.django_db
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


# A reply that promises something fails, and is sent again.


@pytest.fixture
def failed(desk: SmallDesk, clock: MovableClock) -> Message:
    """A reply that promises a repair by tomorrow at two; the mail server refused it."""
    inquiry = desk.writes("Hvornår virker den igen?")
    conversation = fresh(inquiry.conversation)
    jonas = desk.agent("Jonas")
    terms = usual_terms(conversation, Kind.FIX, what="Den virker igen", due_at=clock.next("Tue 14:00"))
    actions.give(conversation, terms, Given(source=Source.AGENT, by=jonas, is_draft=True), now=clock.now())
    text = "Den virker igen i morgen kl. 14."
    reply = conversations.reply(
        conversation, by=jonas, text=text, seen=inquiry, not_before=clock.now(), now=clock.now()
    )
    actions.attach_drafts(conversation, by=jonas, message=reply)
    conversations.claim(reply.outgoing, message_id="letter@desk.example", now=clock.now())
    conversations.failed(reply.outgoing, error="550", now=clock.now())
    return reply


def repairs() -> list[tuple[str, datetime]]:
    fixes = Promise.objects.given().filter(kind="fix").order_by("pk")
    return [(promise.state, promise.due_at) for promise in fixes]


def test_sent_again_after_half_an_hour_it_promises_what_its_words_say(
    desk: SmallDesk, failed: Message, clock: MovableClock
) -> None:
    clock.passes(minutes=31)
    assert jobs.drop_old_drafts(now=clock.now()) == 1
    assert load_of_team(desk.team.pk).total == 10
    for _ in range(2):  # it fails once more, and is sent a third time
        conversations.retry(Outgoing.objects.get(message=failed), now=clock.now())
        assert load_of_team(desk.team.pk).total == 70
        conversations.claim(Outgoing.objects.get(message=failed), message_id="letter@desk.example", now=clock.now())
        conversations.failed(Outgoing.objects.get(message=failed), error="550", now=clock.now())
    conversations.retry(Outgoing.objects.get(message=failed), now=clock.now())
    desk.sends_all()
    assert repairs() == [("open", clock.next("Tue 14:00"))]
    assert Promise.objects.running().get(kind="fix").origin == failed


def test_what_no_longer_holds_is_not_sent_and_says_so(desk: SmallDesk, failed: Message, clock: MovableClock) -> None:
    clock.moves_to("Tue 14:01")
    jobs.drop_old_drafts(now=clock.now())
    jonas = Client()
    jonas.force_login(desk.agent("Jonas"))
    answer = jonas.post(f"/conversations/{failed.conversation_id}/messages/{failed.pk}/retry/")
    assert answer.status_code == 409
    assert "Not sent: it promises “Den virker igen” at a time that no longer holds." in answer.text
    assert Outgoing.objects.get(message=failed).state == "failed"
    assert repairs() == []


# One of many customers can't be told.


@pytest.fixture
def late(desk: SmallDesk, clock: MovableClock) -> tuple[Pool, list[Conversation]]:
    """Three parcels for tomorrow, of which none fits any more; the second customer's inbox has a zone that is none."""
    pool = actions.add_pool(key="parcels", name="Parcels", kind=PoolKind.FLOW, serves=Kind.DELIVERY)
    days = [clock.next("Tue 08:00") + timedelta(days=day) for day in range(3)]
    slots = [Slot(day, day + timedelta(hours=8), 9) for day in days]
    actions.set_places(pool, slots, now=clock.now())
    found = [fresh(desk.writes("Hvor er den?", by=f"k{number}@post.example").conversation) for number in range(3)]
    for conversation in found:
        terms = Terms(kind=Kind.DELIVERY, what="Din pakke", due_at=slots[0].ends_at, places=((pool.pk, 1),))
        actions.give(conversation, terms, Given(source=Source.FEED), now=clock.now())
    actions.set_places(pool, [Slot(slots[0].starts_at, slots[0].ends_at, 0)], now=clock.now())
    actions.check_pool(pool, now=clock.now())
    elsewhere = Inbox.objects.get(pk=desk.inbox.pk)
    elsewhere.pk, elsewhere.address, elsewhere.slug = None, "x@lysbro.example", "x"
    elsewhere.team, elsewhere.time_zone, elsewhere.form_key = (
        Team.objects.create(name="X"),
        "Nowhere/Here",
        uuid.uuid4(),
    )
    elsewhere.save()
    Conversation.objects.filter(pk=found[1].pk).update(inbox=elsewhere)
    return pool, found


def test_whom_it_fails_to_tell_holds_up_nobody_and_a_person_hears_of_it(
    desk: SmallDesk, late: tuple[Pool, list[Conversation]], clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    pool, found = late
    hanne = desk.agent("Hanne")
    telling = actions.begin_telling(pool, reason="Sne", choices=[Choice.KEEP], by=hanne, now=clock.now())
    while jobs.tell_late(now=clock.now()):
        pass
    outcomes = telling.customers.order_by("promise__conversation").values_list("outcome", "tries")
    assert list(outcomes) == [("told", 0), ("", 1), ("told", 0)]
    for minutes in (1, 2, 4, 8):
        telling.refresh_from_db()
        assert telling.ended_at is None
        clock.passes(minutes=minutes)
        jobs.tell_late(now=clock.now())
    assert list(outcomes.all()) == [("told", 0), ("failed", 5), ("told", 0)]
    jobs.tell_late(now=clock.now())
    telling.refresh_from_db()
    assert telling.ended_at is not None
    Conversation.objects.filter(pk=found[1].pk).update(inbox=desk.inbox)
    board = Client()
    board.force_login(hanne)
    assert "one could not be told" in board.get("/board/").text
    assert (
        "it failed five times: open it and write to them yourself" in board.get(f"/board/tellings/{telling.pk}/").text
    )
    assert "Move and tell…" in board.get("/board/").text
