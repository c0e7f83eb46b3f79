"""A promise is given."""

from datetime import datetime, timedelta

from django.db import transaction

from holdord.conversations.actions import send_automatically
from holdord.conversations.case_links import link_for
from holdord.conversations.models import Conversation, Kind, Message, Participant
from holdord.history.actions import announce
from holdord.kernel.working_time import round_up
from holdord.people.queries import calendar_of
from holdord.promises import rules, wording
from holdord.promises.actions.reserving import reserve, reserve_at
from holdord.promises.events import PromiseGiven
from holdord.promises.models import Pledge, Promise
from holdord.promises.queries import answer_offer, owes_answer, pledged_answer


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
) -> Promise | None:
    """Promise that a person answers, by the pledge or the first time after it that can be kept.

    One answer runs at a time: None if one does already. `offered` is the time shown before a form was sent; if it no
    longer holds OfferNoLongerHolds is raised. `not_before` replaces the pledge, for what follows a broken promise.
    When nobody is there to keep any time, the pledge alone speaks.
    """
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
        kind=rules.Kind.ANSWER,
        due_at=due_at,
        work=work,
        origin=origin,
        pledge=pledge,
        follows=follows,
        by_id=None,
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


@transaction.atomic
def give_update(conversation: Conversation, *, message: Message, due_at: datetime, now: datetime) -> Promise:
    """Promise, in a reply that is not the answer yet, that the customer hears from us by `due_at`.

    An update is a few words: it takes no minutes from the pool.
    """
    return _give(
        conversation,
        kind=rules.Kind.UPDATE,
        due_at=due_at,
        work=timedelta(),
        origin=message,
        pledge=None,
        follows=None,
        by_id=message.author_id,
        now=now,
    )


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
    kind: rules.Kind,
    due_at: datetime,
    work: timedelta,
    origin: Message | None,
    pledge: Pledge | None,
    follows: Promise | None,
    by_id: int | None,
    now: datetime,
) -> Promise:
    calendar = calendar_of(conversation.inbox)
    stages = rules.stages(given_at=now, due_at=due_at, work=work, calendar=calendar)
    promise = Promise.objects.create(
        conversation=conversation,
        kind=kind.value,
        what=wording.what(kind.value, language=conversation.language),
        team_id=conversation.team_id,
        owner_id=conversation.owner_id,
        pledge=pledge,
        origin=origin,
        follows=follows,
        given_at=now,
        due_at=due_at,
        first_due_at=due_at,
        rank_at=follows.due_at if follows else due_at,
        warn_at=stages.warn_owner_at,
        work_minutes=round(work.total_seconds() / 60),
        next_look_at=stages.warn_owner_at,
    )
    announce(
        PromiseGiven(
            at=now,
            conversation_id=conversation.pk,
            by_id=by_id,
            promise_id=promise.pk,
            kind=promise.kind,
            due_at=due_at,
        )
    )
    return promise
