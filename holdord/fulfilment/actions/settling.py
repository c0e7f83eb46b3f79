"""What becomes of a deed: done, refused, or a person's work."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from holdord.conversations import actions as conversations
from holdord.conversations.actions import send_automatically
from holdord.conversations.models import Request, RequestKind
from holdord.conversations.models.request import RUNNING
from holdord.fulfilment import wording
from holdord.fulfilment.events import DeedDone, DeedHandedToAPerson, DeedRefused
from holdord.fulfilment.models import Deed
from holdord.fulfilment.queries import executor_of
from holdord.fulfilment.rules import (
    UNDER_WAY,
    DeedState,
    Direction,
    Outcome,
    Told,
    next_try,
    patience,
    undo_until,
)
from holdord.history.actions import announce
from holdord.kernel.moments import Precision
from holdord.kernel.working_time import NeverOpen, round_up
from holdord.people.models import Agent
from holdord.people.queries import calendar_of
from holdord.promises import actions as promises
from holdord.promises.models import Promise
from holdord.promises.queries.terms import work_of
from holdord.promises.rules import Kind, Source, Terms


@transaction.atomic
def told(deed: Deed, said: Told, *, looked_first: bool, now: datetime) -> None:
    """Write down what the system said of a deed. An answer that comes after another had settled it changes nothing."""
    if said.outcome in (Outcome.DONE, Outcome.REFUSED):
        settle(deed, said, by=deed.by, now=now)
        return
    is_pending = said.outcome is Outcome.PENDING or (deed.is_pending and said.outcome is not Outcome.ABSENT)
    waiting = Deed.objects.filter(pk=deed.pk, state=DeedState.WAITING.value)
    # Nothing of this call arrived: what came before it may have.
    arrived = looked_first if said.outcome is Outcome.UNREACHED else said.outcome is not Outcome.ABSENT
    waiting.update(fault=said.fault, is_pending=is_pending, may_have_arrived=arrived)
    gives_up_at = deed.begun_at + patience(deed.request.kind, pending=is_pending)
    if said.outcome is Outcome.WRONG or now >= gives_up_at:
        by_hand(deed, fault=said.fault or "silent", now=now)
    else:
        waiting.update(next_at=min(next_try(deed.tries, now=now), gives_up_at))


@transaction.atomic
def settle(deed: Deed, said: Told, *, by: Agent | None, now: datetime) -> bool:
    """It is done or refused, by the word of who did it; the customer hears. False if it was settled before."""
    is_done = said.outcome is Outcome.DONE
    until = None
    if is_done and deed.direction == Direction.DO:
        executor = executor_of(deed.request.conversation.inbox, deed.request.kind)
        until = undo_until(said.undo_until, executor.undo_hours if executor else 0, now=now)
    settled = Deed.objects.filter(pk=deed.pk, state__in=UNDER_WAY).update(
        state=(DeedState.DONE if is_done else DeedState.REFUSED).value,
        settled_at=now,
        fault="",
        effective_at=said.effective_at,
        undo_until=until,
        reason=said.reason,
        instead=said.instead,
        reference=said.reference,
    )
    if not settled:
        return False
    deed.refresh_from_db()
    if not is_done and deed.direction == Direction.DO:
        _nothing_to_undo(deed, now=now)
    _end_the_request(deed, by=by, now=now)
    _end_the_promise(deed, is_done=is_done, by=by, now=now)
    _announce(deed, now=now)
    _write(deed, now=now)
    return True


def _nothing_to_undo(deed: Deed, *, now: datetime) -> None:
    undoing = Deed.objects.filter(request=deed.request, direction=Direction.UNDO.value, state__in=UNDER_WAY)
    undoing.update(state=DeedState.DROPPED.value, settled_at=now)


def _end_the_request(deed: Deed, *, by: Agent | None, now: datetime) -> None:
    request = deed.request
    with suppress(conversations.AlreadyDecided):
        if deed.direction == Direction.UNDO:
            if deed.state == DeedState.DONE:
                conversations.withdraw(request, by=by, now=now)
                _opened(request, by=by, now=now)
        elif deed.state == DeedState.DONE:
            conversations.fulfil(request, by=by, now=now)
        else:
            conversations.decline(request, by=by, reason=deed.reason, now=now)


def _opened(blocked: Request, *, by: Agent | None, now: datetime) -> None:
    """Who asked to have opened what was blocked here has it; it was undone for them."""
    if blocked.kind != RequestKind.BLOCK:
        return
    asked = Request.objects.filter(conversation=blocked.conversation_id, kind=RequestKind.UNBLOCK, state__in=RUNNING)
    for request in asked.filter(deeds=None):
        conversations.fulfil(request, by=by, now=now)


def _end_the_promise(deed: Deed, *, is_done: bool, by: Agent | None, now: datetime) -> None:
    if deed.promise is None:
        return
    with suppress(promises.AlreadySettled):
        if is_done:
            promises.keep(deed.promise, evidence=None, now=now, by=by)
        else:
            promises.void(deed.promise, reason="declined", by_id=by.pk if by else None, now=now)


def _announce(deed: Deed, *, now: datetime) -> None:
    request = deed.request
    if deed.state == DeedState.DONE:
        announce(
            DeedDone(
                at=now,
                conversation_id=request.conversation_id,
                deed_id=deed.pk,
                request_id=request.pk,
                request_kind=request.kind,
                direction=deed.direction,
                undo_until=deed.undo_until,
            )
        )
    else:
        announce(
            DeedRefused(
                at=now,
                conversation_id=request.conversation_id,
                deed_id=deed.pk,
                request_id=request.pk,
                request_kind=request.kind,
                direction=deed.direction,
            )
        )


def _write(deed: Deed, *, now: datetime) -> None:
    conversation = deed.request.conversation
    if deed.state == DeedState.DONE:
        zone = conversation.inbox.time_zone
        text = wording.done_letter(deed, now=now, zone=zone, language=conversation.language)
    else:
        text = wording.refused_letter(deed, language=conversation.language)
    send_automatically(conversation, text=text, now=now)


@transaction.atomic
def by_hand(deed: Deed, *, fault: str, now: datetime) -> None:
    """The system did not do it: a person does, with a promise that the customer hears of. `fault` is one word.

    If the customer took it back meanwhile, the person sees to it that it is undone, in case it was done.
    """
    waiting = Deed.objects.filter(pk=deed.pk, state=DeedState.WAITING.value)
    if not waiting.update(fault=fault[:24]):
        return
    undoing = Deed.objects.filter(
        request=deed.request, direction=Direction.UNDO.value, state=DeedState.WAITING.value
    ).first()
    if deed.direction == Direction.DO and undoing is not None:
        waiting.update(state=DeedState.DROPPED.value, settled_at=now)
        give_to_a_person(undoing, fault=fault, now=now)
        return
    deed.refresh_from_db()
    give_to_a_person(deed, fault=fault, now=now)


def give_to_a_person(deed: Deed, *, fault: str, now: datetime) -> None:
    """A promise with a time that holds, and the letter that says so. In the caller's transaction."""
    conversation = deed.request.conversation
    if deed.promise is None or deed.promise.settled_at is not None:
        deed.promise = _promise(deed, now=now)
        zone, language = conversation.inbox.time_zone, conversation.language
        letter = wording.by_hand_letter(deed, deed.promise, now=now, zone=zone, language=language)
        send_automatically(conversation, text=letter, now=now)
    Deed.objects.filter(pk=deed.pk).update(state=DeedState.BY_HAND.value, promise=deed.promise)
    deed.state = DeedState.BY_HAND.value
    if fault:
        announce(
            DeedHandedToAPerson(
                at=now,
                conversation_id=conversation.pk,
                deed_id=deed.pk,
                request_id=deed.request_id,
                request_kind=deed.request.kind,
                fault=fault,
            )
        )


