"""A promise is given."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from holdord.conversations.actions import send_automatically
from holdord.conversations.case_links import link_for
from holdord.conversations.models import Conversation, Kind, Message, Participant
from holdord.history.actions import announce
from holdord.history.making import new
from holdord.history.rows import insert
from holdord.kernel.remembering import remembering
from holdord.kernel.working_time import Calendar, round_up
from holdord.people.models import Agent
from holdord.people.queries import calendar_of
from holdord.promises import rules, wording
from holdord.promises.actions.holding import hold_all_of, hold_as_it_is
from holdord.promises.actions.reserving import holds, reserve, reserve_all, reserve_all_at, reserve_at, write_down
from holdord.promises.events import PromiseGiven
from holdord.promises.models import Pledge, Promise
from holdord.promises.queries import (
    answer_offer,
    drafted,
    on_the_grid,
    owes_answer,
    pledged_answer,
    stages_of,
    terms_of,
)
from holdord.promises.rules.terms import Terms, Time


class OfferNoLongerHolds(Exception):
    """The time that was offered before sending is taken; `due_at` is the one that holds now."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__(due_at.isoformat())
        self.due_at = due_at


@transaction.atomic(savepoint=False)
def give_answer(
    conversation: Conversation,
    *,
    origin: Message | None,
    asked_at: datetime,
    now: datetime,
    not_before: datetime | None = None,
    offered: datetime | None = None,
    follows: Promise | None = None,
    is_first: bool = False,
) -> Promise | None:
    """Promise that a person answers, by the pledge or the first time after it that can be kept.

    One answer runs at a time: None if one does already. `offered` is the time shown before a form was sent; if it no
    longer holds OfferNoLongerHolds is raised. `not_before` replaces the pledge, for what follows a broken promise.
    `is_first` says that the conversation was just opened, so that nothing can be owed in it. When nobody is there to
    keep any time, the pledge alone speaks.
    """
    if not is_first:
        hold_as_it_is(conversation)
        if owes_answer(conversation):
            return None
    if offered is not None:
        due_at, work, pledge = _as_offered(conversation, offered, asked_at=asked_at, now=now)
    else:
        pledged, work, pledge = pledged_answer(conversation.inbox, asked_at=asked_at)
        wanted = max(not_before or pledged, now + timedelta(minutes=1))
        due_at = reserve(conversation.team_id, work, wanted, now=now) or _all_the_same(conversation, work, wanted)
    return _give(
        conversation,
        terms=Terms(kind=rules.Kind.ANSWER, due_at=due_at, work=work),
        given=Given(source=rules.Source.PLEDGE, origin=origin),
        pledge=pledge,
        follows=follows,
        now=now,
    )


def _as_offered(
    conversation: Conversation, offered: datetime, *, asked_at: datetime, now: datetime
) -> tuple[datetime, timedelta, Pledge | None]:
    offer = answer_offer(conversation.inbox, asked_at=asked_at, now=now)
    # A working minute or two pass while one writes: the pledge then ends a little later, but the pool still has room.
    pool_has_room = answer_offer(conversation.inbox, asked_at=asked_at - rules.OFFER_HOLDS, now=now).due_at <= offered
    if offered <= now or not pool_has_room:
        raise OfferNoLongerHolds(offer.due_at)
    reserve_at(conversation.team_id, offer.work, offered)
    return offered, offer.work, offer.pledge


def _all_the_same(conversation: Conversation, work: timedelta, wanted: datetime) -> datetime:
    due_at = round_up(wanted)
    reserve_at(conversation.team_id, work, due_at)
    return due_at


class NoCapacity(Exception):
    """This can't be promised: a pool has no room. `earliest` is the first time that holds, None if none is known."""

    def __init__(self, earliest: Time | None) -> None:
        super().__init__(earliest.due_at.isoformat() if earliest else "never")
        self.earliest = earliest


class NoTime(Exception):
    """The time lies in the past, or none was given and none is known to hold."""


