"""A promise gets another time or another owner, and what the clock does on its way."""

from datetime import datetime, timedelta

from django.db import transaction

from holdord.conversations.actions import send_automatically, wake
from holdord.conversations.models import Conversation, Message, Outgoing, OutgoingState
from holdord.history.actions import announce
from holdord.kernel.moments import Precision
from holdord.kernel.working_time import NeverOpen, round_up
from holdord.people.models import Agent
from holdord.people.queries import calendar_of
from holdord.promises import rules, wording
from holdord.promises.actions.reserving import give_back, reserve, reserve_at
from holdord.promises.actions.settling import AlreadySettled, break_promise
from holdord.promises.events import PromiseAtRisk, PromiseMoved
from holdord.promises.models import Move, Promise, RiskWarning
from holdord.promises.rules import Kind, Stage, State

MOVED_BY = timedelta(hours=2)
"""The working time after the old due time from which a new one is sought."""


@transaction.atomic
def look(promise: Promise, *, now: datetime) -> None:
    """Do what the clock has to do for one running promise at `now`, and set when to look again.

    Warns the owner, then the lead, tells the customer at the last honest moment, breaks what is due. A move of which
    the customer was not told before the old time counts as broken. Safe to run twice.
    """
    promise = Promise.objects.select_related("conversation__inbox", "team").get(pk=promise.pk)
    if promise.state not in rules.RUNNING or promise.next_look_at > now:
        return
    last_move = promise.moves.order_by("-at", "-pk").first()
    stages = _stages(promise, last_move)
    if now >= stages.breaks_at or _moved_in_silence(last_move, now=now):
        break_promise(promise, now=now)
        return
    done = Stage(promise.stage) if promise.stage else None
    while (due := stages.after(done))[1] <= now and due[0] is not Stage.BREAK:
        done = due[0]
        if done is Stage.TELL_CUSTOMER:
            if _can_be_moved_by_the_desk(promise):
                _tell_of_delay(promise, now=now)
                return
        else:
            _warn(promise, done, now=now)
    promise.stage = done.value if done else ""
    promise.next_look_at = _earlier(stages.after(done)[1], last_move)
    promise.save(update_fields=["stage", "next_look_at"])


def _stages(promise: Promise, last_move: Move | None) -> rules.Stages:
    return rules.stages(
        given_at=last_move.at if last_move else promise.given_at,
        due_at=promise.due_at,
        work=timedelta(minutes=promise.work_minutes),
        calendar=calendar_of(promise.conversation.inbox),
        by_day=promise.precision == Precision.DAY,
    )


def _moved_in_silence(last_move: Move | None, *, now: datetime) -> bool:
    if last_move is None or now < last_move.old_due_at:
        return False
    return last_move.told_at is None or last_move.told_at >= last_move.old_due_at


def _earlier(at: datetime, last_move: Move | None) -> datetime:
    """An untold move is looked at when its old time passes, if that comes first."""
    return at if last_move is None or last_move.told_at else min(at, last_move.old_due_at)


def _warn(promise: Promise, stage: Stage, *, now: datetime) -> None:
    wake(promise.conversation, by=None, now=now)  # snoozing stops no clock
    lead_id = promise.team.lead_id
    warned_id = (promise.owner_id or lead_id) if stage is Stage.WARN_OWNER else lead_id
    RiskWarning.objects.get_or_create(promise=promise, level=stage.value, at=now, defaults={"agent_id": warned_id})
    announce(
        PromiseAtRisk(
            at=now,
            conversation_id=promise.conversation_id,
            promise_id=promise.pk,
            kind=promise.kind,
            due_at=promise.due_at,
            level=stage.value,
            warned_id=warned_id,
        )
    )


def _can_be_moved_by_the_desk(promise: Promise) -> bool:
    """The desk moves an answer once by itself, and not while the answer is on its way."""
    on_its_way = Outgoing.objects.filter(
        message__conversation=promise.conversation_id,
        message__is_answer=True,
        state__in=[OutgoingState.QUEUED, OutgoingState.SENDING],
    )
    moved_already = promise.moves.filter(automatic=True)
    return promise.kind == Kind.ANSWER and not moved_already.exists() and not on_its_way.exists()


def _tell_of_delay(promise: Promise, *, now: datetime) -> None:
    conversation, work, old = promise.conversation, timedelta(minutes=promise.work_minutes), promise.due_at
    give_back(promise.team_id, work, old)
    try:
        wanted = calendar_of(conversation.inbox).add(old, MOVED_BY)
    except NeverOpen:
        wanted = old + timedelta(days=1)
    new = reserve(promise.team_id, work, wanted, now=now)
    if new is None:
        new = round_up(wanted)
        reserve_at(promise.team_id, work, new)
    letter = send_automatically(
        conversation,
        text=wording.late_letter(
            old_due_at=old,
            due_at=new,
            now=now,
            zone=conversation.inbox.time_zone,
            language=conversation.language,
        ),
        now=now,
    )
    _move(promise, to=new, reason="not_in_time", by=None, told_by=letter, now=now)


@transaction.atomic
def move(promise: Promise, *, to: datetime, reason: str, by: Agent, told_by: Message | None, now: datetime) -> Move:
    """Let a promise run on with a new time, of which the message `told_by` tells the customer.

    Raises AlreadySettled.
    """
    work = timedelta(minutes=promise.work_minutes)
    give_back(promise.team_id, work, promise.due_at)
    reserve_at(promise.team_id, work, to)
    return _move(promise, to=to, reason=reason, by=by, told_by=told_by, now=now)


def _move(
    promise: Promise, *, to: datetime, reason: str, by: Agent | None, told_by: Message | None, now: datetime
) -> Move:
    moved = Move.objects.create(
        promise=promise,
        old_due_at=promise.due_at,
        new_due_at=to,
        reason=reason,
        automatic=by is None,
        by=by,
        at=now,
        told_by=told_by,
    )
    stages = rules.stages(
        given_at=now,
        due_at=to,
        work=timedelta(minutes=promise.work_minutes),
        calendar=calendar_of(promise.conversation.inbox),
    )
    if (
        not Promise.objects.running()
        .filter(pk=promise.pk)
        .update(
            state=State.MOVED.value,
            due_at=to,
            rank_at=promise.rank_at if promise.follows_id else to,
            stage="",
            warn_at=stages.warn_owner_at,
            next_look_at=min(stages.warn_owner_at, moved.old_due_at),
        )
    ):
        raise AlreadySettled(promise.pk)
    announce(
        PromiseMoved(
            at=now,
            conversation_id=promise.conversation_id,
            by_id=by.pk if by else None,
            promise_id=promise.pk,
            kind=promise.kind,
            old_due_at=moved.old_due_at,
            new_due_at=to,
            automatic=by is None,
        )
    )
    return moved


@transaction.atomic
def told(message: Message, *, now: datetime) -> None:
    """The letter that tells of a move was accepted by our mail server."""
    Move.objects.filter(told_by=message, told_at__isnull=True).update(told_at=now)


@transaction.atomic
def hand_to(conversation: Conversation) -> None:
    """Let the running promises of a conversation follow its owner and team; their minutes move to the team's pool."""
    running = Promise.objects.running().filter(conversation=conversation)
    for promise in running.exclude(team=conversation.team_id):
        work = timedelta(minutes=promise.work_minutes)
        give_back(promise.team_id, work, promise.due_at)
        reserve_at(conversation.team_id, work, promise.due_at)
    running.update(owner=conversation.owner_id, team=conversation.team_id)