_URGENT = {"block": timedelta(hours=1)}
_USUAL = timedelta(hours=8)


def _promise(deed: Deed, *, now: datetime) -> Promise:
    conversation = deed.request.conversation
    executor = executor_of(conversation.inbox, deed.request.kind)
    within = timedelta(hours=executor.within_hours) if executor and executor.way == "task" else _USUAL
    within = min(within, _URGENT.get(deed.request.kind, within))
    try:
        wanted = round_up(calendar_of(conversation.inbox).add(now, within))
    except NeverOpen:
        wanted = round_up(now + within)
    kind = Kind.REFUND if deed.request.kind == "refund" else Kind.OTHER
    terms = Terms(
        kind=kind,
        what=wording.task(deed.request.kind, deed.direction, language=conversation.language),
        precision=Precision.DAY if kind is Kind.REFUND else Precision.MINUTE,
        due_at=wanted,
        work=work_of(kind, conversation.team_id),
    )
    given = promises.Given(source=Source.AGENT if deed.by else Source.CUSTOMER, by=deed.by)
    try:
        with transaction.atomic():
            return promises.give(conversation, terms, given, now=now)
    except promises.NoCapacity as full:
        if full.earliest is not None:
            return promises.give(conversation, terms.at(full.earliest.due_at, None), given, now=now)
        # Nobody's time is known: it is owed all the same, and the clock watches it.
        bare = Terms(kind=kind, what=terms.what, precision=terms.precision, due_at=wanted)
        return promises.give(conversation, bare, given, now=now)