class NotAllowed(Exception):
    """Overriding a check takes a lead and a reason."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """How a promise comes about: by whom, in which message or note, and, against the pool, with a lead's reason.

    A draft stands in a reply that has not left: it holds its capacity, and the customer does not see it.
    """

    source: rules.Source
    by: Agent | None = None
    origin: Message | None = None
    is_draft: bool = False
    override_reason: str = ""
    awaits_people: bool = True


@remembering()
@transaction.atomic
def give(conversation: Conversation, terms: Terms, given: Given, *, now: datetime) -> Promise:
    """Promise something, checked against capacity in the same transaction.

    Without a due time the earliest that holds is taken. Raises NoCapacity, with the earliest time that holds, when the
    time asked for does not; a lead with a reason may promise all the same. Raises NoTime, NotAllowed, PoolIsBusy.
    """
    hold_as_it_is(conversation)
    calendar = calendar_of(conversation.inbox)
    if terms.due_at is not None:
        if terms.due_at <= now:
            raise NoTime
        terms = terms.at(on_the_grid(terms, terms.due_at, calendar), terms.earliest_at)
    if given.override_reason:
        time = _against_the_pool(conversation, terms, given, now=now)
    else:
        time = _by_the_pool(conversation, terms, calendar=calendar, now=now)
    promise = _give(
        conversation,
        terms=terms.at(time.due_at, time.earliest_at or terms.earliest_at),
        given=given,
        pledge=None,
        follows=None,
        now=now,
    )
    write_down(promise, terms.places)
    return promise


def _against_the_pool(conversation: Conversation, terms: Terms, given: Given, *, now: datetime) -> Time:
    if given.by is None or not given.by.leads:
        raise NotAllowed
    due_at = terms.due_at or (terms.earliest_at + A_WINDOW if terms.earliest_at else None)
    if due_at is None or due_at <= now:
        raise NoTime
    time = Time(due_at, terms.earliest_at)
    reserve_all_at(terms, time, team_id=conversation.team_id)
    return time


A_WINDOW = timedelta(hours=1)
"""How long a window is that no slot stands for."""


def _by_the_pool(conversation: Conversation, terms: Terms, *, calendar: Calendar, now: datetime) -> Time:
    asked = terms.earliest_at or terms.due_at
    if not terms.places and not terms.work:
        if terms.due_at is None:
            raise NoTime
        return Time(terms.due_at, terms.earliest_at)
    time = reserve_all(
        terms,
        asked or now,
        team_id=conversation.team_id,
        calendar=calendar,
        now=now,
        only_then=asked is not None,
    )
    if time is None or (asked is not None and not holds(time, asked)):
        raise NoCapacity(time)
    return time


@transaction.atomic
def give_update(conversation: Conversation, *, message: Message, due_at: datetime, now: datetime) -> Promise:
    """Promise, in a reply that is not the answer yet, that the customer hears from us by `due_at`.

    An update is a few words: it takes no minutes from the pool.
    """
    hold_as_it_is(conversation)
    return _give(
        conversation,
        terms=Terms(kind=rules.Kind.UPDATE, due_at=due_at),
        given=Given(source=rules.Source.AGENT, by=message.author, origin=message),
        pledge=None,
        follows=None,
        now=now,
    )


@transaction.atomic
def attach_drafts(conversation: Conversation, *, by: Agent, message: Message) -> int:
    """The promises an agent drafted go with the reply that was just written; how many."""
    if not drafted(conversation, by.pk):
        return 0
    return (
        Promise.objects.drafts()
        .filter(conversation=conversation, given_by=by, origin__isnull=True)
        .update(origin=message)
    )


class NoLongerHolds(Exception):
    """What a reply promises can't be promised any more; `what` it is."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what


@transaction.atomic
def draft_again(message: Message, *, now: datetime) -> None:
    """A reply that failed leaves after all: what it promised and no longer holds is drafted anew, at the times that
    stand in it. Raises NoLongerHolds when one can't be.
    """
    hold_all_of(message.conversation_id)
    dropped = Promise.objects.filter(origin=message, state=rules.State.VOID, reason="not_sent")
    for promise in dropped.select_related("conversation__inbox", "given_by").order_by("pk"):
        given = Given(
            source=rules.Source(promise.source),
            by=promise.given_by,
            origin=message,
            is_draft=True,
            override_reason=promise.override_reason,
        )
        try:
            with transaction.atomic():
                give(promise.conversation, terms_of(promise), given, now=now)
        except (NoCapacity, NoTime, NotAllowed) as gone:
            raise NoLongerHolds(promise.what) from gone
        # The new draft stands for it: sent a third time, it is not drafted twice.
        Promise.objects.filter(pk=promise.pk).update(reason="left_out")


