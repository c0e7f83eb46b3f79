"""A promise ends: kept, broken, released or void."""

from datetime import datetime, timedelta

from django.db import transaction

from holdord.conversations.actions import hold, send_automatically
from holdord.conversations.models import Conversation, Message
from holdord.conversations.models import Kind as MessageKind
from holdord.history.actions import announce
from holdord.kernel.working_time import NeverOpen
from holdord.people.models import Agent
from holdord.people.queries import calendar_of
from holdord.promises import wording
from holdord.promises.actions.giving import give_answer, owe_unseen
from holdord.promises.actions.holding import hold_all_of
from holdord.promises.actions.reserving import give_back_all, reserve_at
from holdord.promises.events import PromiseBroken, PromiseKept, PromiseReleased, PromiseReopened, PromiseVoided
from holdord.promises.models import Promise
from holdord.promises.rules import Kind, State

REPAIR_WITHIN = timedelta(hours=2)
"""The working time in which a person answers after a broken promise, if it can be kept."""

REPAIR_AGAIN_WITHIN = timedelta(hours=8)
"""The same after a second broken promise in a row: likelier to hold, and fewer letters that say sorry."""


class AlreadySettled(Exception):
    """The promise does not run any more, or another changed it at this moment."""


def claim(promise: Promise) -> None:
    """Let nobody else change a running promise until the caller's transaction ends. Before anything is taken from a
    pool, so that all lock in the same order. Raises AlreadySettled when it is not as it was seen.
    """
    hold(promise.conversation_id)
    seen = Promise.objects.running().filter(pk=promise.pk, due_at=promise.due_at, team=promise.team_id)
    if seen.select_for_update(no_key=True).values_list("pk", flat=True).first() is None:
        raise AlreadySettled(promise.pk)


@transaction.atomic
def answer_arrived(message: Message, *, now: datetime) -> None:
    """An agent's reply was accepted by our mail server (or shown) at `now`: keep what it keeps.

    An answer keeps the answer promise if it was written to the message that began it, and every update owed; a reply
    that is not the answer yet keeps the updates alone. Too late, the promise is broken first and this keeps what
    follows it.
    """
    hold_all_of(message.conversation_id)
    conversation = Conversation.objects.select_related("inbox").get(pk=message.conversation_id)
    running = Promise.objects.running().filter(conversation=conversation)
    for promise in running.filter(kind=Kind.UPDATE).exclude(origin=message):
        _keep_or_break(promise, evidence=message, now=now)
    if not message.is_answer:
        return
    for promise in running.filter(kind=Kind.ANSWER):
        if message.seen_id is None or promise.origin_id is None or promise.origin_id <= message.seen_id:
            _keep_or_break(promise, evidence=message, now=now)
    owe_unseen(conversation, seen=message.seen, now=now)


def _keep_or_break(promise: Promise, *, evidence: Message, now: datetime) -> None:
    if now < promise.due_at:
        keep(promise, evidence=evidence, now=now)
        return
    following = break_promise(promise, now=now, tell=False)
    if following is not None:
        keep(following, evidence=evidence, now=now)


@transaction.atomic
def keep(promise: Promise, *, evidence: Message | None, now: datetime, by: Agent | None = None) -> None:
    """We did what we had promised; `evidence` is the message that shows it, if one does. Raises AlreadySettled."""
    _settle(promise, State.KEPT, evidence=evidence, now=now)
    announce(
        PromiseKept(
            at=now,
            conversation_id=promise.conversation_id,
            by_id=by.pk if by else evidence.author_id if evidence else None,
            promise_id=promise.pk,
            kind=promise.kind,
            due_at=promise.due_at,
        )
    )


@transaction.atomic
def break_promise(promise: Promise, *, now: datetime, tell: bool = True, reason: str = "") -> Promise | None:
    """The time has passed, or we know that we will not do it (`reason`, one word). In the same transaction an answer is
    promised anew, ranked first, and a recovery opens.

    The customer is told what we did not do and when the answer comes now, unless `tell` is False since they know.
    Returns the promise that follows, None if an answer is running already. Raises AlreadySettled.
    """
    _settle(promise, State.BROKEN, evidence=None, now=now, reason=reason)
    _announce_broken(promise, now=now)
    return _promise_anew(promise, now=now, tell=tell)


def _promise_anew(broken: Promise, *, now: datetime, tell: bool) -> Promise | None:
    conversation = Conversation.objects.select_related("inbox").get(pk=broken.conversation_id)
    within = REPAIR_AGAIN_WITHIN if broken.follows_id else REPAIR_WITHIN
    try:
        repaired_by = calendar_of(conversation.inbox).add(now, within)
    except NeverOpen:
        repaired_by = now + within
    following = give_answer(
        conversation, origin=broken.origin, asked_at=now, not_before=repaired_by, follows=broken, now=now
    )
    if following is not None and tell:
        send_automatically(
            conversation,
            text=wording.broken_letter(
                kind=broken.kind,
                what=broken.what,
                due_at=broken.due_at,
                precision=broken.precision,
                new_due_at=following.due_at,
                now=now,
                zone=conversation.inbox.time_zone,
                language=conversation.language,
            ),
            now=now,
        )
    return following


