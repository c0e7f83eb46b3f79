"""What somebody decides about a promise that another changed meanwhile: nothing is lost, nothing given back twice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import F

from holdord.conversations import actions as conversations
from holdord.conversations.models import Conversation, Message
from holdord.people.models import Team
from holdord.promises import actions
from holdord.promises.actions import Given
from holdord.promises.actions.pool_rows import fresh_version
from holdord.promises.models import Move, Pool, Promise, PromisedDay, PromisedWork
from holdord.promises.queries import load_of_team, usual_terms
from holdord.promises.rules import Kind, PoolKind, Slot, Source, Terms, Time
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk

pytestmark = pytest.mark.django_db
THE_ANSWERS = 10
"""The minutes of the answer that runs beside."""


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


def a_fix(desk: SmallDesk, clock: MovableClock, *, is_draft: bool = False) -> Promise:
    conversation = fresh(desk.writes("Virker den igen?").conversation)
    terms = usual_terms(conversation, Kind.FIX, due_at=clock.now() + timedelta(hours=24))
    given = Given(source=Source.AGENT, by=desk.agent("Jonas"), is_draft=is_draft)
    return actions.give(conversation, terms, given, now=clock.now())


def as_it_was(promise: Promise) -> Promise:
    return Promise.objects.select_related("conversation__inbox").get(pk=promise.pk)


def letter(desk: SmallDesk, conversation: Conversation, clock: MovableClock) -> Message:
    return conversations.reply(
        conversation,
        by=desk.agent("Jonas"),
        text="Det bliver senere.",
        seen=None,
        not_before=clock.now() + timedelta(seconds=10),
        now=clock.now(),
        is_answer=False,
    )


def moved(
    promise: Promise, to: datetime, desk: SmallDesk, clock: MovableClock, *, told_by: Message | None = None
) -> Move:
    return actions.move(promise, to=to, reason="Syg", by=desk.agent("Jonas"), told_by=told_by, now=clock.now())


def test_what_was_moved_meanwhile_is_given_back_where_it_is_now(desk: SmallDesk, clock: MovableClock) -> None:
    promise = a_fix(desk, clock)
    seen = as_it_was(promise)
    moved(promise, promise.due_at + timedelta(hours=3), desk, clock)
    actions.keep(seen, evidence=None, now=clock.now())
    assert load_of_team(desk.team.pk).total == THE_ANSWERS
    assert [work.amount for work in PromisedWork.objects.all()] == [THE_ANSWERS]


def test_of_two_who_move_at_once_the_second_is_told_that_it_changed(desk: SmallDesk, clock: MovableClock) -> None:
    promise = a_fix(desk, clock)
    seen = as_it_was(promise)
    other = a_fix(desk, clock)
    first, second = promise.due_at + timedelta(hours=3), promise.due_at + timedelta(hours=5)
    moved(promise, first, desk, clock)
    with pytest.raises(actions.AlreadySettled), transaction.atomic():
        moved(seen, second, desk, clock)
    assert {work.due_at: work.amount for work in PromisedWork.objects.filter(amount__gte=60)} == {
        other.due_at: 60,
        first: 60,
    }


def test_a_letter_can_be_undone_after_the_promise_has_ended(desk: SmallDesk, clock: MovableClock) -> None:
    promise = a_fix(desk, clock)
    message = letter(desk, promise.conversation, clock)
    moved(promise, promise.due_at + timedelta(hours=3), desk, clock, told_by=message)
    actions.release(as_it_was(promise), evidence=None, now=clock.now())
    conversations.undo_reply(message, by=desk.agent("Jonas"), now=clock.now())
    assert as_it_was(promise).state == "released"
    assert load_of_team(desk.team.pk).total == THE_ANSWERS


def test_the_letter_of_an_earlier_move_undone_leaves_the_later_one(desk: SmallDesk, clock: MovableClock) -> None:
    promise = a_fix(desk, clock)
    old, last = promise.due_at, promise.due_at + timedelta(hours=5)
    message = letter(desk, promise.conversation, clock)
    moved(promise, old + timedelta(hours=3), desk, clock, told_by=message)
    moved(as_it_was(promise), last, desk, clock)
    conversations.undo_reply(message, by=desk.agent("Jonas"), now=clock.now())
    assert as_it_was(promise).due_at == last
    move = Move.objects.get()
    assert (move.old_due_at, move.new_due_at) == (old, last)


def test_an_undone_move_gives_a_slot_its_window_back(desk: SmallDesk, clock: MovableClock) -> None:
    pool = actions.add_pool(key="calls", name="Calls", kind=PoolKind.SLOTS, serves=Kind.CALLBACK)
    starts = [clock.now() + timedelta(hours=hours) for hours in (2, 4)]
    actions.set_places(pool, [Slot(at, at + timedelta(hours=1), 1) for at in starts], now=clock.now())
    conversation = fresh(desk.writes("Ring").conversation)
    terms = Terms(kind=Kind.CALLBACK, earliest_at=starts[0], places=((pool.pk, 1),))
    promise = actions.give(conversation, terms, Given(source=Source.CUSTOMER), now=clock.now())
    message = letter(desk, conversation, clock)
    moved(promise, starts[1], desk, clock, told_by=message)
    conversations.undo_reply(message, by=desk.agent("Jonas"), now=clock.now())
    promise = as_it_was(promise)
    assert (promise.earliest_at, promise.due_at) == (starts[0], starts[0] + timedelta(hours=1))


def test_what_a_reply_promises_follows_its_conversation_too(desk: SmallDesk, clock: MovableClock) -> None:
    draft = a_fix(desk, clock, is_draft=True)
    other = Team.objects.create(name="Workshop")
    conversation = draft.conversation
    conversations.hand_over(
        conversation, by=desk.agent("Jonas"), to_team=other, to_agent=None, context="Jeres", now=clock.now()
    )
    assert as_it_was(draft).team == other
    assert load_of_team(desk.team.pk).total == 0
    assert load_of_team(other.pk).total == THE_ANSWERS + 60


def test_a_draft_that_left_with_a_reply_at_this_moment_is_not_dropped(desk: SmallDesk, clock: MovableClock) -> None:
    draft = a_fix(desk, clock, is_draft=True)
    seen = as_it_was(draft)
    message = letter(desk, draft.conversation, clock)
    actions.attach_drafts(draft.conversation, by=desk.agent("Jonas"), message=message)
    assert not actions.drop_draft(seen, reason="not_sent")
    assert as_it_was(draft).state == "draft"


def test_a_letter_that_left_too_late_has_promised_all_the_same(desk: SmallDesk, clock: MovableClock) -> None:
    draft = a_fix(desk, clock, is_draft=True)
    message = letter(desk, draft.conversation, clock)
    actions.attach_drafts(draft.conversation, by=desk.agent("Jonas"), message=message)
    clock.passes(hours=25)
    actions.open_drafts(message, now=clock.now())
    promise = as_it_was(draft)
    assert (promise.state, promise.next_look_at <= clock.now()) == ("open", True)
    actions.look(promise, now=clock.now())
    assert as_it_was(draft).state == "broken"


def test_a_move_against_the_pool_that_is_undone_was_never_taken_on(desk: SmallDesk, clock: MovableClock) -> None:
    hanne, pool = desk.agent("Hanne"), actions.add_pool(key="v", name="V", kind=PoolKind.SLOTS, serves=Kind.VISIT)
    starts = [clock.now() + timedelta(hours=hours) for hours in (4, 6, 8)]
    slots = [Slot(at, at + timedelta(hours=1), places) for at, places in zip(starts, (1, 0, 1), strict=True)]
    actions.set_places(pool, slots, now=clock.now())
    conversation = fresh(desk.writes("Kommer du?").conversation)
    terms = Terms(kind=Kind.VISIT, earliest_at=starts[0], places=((pool.pk, 1),))
    promise = actions.give(conversation, terms, Given(source=Source.AGENT, by=hanne), now=clock.now())

    def moves(to: datetime, why: str) -> Message:
        move = actions.move_with_letter(
            as_it_was(promise),
            Time(to + timedelta(hours=1), to),
            reason="Syg",
            text="Det bliver senere.",
            by=hanne,
            now=clock.now(),
            override_reason=why,
        )
        assert move.told_by is not None
        return move.told_by

    against = moves(starts[1], "Jeg kører selv")
    now = as_it_was(promise)
    assert (now.earliest_at, now.override_by, now.override_reason) == (starts[1], hanne, "Jeg kører selv")
    holding = moves(starts[2], "")
    assert as_it_was(promise).override_by is None  # this one has room again
    conversations.undo_reply(holding, by=hanne, now=clock.now())
    now = as_it_was(promise)
    assert (now.earliest_at, now.override_by, now.override_reason) == (starts[1], hanne, "Jeg kører selv")
    conversations.undo_reply(against, by=hanne, now=clock.now())
    now = as_it_was(promise)
    assert (now.earliest_at, now.state, now.override_by, now.override_reason) == (starts[0], "open", None, "")


def another_process_changes(pool: Pool, due_at: datetime, minutes: int) -> None:
    """As another process does it: this one learns of it from the database alone."""
    PromisedWork.objects.filter(pool=pool, due_at=due_at).update(amount=F("amount") + minutes)
    day = PromisedDay.objects.filter(pool=pool, on=due_at.astimezone(UTC).date())
    day.update(amount=F("amount") + minutes, version=fresh_version())
    Pool.objects.filter(pk=pool.pk).update(version=fresh_version())


def test_nothing_is_given_or_refused_for_what_another_process_changed(desk: SmallDesk, clock: MovableClock) -> None:
    """What this process remembers of a team's minutes is only tried; what stands in the database decides."""
    conversation, jonas = fresh(desk.writes("Virker den?").conversation), desk.agent("Jonas")
    terms = usual_terms(conversation, Kind.FIX, due_at=clock.now() + timedelta(hours=24))
    given = Given(source=Source.AGENT, by=jonas)
    due_at = actions.give(conversation, terms, given, now=clock.now()).due_at
    pool = Pool.objects.get(team=desk.team, kind=PoolKind.MINUTES)
    another_process_changes(pool, due_at, 100_000)
    with pytest.raises(actions.NoCapacity):
        actions.give(conversation, terms, given, now=clock.now())
    assert load_of_team(desk.team.pk).total == THE_ANSWERS + 60 + 100_000
    another_process_changes(pool, due_at, -100_000)
    actions.give(conversation, terms, given, now=clock.now())
    assert {work.due_at: work.amount for work in PromisedWork.objects.filter(amount__gte=60)} == {due_at: 120}