@transaction.atomic
def open_drafts(message: Message, *, now: datetime) -> None:
    """The reply was accepted: what it promises is promised from now on. If it left too late for that, it was promised
    when it was written, and the clock breaks it: the customer has read it.
    """
    for promise in Promise.objects.drafts().filter(origin=message).select_related("conversation__inbox"):
        in_time = promise.due_at > now
        look_at = stages_of(promise, given_at=now, now=now).warn_owner_at if in_time else now
        opened = Promise.objects.drafts().able_to_become(rules.State.OPEN).filter(pk=promise.pk)
        if opened.update(
            state=rules.State.OPEN.value,
            given_at=now if in_time else promise.given_at,
            warn_at=look_at,
            next_look_at=look_at,
        ):
            announce_given(promise, now=now)


@transaction.atomic
def owe_unseen(conversation: Conversation, *, seen: Message | None, now: datetime) -> Promise | None:
    """Owe an answer to the first message that the author of the last answer had not on the screen, if there is one."""
    if seen is None:
        return None
    unseen = (
        Message.objects.filter(conversation=conversation, kind=Kind.INBOUND, machine="", pk__gt=seen.pk)
        .exclude(pk=conversation.closing_proposed_by_id or 0)
        .order_by("pk")
        .first()
    )
    return give_answer(conversation, origin=unseen, asked_at=unseen.at, now=now) if unseen else None


@transaction.atomic(savepoint=False)
def acknowledge(promise: Promise, *, to: Participant, first: bool, now: datetime) -> None:
    """Write to the customer that we have the message, and by when a person answers. Once per conversation.

    `first` says that the conversation was just opened, so that nobody can have written before.
    """
    conversation = promise.conversation
    if not to.is_customer or (not first and _has_heard_from_us(conversation)):
        return
    send_automatically(
        conversation,
        text=wording.acknowledgement(
            due_at=promise.due_at,
            now=now,
            zone=conversation.inbox.time_zone,
            language=conversation.language,
            link=link_for(to),
        ),
        to=to.identity,
        now=now,
    )


def _has_heard_from_us(conversation: Conversation) -> bool:
    return Message.objects.filter(conversation=conversation, kind=Kind.OUTBOUND).exists()


def _give(
    conversation: Conversation,
    *,
    terms: Terms,
    given: Given,
    pledge: Pledge | None,
    follows: Promise | None,
    now: datetime,
) -> Promise:
    assert terms.due_at is not None
    promise = new(
        Promise,
        conversation=conversation,
        kind=terms.kind.value,
        what=terms.what or wording.what(terms.kind.value, language=conversation.language),
        state=(rules.State.DRAFT if given.is_draft else rules.State.OPEN).value,
        source=given.source.value,
        given_by=given.by,
        team_id=conversation.team_id,
        owner_id=conversation.owner_id,
        pledge=pledge,
        origin=given.origin,
        follows=follows,
        given_at=now,
        due_at=terms.due_at,
        first_due_at=terms.due_at,
        rank_at=follows.due_at if follows else terms.due_at,
        earliest_at=terms.earliest_at,
        precision=terms.precision.value,
        is_customers_deadline=terms.is_customers_deadline,
        awaits_people=given.awaits_people,
        work_minutes=round(terms.work.total_seconds() / 60),
        override_by=given.by if given.override_reason else None,
        override_reason=given.override_reason[:300],
        warn_at=now,
        next_look_at=now,
    )
    promise.warn_at = promise.next_look_at = stages_of(promise, given_at=now, now=now, just_reserved=True).warn_owner_at
    insert(promise)
    if not given.is_draft:
        announce_given(promise, now=now)
    return promise


def announce_given(promise: Promise, *, now: datetime) -> None:
    announce(
        PromiseGiven(
            at=now,
            conversation_id=promise.conversation_id,
            by_id=promise.given_by_id,
            promise_id=promise.pk,
            kind=promise.kind,
            due_at=promise.due_at,
        )
    )