@transaction.atomic
def release(promise: Promise, *, evidence: Message | None, now: datetime, by: Agent | None = None) -> None:
    """The customer let it go; `by` is the agent who was told so. Raises AlreadySettled."""
    _settle(promise, State.RELEASED, evidence=evidence, now=now)
    announce(
        PromiseReleased(
            at=now,
            conversation_id=promise.conversation_id,
            by_id=by.pk if by else None,
            promise_id=promise.pk,
            kind=promise.kind,
        )
    )


@transaction.atomic
def void(promise: Promise, *, reason: str, by_id: int | None, now: datetime) -> None:
    """It was never owed; `reason` is one word for counting. Raises AlreadySettled."""
    _settle(promise, State.VOID, evidence=None, reason=reason, now=now)
    announce(
        PromiseVoided(
            at=now,
            conversation_id=promise.conversation_id,
            by_id=by_id,
            promise_id=promise.pk,
            kind=promise.kind,
            reason=reason,
        )
    )


@transaction.atomic
def drop_draft(promise: Promise, *, reason: str) -> bool:
    """What stood in a reply that does not leave was never promised; False if it left with one meanwhile."""
    seen = Promise.objects.drafts().filter(pk=promise.pk, origin=promise.origin_id, team=promise.team_id)
    if not seen.update(state=State.VOID.value, settled_at=promise.given_at, reason=reason):
        return False
    give_back_all(promise)
    return True


@transaction.atomic
def take_back_answer(message: Message, *, now: datetime) -> None:
    """An answer bounced: no answer. What it kept runs again if there is time, and is broken if there is none."""
    hold_all_of(message.conversation_id)
    for promise in Promise.objects.filter(evidence=message, state=State.KEPT):
        another = Promise.objects.running().filter(conversation=promise.conversation_id, kind=Kind.ANSWER)
        if promise.kind == Kind.ANSWER and another.exists():
            _break_kept(promise, now=now)
        elif _run_again(promise, now=now) and now >= promise.due_at:
            break_promise(promise, now=now)


def _run_again(promise: Promise, *, now: datetime) -> bool:
    state = State.OPEN if promise.due_at == promise.first_due_at else State.MOVED
    if (
        not Promise.objects.able_to_become(state)
        .filter(pk=promise.pk, state=State.KEPT)
        .update(state=state.value, settled_at=None, evidence=None, next_look_at=now)
    ):
        return False
    reserve_at(promise.team_id, timedelta(minutes=promise.work_minutes), promise.due_at)
    announce(PromiseReopened(at=now, conversation_id=promise.conversation_id, promise_id=promise.pk, kind=promise.kind))
    return True


def _break_kept(promise: Promise, *, now: datetime) -> None:
    """A newer question is owed an answer already, and one answer runs at a time: this one was not kept after all."""
    if (
        Promise.objects.able_to_become(State.BROKEN)
        .filter(pk=promise.pk, state=State.KEPT)
        .update(state=State.BROKEN.value, settled_at=now)
    ):
        _announce_broken(promise, now=now)


def _announce_broken(promise: Promise, *, now: datetime) -> None:
    conversation = promise.conversation
    written = Message.objects.filter(conversation=conversation, kind=MessageKind.INBOUND, machine="")
    announce(
        PromiseBroken(
            at=now,
            conversation_id=promise.conversation_id,
            promise_id=promise.pk,
            kind=promise.kind,
            due_at=promise.due_at,
            owner_id=promise.owner_id,
            late_minutes=max(0, int((now - promise.due_at).total_seconds() // 60)),
            contacts=written.count(),
            days=max(0, (now - conversation.opened_at).days),
        )
    )


def _settle(promise: Promise, state: State, *, evidence: Message | None, now: datetime, reason: str = "") -> None:
    def ends() -> int:
        seen = Promise.objects.running().filter(pk=promise.pk, due_at=promise.due_at, team=promise.team_id)
        return seen.able_to_become(state).update(
            state=state.value, settled_at=now, evidence=evidence, reason=reason, unfit_at=None, unfit_in=None
        )

    hold(promise.conversation_id)
    if not ends():
        promise.refresh_from_db(fields=["due_at", "team"])  # moved or handed over meanwhile, it holds something else
        if not ends():
            raise AlreadySettled(promise.pk)
    give_back_all(promise, used_at=now if state is State.KEPT else None)
