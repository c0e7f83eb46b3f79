"""Reading the promises of a conversation, and the answer that can be promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Prefetch

from holdord.conversations.models import Conversation, OutgoingState
from holdord.history.finding import Find
from holdord.history.rows import LookUp
from holdord.kernel.remembering import remembered
from holdord.kernel.working_time import NeverOpen, round_up
from holdord.people.models import Agent, Inbox
from holdord.people.queries import calendar_of
from holdord.promises import rules, wording
from holdord.promises.models import HandlingTime, Move, Pledge, Promise
from holdord.promises.queries.capacity import earliest_keepable
from holdord.promises.rules import Kind


def running_answer(conversation: Conversation) -> Promise | None:
    """The answer we owe in this conversation, if one runs."""
    return _ANSWER.first(conversation.pk)


def owes_answer(conversation: Conversation) -> bool:
    """Whether an answer runs in this conversation."""
    return _RUNNING_ANSWER.row(conversation.pk) is not None


_ANSWER = Find(
    lambda conversation: Promise.objects.running().filter(conversation=conversation, kind="answer").order_by("pk")[:1],
    int,
)
_RUNNING_ANSWER = LookUp(
    lambda conversation: Promise.objects.running().filter(conversation=conversation, kind="answer").values_list("pk"),
    int,
)


def moves_still_held(conversation: Conversation, *, now: datetime) -> list[Move]:
    """The moves of which the customer does not know yet, since the letter that tells of them can still be undone; the
    latest first.
    """
    held = Move.objects.filter(
        promise__conversation=conversation,
        told_at__isnull=True,
        told_by__outgoing__state=OutgoingState.QUEUED,
        told_by__outgoing__not_before__gt=now,
    )
    return list(held.order_by("-pk"))


def promises_in(conversation: Conversation, *, without: Sequence[Move] = ()) -> list[Promise]:
    """Every promise of a conversation, what is due first at the top, the settled ones after, newest first; as they are
    `without` these moves, the latest of them first.
    """
    moves = Prefetch("moves", Move.objects.exclude(pk__in=[move.pk for move in without]))
    found = list(Promise.objects.given().filter(conversation=conversation).prefetch_related(moves))
    by_key = {promise.pk: promise for promise in found if promise.state in rules.RUNNING}
    for move in without:
        if promise := by_key.get(move.promise_id):
            promise.due_at, promise.earliest_at = move.old_due_at, move.old_earliest_at
            is_first = promise.due_at == promise.first_due_at
            promise.state = (rules.State.OPEN if is_first else rules.State.MOVED).value
    running = sorted((p for p in found if p.state in rules.RUNNING), key=lambda p: p.due_at)
    settled = sorted((p for p in found if p.state not in rules.RUNNING), key=lambda p: p.given_at, reverse=True)
    return running + settled


@dataclass(frozen=True)
class AnswerOffer:
    """The time by which an answer can be promised; when nobody is there to keep any, the pledge alone speaks."""

    due_at: datetime
    work: timedelta
    pledge: Pledge | None


NO_PLEDGE_WITHIN = timedelta(hours=8)
"""What an inbox without a pledge promises, in working time."""

NO_PLEDGE_WORK = timedelta(minutes=10)
"""The handling time that an inbox without a pledge reckons with."""


def pledged_answer(inbox: Inbox, *, asked_at: datetime) -> tuple[datetime, timedelta, Pledge | None]:
    """When the inbox's pledge alone has an answer due to a question asked at `asked_at`, its work, and the pledge."""
    pledge = _pledge_of(inbox)
    within = timedelta(minutes=pledge.within_minutes) if pledge else NO_PLEDGE_WITHIN
    work = handling_time(inbox.team_id, Kind.ANSWER) or (
        timedelta(minutes=pledge.work_minutes) if pledge else NO_PLEDGE_WORK
    )
    try:
        due_at = rules.due_by_pledge(asked_at=asked_at, within=within, calendar=calendar_of(inbox))
    except NeverOpen:
        due_at = round_up(asked_at + timedelta(days=7))
    return due_at, work, pledge


ENOUGH_MEASURED = 20
"""How many must have been measured before their handling time counts instead of the pledge's."""


@remembered(lambda team_id, kind: (team_id, kind))
def handling_time(team_id: int, kind: Kind) -> timedelta | None:
    """How long a promise of this kind takes the team, as measured, in whole minutes; None while too few were."""
    row = _HANDLING.row(team_id, kind.value)
    if row is None or row[1] < ENOUGH_MEASURED:
        return None
    return timedelta(minutes=max(1, round(row[0])))


_HANDLING = LookUp(
    lambda team, kind: HandlingTime.objects.filter(team=team, kind=kind).values_list("minutes", "measured"), int, str
)


@remembered(lambda inbox: inbox.pk)
def _pledge_of(inbox: Inbox) -> Pledge | None:
    return Pledge.objects.filter(inbox=inbox, kind=Kind.ANSWER).first()


def answer_offer(inbox: Inbox, *, asked_at: datetime, now: datetime) -> AnswerOffer:
    """By when a person answers a question asked at `asked_at` in this inbox: the pledge, or later if work already
    promised leaves no room for it before. Writes nothing.
    """
    pledged, work, pledge = pledged_answer(inbox, asked_at=asked_at)
    not_before = max(pledged, now)
    keepable = earliest_keepable(inbox.team_id, work, not_before, now=now)
    return AnswerOffer(keepable or round_up(not_before), work, pledge)


def reply_leaves_at(conversation: Conversation, *, now: datetime) -> datetime:
    """When a reply written now leaves: after the undo window, which ends before the promise is due."""
    answer = running_answer(conversation)
    window = timedelta(seconds=settings.UNDO_SECONDS)
    return rules.undo_until(now=now, window=window, due_at=answer.due_at if answer else None)


def drafted(conversation: Conversation, agent_id: int) -> list[Promise]:
    """The promises an agent has put into the reply they are writing."""
    return _DRAFTED.all(conversation.pk, agent_id)


_DRAFTED = Find(
    lambda conversation, agent: (
        Promise.objects.drafts().filter(conversation=conversation, given_by=agent, origin__isnull=True).order_by("pk")
    ),
    int,
    int,
)


def with_promises(text: str, conversation: Conversation, *, by: Agent, now: datetime) -> str:
    """The text of a reply with the words of the promises it gives: those that don't stand in it are put at its end."""
    zone, language = conversation.inbox.time_zone, conversation.language
    for promise in drafted(conversation, by.pk):
        words = wording.words_of(promise, now=now, zone=zone, language=language)
        if words not in text:
            text = f"{text.rstrip()}\n\n{words}"
    return text
