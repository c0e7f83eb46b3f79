"""Reading promises, and the time that can be kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from holdord.conversations.models import Conversation
from holdord.history.rows import LookUp
from holdord.kernel.remembering import remembered
from holdord.kernel.working_time import NeverOpen, round_up
from holdord.people.models import Inbox
from holdord.people.queries import calendar_of, supply_of_team
from holdord.promises import rules
from holdord.promises.models import Pledge, Pool, Promise, PromisedWork
from holdord.promises.rules import Kind, Load


def running_answer(conversation: Conversation) -> Promise | None:
    """The answer we owe in this conversation, if one runs."""
    return Promise.objects.running().filter(conversation=conversation, kind=Kind.ANSWER).first()


def owes_answer(conversation: Conversation) -> bool:
    """Whether an answer runs in this conversation."""
    return _RUNNING_ANSWER.row(conversation.pk) is not None


_RUNNING_ANSWER = LookUp(
    lambda conversation: Promise.objects.running().filter(conversation=conversation, kind="answer").values_list("pk"),
    int,
)


def promises_in(conversation: Conversation) -> list[Promise]:
    """Every promise of a conversation, what is due first at the top, the settled ones after, newest first."""
    found = list(Promise.objects.filter(conversation=conversation).prefetch_related("moves"))
    running = sorted((p for p in found if p.state in rules.RUNNING), key=lambda p: p.due_at)
    settled = sorted((p for p in found if p.state not in rules.RUNNING), key=lambda p: p.given_at, reverse=True)
    return running + settled


def load_of_team(team_id: int) -> Load:
    """The work a team has promised: one entry for each due time. Kept in memory while the pool's version stays."""
    version = pool_version(team_id)
    kept = _loads.get(team_id)
    if kept is None or kept[0] != version or not version:
        rows = PromisedWork.objects.filter(pool__team=team_id).order_by("due_at").values_list("due_at", "minutes")
        kept = _loads[team_id] = (version, rules.sorted_load(list(rows)))
    return kept[1]


def pool_version(team_id: int) -> int | None:
    """The version of a team's pool, which changes with every reservation; None for a team without one yet."""
    found = _VERSION.row(team_id)
    return int(found[0]) if found else None


_VERSION = LookUp(lambda team: Pool.objects.filter(team=team).values_list("version"), int)
_loads: dict[int, tuple[int | None, Load]] = {}


def know_load(team_id: int, *, was: int, now_is: int, due_at: datetime, minutes: int) -> None:
    """The pool went from one version to the next by this much work (less, if negative) due at one time: whoever knew
    the load before knows it after, without reading it again.
    """
    kept = _loads.pop(team_id, None)
    if kept is not None and kept[0] == was and was:
        _loads[team_id] = (now_is, rules.with_work(kept[1], due_at, minutes))


def earliest_keepable(team_id: int, work: timedelta, not_before: datetime, *, now: datetime) -> datetime | None:
    """The first time, not before `not_before`, by which this team can promise `work` more; None if never.

    See `rules.earliest_keepable` for the rule.
    """
    supply = supply_of_team(team_id, now=now)
    return rules.earliest_keepable(work, not_before, now=now, supply=supply, load=load_of_team(team_id))


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
    work = timedelta(minutes=pledge.work_minutes) if pledge else NO_PLEDGE_WORK
    try:
        due_at = rules.due_by_pledge(asked_at=asked_at, within=within, calendar=calendar_of(inbox))
    except NeverOpen:
        due_at = round_up(asked_at + timedelta(days=7))
    return due_at, work, pledge


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
