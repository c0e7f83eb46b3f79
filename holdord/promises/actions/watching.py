"""What the clock does for one running promise."""

from datetime import datetime

from django.db import transaction

from holdord.conversations.actions import send_automatically, wake
from holdord.conversations.models import Outgoing, OutgoingState
from holdord.history.actions import announce
from holdord.promises import rules, wording
from holdord.promises.actions.giving import give_answer
from holdord.promises.actions.holding import held_promise
from holdord.promises.actions.moving import move_by_itself
from holdord.promises.actions.settling import break_promise
from holdord.promises.events import PromiseAtRisk
from holdord.promises.models import Move, Promise, RiskWarning
from holdord.promises.queries import running_answer, stages_of
from holdord.promises.rules import Kind, Stage


@transaction.atomic
def look(promise: Promise, *, now: datetime) -> None:
    """Do what the clock has to do for one running promise at `now`, and set when to look again.

    Warns the owner, then the lead, tells the customer at the last honest moment, breaks what is due. A move of which
    the customer was not told before the old time counts as broken. When the owner is to be warned is judged anew each
    time, by the work and the capacity that are left. Safe to run twice.
    """
    promise = held_promise(promise.pk)
    if promise.state not in rules.RUNNING or promise.next_look_at > now:
        return
    last_move = promise.moves.order_by("-at", "-pk").first()
    stages = stages_of(promise, given_at=last_move.at if last_move else promise.given_at, now=now)
    if now >= stages.breaks_at or _moved_in_silence(last_move, now=now):
        break_promise(promise, now=now)
        return
    done = Stage(promise.stage) if promise.stage else None
    while (due := stages.after(done))[1] <= now and due[0] is not Stage.BREAK:
        done = due[0]
        if done is Stage.TELL_CUSTOMER:
            if _tell(promise, now=now):
                return
        else:
            _warn(promise, done, now=now)
    promise.stage = done.value if done else ""
    promise.warn_at = stages.warn_owner_at
    promise.next_look_at = _earlier(stages.after(done)[1], last_move)
    promise.save(update_fields=["stage", "warn_at", "next_look_at"])


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
    Promise.objects.filter(pk=promise.pk, awaits_people=False).update(awaits_people=True)
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


def _tell(promise: Promise, *, now: datetime) -> bool:
    """Tell the customer, and the lead that the desk did it by itself; True if the promise runs on with a new time."""
    if not _can_be_told_by_the_desk(promise):
        return False
    if move_by_itself(promise, now=now) is not None:
        _warn(promise, Stage.TELL_CUSTOMER, now=now)
        return True
    _tell_without_a_time(promise, now=now)
    _warn(promise, Stage.TELL_CUSTOMER, now=now)
    return False


def _can_be_told_by_the_desk(promise: Promise) -> bool:
    """The desk moves a promise once by itself, and not while the answer is on its way."""
    if promise.moves.filter(automatic=True).exists():
        return False
    on_its_way = Outgoing.objects.filter(
        message__conversation=promise.conversation_id,
        message__is_answer=True,
        state__in=[OutgoingState.QUEUED, OutgoingState.SENDING],
    )
    return promise.kind != Kind.ANSWER or not on_its_way.exists()


def _tell_without_a_time(promise: Promise, *, now: datetime) -> None:
    """No pool knows a time that holds: the truth is told all the same, and when a person says more."""
    conversation = promise.conversation
    answer = running_answer(conversation) or give_answer(conversation, origin=promise.origin, asked_at=now, now=now)
    if answer is None:
        return
    send_automatically(
        conversation,
        text=wording.late_letter_without_a_time(
            promise, answer_at=answer.due_at, now=now, zone=conversation.inbox.time_zone, language=conversation.language
        ),
        now=now,
    )
