"""A promise gets another time or another owner."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from holdord.conversations.actions import send_automatically
from holdord.conversations.case_links import customer_in, link_for
from holdord.conversations.models import Conversation, Message
from holdord.history.actions import announce
from holdord.kernel.working_time import round_up
from holdord.people.models import Agent, IdentityKind
from holdord.people.queries import calendar_of
from holdord.promises import wording
from holdord.promises.actions.giving import NoCapacity, NoTime
from holdord.promises.actions.holding import hold_all_of
from holdord.promises.actions.reserving import (
    give_back,
    give_back_all,
    holds,
    reserve_all,
    reserve_all_at,
    reserve_at,
)
from holdord.promises.actions.settling import AlreadySettled, claim
from holdord.promises.events import MoveTakenBack, PromiseMoved
from holdord.promises.models import Move, Promise, Reservation
from holdord.promises.queries import leaving_with, on_the_grid, sought_from, stages_of, terms_of
from holdord.promises.rules import RUNNING, Choice, Kind, Source, State, choices_for
from holdord.promises.rules.terms import Time


@transaction.atomic
def move(
    promise: Promise,
    *,
    to: datetime | None,
    reason: str,
    by: Agent,
    told_by: Message | None,
    now: datetime,
    earliest_at: datetime | None = None,
) -> Move:
    """Let a promise run on with a new time, checked against capacity; the message `told_by` tells the customer.

    `to` None takes the first time that holds after the old one. Raises NoCapacity with the earliest time that holds,
    AlreadySettled, PoolIsBusy.
    """
    wanted = earliest_at or to or sought_from(promise, now=now)
    time = _to_another_time(promise, wanted, now=now, only_then=to is not None)
    choices = choices_for(Kind(promise.kind))
    return write_move(promise, time, reason=reason, by=by, told_by=told_by, choices=choices, now=now)


@transaction.atomic
def move_and_tell(
    promise: Promise,
    *,
    to: datetime | None,
    reason: str,
    now: datetime,
    by: Agent | None = None,
    write: Callable[[Time], Message | None] | None = None,
) -> Move:
    """The same from outside the desk (a shop's order feed, a program): the letter that tells of the new time is queued
    here, by `write` or in our usual words.

    A promise by the day is moved to the day of `to`. Raises NoTime when that is not later than the old time,
    NoCapacity, AlreadySettled, PoolIsBusy.
    """
    wanted = to and on_the_grid(terms_of(promise), to, calendar_of(promise.conversation.inbox))
    if wanted is not None and wanted <= max(promise.due_at, now):
        raise NoTime
    time = _to_another_time(promise, wanted or sought_from(promise, now=now), now=now, only_then=wanted is not None)
    choices = choices_for(Kind(promise.kind))
    letter = (
        write(time) if write else tell_of_delay(promise, time, reason=reason, choices=choices, now=now)
    )  # the promise still has its old time here
    return write_move(
        promise, time, reason=reason, by=by, told_by=letter, choices=choices, now=now, from_outside=by is None
    )


def move_by_itself(promise: Promise, *, now: datetime) -> Move | None:
    """At the last honest moment the desk writes to the customer by itself: apology, reason, a new time that holds, what
    they can choose instead. None when no time is known to hold.
    """
    try:
        with transaction.atomic():
            time = new_time(promise, now=now)
    except NoCapacity:
        if Reservation.objects.filter(promise=promise).exists():
            return None
        give_back_all(promise)
        time = _all_the_same(promise, now=now)
    choices = choices_for(Kind(promise.kind))
    letter = tell_of_delay(promise, time, reason=wording.NOT_IN_TIME, choices=choices, now=now)
    return write_move(promise, time, reason=wording.NOT_IN_TIME, by=None, told_by=letter, choices=choices, now=now)


def new_time(promise: Promise, *, now: datetime) -> Time:
    """Reserve, for a promise that can't be kept, the first later time that holds, in the caller's transaction.

    Raises NoCapacity.
    """
    return _to_another_time(promise, sought_from(promise, now=now), now=now, only_then=False)


def tell_of_delay(promise: Promise, time: Time, *, reason: str, choices: list[Choice], now: datetime) -> Message | None:
    """Queue the letter that tells of a delay; None if there is no address to write to."""
    conversation = promise.conversation
    customer = customer_in(conversation)
    return send_automatically(
        conversation,
        text=wording.late_letter(
            promise,
            time,
            reason=reason,
            choices=choices,
            now=now,
            link=link_for(customer) if customer else "",
        ),
        to=customer.identity if customer and customer.identity.kind == IdentityKind.EMAIL else None,
        now=now,
    )


def _to_another_time(promise: Promise, wanted: datetime, *, now: datetime, only_then: bool) -> Time:
    """Give back what the promise holds and reserve the same from `wanted` on, in the caller's transaction.

    Raises NoCapacity: the caller's transaction then rolls back, unless it reserves another way; AlreadySettled.
    """
    claim(promise)
    terms, leaving = terms_of(promise), leaving_with(promise)
    give_back_all(promise)
    if not terms.work and not terms.places:
        return Time(round_up(wanted))
    calendar = calendar_of(promise.conversation.inbox)
    time = reserve_all(
        terms, wanted, team_id=promise.team_id, calendar=calendar, now=now, only_then=only_then, leaving=leaving
    )
    if time is None or (only_then and not holds(time, wanted)):
        raise NoCapacity(time)
    return time


def _all_the_same(promise: Promise, *, now: datetime) -> Time:
    """Nobody is there to keep any time: the calendar alone speaks."""
    time = Time(round_up(sought_from(promise, now=now)))
    reserve_all_at(terms_of(promise), time, team_id=promise.team_id)
    return time


def write_move(
    promise: Promise,
    time: Time,
    *,
    reason: str,
    by: Agent | None,
    told_by: Message | None,
    choices: list[Choice],
    now: datetime,
    by_customer: bool = False,
    from_outside: bool = False,
    override_reason: str = "",
) -> Move:
    """Write down that a promise has a new time, for which everything is reserved already. Raises AlreadySettled.

    Without `by` it is the desk's own move, of which a promise has one, unless the customer wants it or it was asked for
    from outside (a shop). With an `override_reason` the pools have no room for the new time, and `by` takes it on
    themselves; without one the new time holds, whatever the old one did.
    """
    old = promise.due_at
    moved = Move.objects.create(
        promise=promise,
        old_due_at=old,
        old_earliest_at=promise.earliest_at,
        old_override_by_id=promise.override_by_id,
        old_override_reason=promise.override_reason,
        new_due_at=time.due_at,
        reason=reason[:300],
        automatic=by is None and not by_customer and not from_outside,
        by=by,
        at=now,
        told_by=told_by,
        told_at=now if by_customer else None,
        choices=[choice.value for choice in choices],
    )
    promise.override_by, promise.override_reason = by if override_reason else None, override_reason[:300]
    _run_on(promise, time, look_by=None if by_customer else old, given_at=now, now=now)
    announce(
        PromiseMoved(
            at=now,
            conversation_id=promise.conversation_id,
            by_id=by.pk if by else None,
            promise_id=promise.pk,
            kind=promise.kind,
            old_due_at=old,
            new_due_at=time.due_at,
            automatic=moved.automatic,
        )
    )
    return moved


def _run_on(promise: Promise, time: Time, *, look_by: datetime | None, given_at: datetime, now: datetime) -> None:
    """Let the promise run to another time; a move the customer does not know of yet is looked at by `look_by`."""
    promise.due_at, promise.earliest_at = time.due_at, time.earliest_at
    promise.unfit_at = promise.unfit_in = None
    stages = stages_of(promise, given_at=given_at, now=now)
    state = State.OPEN if time.due_at == promise.first_due_at else State.MOVED
    if (
        not Promise.objects.running()
        .filter(pk=promise.pk)
        .update(
            state=state.value,
            due_at=time.due_at,
            earliest_at=time.earliest_at,
            rank_at=promise.rank_at if promise.follows_id else time.due_at,
            stage="",
            unfit_at=None,
            unfit_in=None,
            override_by=promise.override_by_id,
            override_reason=promise.override_reason,
            awaits_people=promise.source != Source.FEED,
            warn_at=stages.warn_owner_at,
            next_look_at=min(stages.warn_owner_at, look_by) if look_by else stages.warn_owner_at,
        )
    ):
        raise AlreadySettled(promise.pk)
    Reservation.objects.filter(promise=promise).update(at=time.due_at)
    promise.state = state.value


@transaction.atomic
def take_back_moves(message: Message, *, now: datetime) -> None:
    """The reply that told of new times was undone before it left: the old times count again, unless the promise has
    ended or was moved again.
    """
    hold_all_of(message.conversation_id)
    running = Promise.objects.running().select_related("conversation__inbox")
    for moved in Move.objects.filter(told_by=message, told_at__isnull=True).order_by("pk"):
        promise = running.filter(pk=moved.promise_id).first()
        if promise is None or _was_moved_again(moved):
            continue
        back = Time(moved.old_due_at, moved.old_earliest_at)
        promise.override_by_id, promise.override_reason = moved.old_override_by_id, moved.old_override_reason
        give_back_all(promise)
        reserve_all_at(terms_of(promise), back, team_id=promise.team_id)
        moved.delete()
        _run_on(promise, back, look_by=None, given_at=promise.given_at, now=now)
        announce(
            MoveTakenBack(
                at=now,
                conversation_id=promise.conversation_id,
                promise_id=promise.pk,
                due_at=back.due_at,
            )
        )


def _was_moved_again(moved: Move) -> bool:
    """Whether a later move stands, which then began where this one did."""
    later = Move.objects.filter(promise=moved.promise_id, pk__gt=moved.pk).order_by("pk").first()
    if later is None:
        return False
    moved.delete()
    Move.objects.filter(pk=later.pk).exclude(new_due_at=moved.old_due_at).update(
        old_due_at=moved.old_due_at,
        old_earliest_at=moved.old_earliest_at,
        old_override_by=moved.old_override_by_id,
        old_override_reason=moved.old_override_reason,
    )
    return True


@transaction.atomic
def told(message: Message, *, now: datetime) -> None:
    """The letter that tells of a move was accepted by our mail server."""
    Move.objects.filter(told_by=message, told_at__isnull=True).update(told_at=now)


@transaction.atomic
def hand_to(conversation: Conversation) -> None:
    """Let the running promises of a conversation, and those in a reply that has not left, follow its owner and team;
    their minutes move to the team's pool.
    """
    hold_all_of(conversation.pk)
    alive = Promise.objects.filter(conversation=conversation, state__in=[*RUNNING, State.DRAFT])
    for promise in alive.exclude(team=conversation.team_id):
        work = timedelta(minutes=promise.work_minutes)
        give_back(promise.team_id, work, promise.due_at)
        reserve_at(conversation.team_id, work, promise.due_at)
    alive.update(owner=conversation.owner_id, team=conversation.team_id)
