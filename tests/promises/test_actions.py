"""An answer is promised when it can be kept, watched, told of before it is late, and broken in the open."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction

from holdord.conversations import actions as conversations
from holdord.conversations.models import Message, Outgoing, OutgoingState
from holdord.history.models import Event
from holdord.people.models import Absence, Agent
from holdord.promises import actions, jobs
from holdord.promises.actions import AlreadySettled, OfferNoLongerHolds
from holdord.promises.models import Pool, Promise, PromisedWork, RiskWarning
from holdord.promises.queries import answer_offer, reply_leaves_at, running_answer
from holdord.recovery.models import Recovery
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk

pytestmark = pytest.mark.django_db


def tick(clock: MovableClock) -> None:
    while jobs.tick(now=clock.now()):
        pass


def answer(desk: SmallDesk, to: Message, *, by: Agent | None = None, is_answer: bool = True) -> Message:
    """Jonas replies to what he has on the screen."""
    return conversations.reply(
        fresh(to.conversation),
        by=by or desk.agent("Jonas"),
        text="Boksen er på vej.",
        seen=to,
        not_before=reply_leaves_at(to.conversation, now=_now()),
        now=_now(),
        is_answer=is_answer,
    )


def _now() -> datetime:
    return MovableClock.now()


def test_who_writes_is_promised_an_answer_within_the_pledge(clock: MovableClock) -> None:
    desk = small_desk()
    clock.moves_to("Mon 10:00")
    promise = running_answer(desk.writes("Hvornår kommer boksen?").conversation)
    assert promise is not None
    assert promise.due_at == clock.next("Mon 14:05")  # a moment after ten, rounded up


def test_on_friday_evening_the_answer_is_due_on_monday(clock: MovableClock) -> None:
    desk = small_desk()
    clock.moves_to("Fri 16:50")
    promise = running_answer(desk.writes("Hvornår kommer boksen?").conversation)
    assert promise is not None
    assert promise.due_at.astimezone(clock.zone).strftime("%a %H:%M") in {"Mon 12:50", "Mon 12:55"}


def test_work_already_promised_puts_the_next_answer_later(clock: MovableClock) -> None:
    desk = small_desk(work_minutes=60)
    for number in range(12):
        desk.writes("Hej", by=f"kunde{number}@post.example")
    times = [promise.due_at for promise in Promise.objects.order_by("pk")]
    assert len(set(times[:4])) == 1  # the first four fit into the four hours
    assert all(later > earlier for earlier, later in pairwise(times[3:]))
    assert times[-1].astimezone(clock.zone).strftime("%a %H") == "Tue 13"  # twelve hours of work for one person


def test_nobody_on_duty_means_the_first_day_somebody_is(clock: MovableClock) -> None:
    desk = small_desk()
    clock.moves_to("Mon 10:00")
    Absence.objects.create(agent=desk.agent("Jonas"), starts_at=clock.now(), ends_at=clock.next("Thu 09:00"))
    promise = running_answer(desk.writes("Hej").conversation)
    assert promise is not None
    assert promise.due_at == clock.next("Thu 09:10")


def test_one_answer_runs_at_a_time_and_further_messages_do_not_move_it(clock: MovableClock) -> None:
    desk = small_desk()
    first = desk.writes("Hvornår kommer boksen?")
    due = running_answer(first.conversation)
    clock.passes(hours=1)
    desk.writes("Og hvad koster den?", conversation=fresh(first.conversation))
    assert running_answer(first.conversation) == due
    assert Promise.objects.count() == 1


def test_a_reply_that_was_accepted_in_time_keeps_it(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    clock.passes(hours=1)
    reply = answer(desk, inquiry)
    assert running_answer(inquiry.conversation) is not None  # queued is not kept
    clock.passes(seconds=15)
    desk.sends_all()
    promise = Promise.objects.get()
    assert (promise.state, promise.evidence) == ("kept", reply)
    assert not PromisedWork.objects.exists()


def test_an_automatic_letter_never_keeps_it(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    desk.sends_all()  # the acknowledgement
    assert running_answer(inquiry.conversation) is not None


def test_a_message_the_author_had_not_seen_is_owed_an_answer_of_its_own(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    clock.passes(minutes=10)
    later = desk.writes("Og hvad koster den?", conversation=fresh(inquiry.conversation))
    answer(desk, inquiry)
    clock.passes(seconds=15)
    desk.sends_all()
    running = running_answer(inquiry.conversation)
    assert [promise.state for promise in Promise.objects.order_by("pk")] == ["kept", "open"]
    assert running is not None
    assert running.origin == later


def test_not_the_answer_yet_sends_an_update_and_the_answer_stays_owed(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    update = answer(desk, inquiry, is_answer=False)
    actions.give_update(
        fresh(inquiry.conversation), message=update, due_at=clock.now() + timedelta(hours=2), now=clock.now()
    )
    clock.passes(seconds=15)
    desk.sends_all()
    assert sorted((p.kind, p.state) for p in Promise.objects.all()) == [("answer", "open"), ("update", "open")]
    clock.passes(hours=1)
    answer(desk, inquiry)
    clock.passes(seconds=15)
    desk.sends_all()
    assert sorted((p.kind, p.state) for p in Promise.objects.all()) == [("answer", "kept"), ("update", "kept")]


def test_the_owner_is_warned_then_the_lead_then_the_customer_told(clock: MovableClock) -> None:
    desk = small_desk()
    clock.moves_to("Mon 10:00")
    inquiry = desk.writes("Hvornår kommer boksen?")
    desk.sends_all()
    conversations.take(inquiry.conversation, by=desk.agent("Jonas"), now=clock.now())
    clock.moves_to("Mon 12:35")
    tick(clock)
    assert [(w.level, w.agent) for w in RiskWarning.objects.order_by("pk")] == [("warn_owner", desk.agent("Jonas"))]
    clock.moves_to("Mon 13:20")
    tick(clock)
    assert [(w.level, w.agent) for w in RiskWarning.objects.order_by("pk")][1:] == [("warn_lead", desk.agent("Hanne"))]
    clock.moves_to("Mon 13:36")
    tick(clock)
    promise = Promise.objects.get()
    told = Message.objects.order_by("pk").last()
    assert (promise.state, promise.due_at > promise.first_due_at) == ("moved", True)
    assert told is not None
    assert told.is_automatic
    assert Outgoing.objects.get(message=told).state == OutgoingState.QUEUED


def test_a_moved_promise_that_was_told_runs_on_and_breaks_only_then(clock: MovableClock) -> None:
    desk = small_desk()
    clock.moves_to("Mon 10:00")
    desk.writes("Hvornår kommer boksen?")
    clock.moves_to("Mon 13:40")
    tick(clock)
    desk.sends_all()
    promise = Promise.objects.get()
    clock.moves_to(promise.first_due_at + timedelta(minutes=1))
    tick(clock)
    assert Promise.objects.get().state == "moved"
    clock.moves_to(promise.due_at)
    tick(clock)
    assert [p.state for p in Promise.objects.order_by("pk")] == ["broken", "open"]


def test_a_move_whose_letter_was_not_accepted_in_time_counts_as_broken(clock: MovableClock) -> None:
    desk = small_desk()
    clock.moves_to("Mon 10:00")
    desk.writes("Hvornår kommer boksen?")
    clock.moves_to("Mon 13:40")
    tick(clock)
    first_due = Promise.objects.get().first_due_at
    clock.moves_to(first_due)
    tick(clock)
    assert [p.state for p in Promise.objects.order_by("pk")] == ["broken", "open"]


def test_broken_opens_a_recovery_and_a_promise_that_ranks_first(clock: MovableClock) -> None:
    desk = small_desk()
    clock.moves_to("Mon 10:00")
    inquiry = desk.writes("Hvornår kommer boksen?")
    clock.moves_to("Tue 10:00")
    other = desk.writes("Hej", by="sofie@post.example")
    tick(clock)
    broken = Promise.objects.get(state="broken")
    following = running_answer(inquiry.conversation)
    assert following is not None
    assert (following.follows, following.origin) == (broken, inquiry)
    assert Recovery.objects.get().promise == broken
    assert Recovery.objects.get().owner == desk.agent("Hanne")
    ranked = list(Promise.objects.running().order_by("rank_at", "pk"))
    assert ranked == [following, running_answer(other.conversation)]
    told = Message.objects.filter(conversation=inquiry.conversation, is_automatic=True).order_by("pk").last()
    assert told is not None
    assert "først" in told.text or "first" in told.text


def test_an_answer_accepted_too_late_breaks_it_and_keeps_what_follows(clock: MovableClock) -> None:
    desk = small_desk()
    clock.moves_to("Mon 10:00")
    inquiry = desk.writes("Hvornår kommer boksen?")
    answer(desk, inquiry)
    clock.moves_to("Mon 16:00")  # the clock did not run meanwhile, nor did the sender
    desk.sends_all()
    assert [p.state for p in Promise.objects.order_by("pk")] == ["broken", "kept"]
    assert Message.objects.filter(is_automatic=True).count() == 1  # the acknowledgement alone: the answer just left


def test_a_bounce_before_the_due_time_reopens_the_answer(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    reply = answer(desk, inquiry)
    clock.passes(seconds=15)
    desk.sends_all()
    clock.passes(hours=1)
    conversations.bounced(reply.outgoing, error="550 no such user", permanent=True, now=clock.now())
    assert Promise.objects.get().state == "open"
    assert PromisedWork.objects.get().amount == 10
    assert fresh(inquiry.conversation).status == "open"


def test_a_bounce_after_the_due_time_breaks_it(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    reply = answer(desk, inquiry)
    clock.passes(seconds=15)
    desk.sends_all()
    clock.passes(hours=5)
    conversations.bounced(reply.outgoing, error="550 no such user", permanent=True, now=clock.now())
    assert [p.state for p in Promise.objects.order_by("pk")] == ["broken", "open"]


def test_dismissing_voids_it_and_undoing_owes_it_again(clock: MovableClock) -> None:
    desk = small_desk()
    spam = desk.writes("Køb billige piller")
    conversations.dismiss(spam.conversation, by=desk.agent("Jonas"), reason="spam", now=clock.now())
    assert [(p.state, p.reason) for p in Promise.objects.all()] == [("void", "spam")]
    assert Outgoing.objects.get().state == OutgoingState.UNDONE  # the acknowledgement never leaves
    conversations.undo_dismissal(fresh(spam.conversation), by=desk.agent("Jonas"), now=clock.now())
    assert running_answer(spam.conversation) is not None


def test_promises_follow_the_owner_and_their_minutes_the_team(clock: MovableClock) -> None:
    desk, other = small_desk(), small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    conversations.hand_over(
        inquiry.conversation,
        by=desk.agent("Jonas"),
        to_team=other.team,
        to_agent=None,
        context="Det er jeres boks.",
        now=clock.now(),
    )
    assert Promise.objects.get().team == other.team
    assert PromisedWork.objects.get().pool == Pool.objects.get(team=other.team)


def test_an_offer_that_was_taken_meanwhile_is_refused_with_the_next(clock: MovableClock) -> None:
    desk = small_desk(work_minutes=240)
    offered = answer_offer(desk.inbox, asked_at=clock.now(), now=clock.now()).due_at
    desk.writes("Hej")
    with pytest.raises(OfferNoLongerHolds) as refused, transaction.atomic():
        desk.writes("Hej", by="sofie@post.example", promised_due_at=offered)
    assert refused.value.due_at > offered
    assert Message.objects.filter(kind="inbound").count() == 1  # all rolled back


def test_an_offer_holds_while_one_writes(clock: MovableClock) -> None:
    desk = small_desk()
    offered = answer_offer(desk.inbox, asked_at=clock.now(), now=clock.now()).due_at
    clock.passes(minutes=9)
    message = desk.writes("Hej", promised_due_at=offered)
    running = running_answer(message.conversation)
    assert running is not None
    assert running.due_at == offered


def test_settled_twice_is_refused(clock: MovableClock) -> None:
    desk = small_desk()
    desk.writes("Hej")
    promise = Promise.objects.get()
    actions.keep(promise, evidence=None, now=clock.now())
    with pytest.raises(AlreadySettled):
        actions.break_promise(promise, now=clock.now())


def test_a_promise_that_stumbles_does_not_block_the_others(
    clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    desk = small_desk()
    clock.moves_to("Mon 10:00")
    first, second = desk.writes("Hej"), desk.writes("Hej", by="sofie@post.example")
    Promise.objects.filter(conversation=first.conversation).update(stage="nonsense")
    clock.moves_to("Mon 12:40")
    jobs.tick(now=clock.now())
    assert "could not look at promise" in caplog.text
    assert RiskWarning.objects.get().promise.conversation == second.conversation


def test_history_holds_no_personal_text(clock: MovableClock) -> None:
    desk = small_desk()
    clock.moves_to("Mon 10:00")
    inquiry = desk.writes("Jeg hedder Henrik Nordgård og bor på Vesterbro")
    answer(desk, inquiry)
    clock.moves_to("Wed 10:00")
    tick(clock)
    written = " ".join(str(payload) for payload in Event.objects.values_list("payload", flat=True)).lower()
    assert len(Event.objects.all()) > 5
    assert not any(word in written for word in ("henrik", "nordgård", "vesterbro", "boksen", "@"))
