"""What was asked for is taken back: before it began, while it is under way, or after."""

from datetime import datetime

from django.db import transaction

from holdord.conversations import actions as conversations
from holdord.conversations.models import Request
from holdord.fulfilment.actions.beginning import begin
from holdord.fulfilment.models import Deed
from holdord.fulfilment.queries import deed_of
from holdord.fulfilment.rules import UNDER_WAY, DeedState, Direction, Way
from holdord.people.models import Agent
from holdord.promises import actions as promises


class TooLateToUndo(Exception):
    """It can't be taken back any more, or never could."""


@transaction.atomic
def undo(request: Request, *, by: Agent | None, now: datetime) -> None:
    """Take back what was asked for. Done already, its executor undoes it; pressed twice, it is undone once. Raises
    TooLateToUndo.
    """
    did = deed_of(request)
    if did is None:
        raise TooLateToUndo
    if did.state in UNDER_WAY:
        try:
            conversations.withdraw(request, by=by, now=now)  # the reaction to it does the rest
        except conversations.AlreadyDecided as late:
            raise TooLateToUndo from late
        return
    if did.state != DeedState.DONE or did.undo_until is None or now >= did.undo_until:
        raise TooLateToUndo
    taken_back = begin(request, Direction.UNDO, Way(did.way), by=by, now=now)
    if taken_back.state == DeedState.REFUSED:
        raise TooLateToUndo


@transaction.atomic
def drop(request: Request, *, by: Agent | None, now: datetime) -> None:
    """The customer took back what is not known to be done. What a system may have heard of is undone after it."""
    did = deed_of(request)
    if did is None or did.state not in UNDER_WAY:
        return
    not_begun = Deed.objects.filter(pk=did.pk, state=DeedState.WAITING.value, may_have_arrived=False)
    by_hand = Deed.objects.filter(pk=did.pk, state=DeedState.BY_HAND.value)
    ended = {"state": DeedState.DROPPED.value, "settled_at": now}
    if not not_begun.update(**ended) and not by_hand.update(**ended):
        begin(request, Direction.UNDO, Way(did.way), by=by, now=now)
        return
    if did.promise is not None:
        try:
            promises.release(did.promise, evidence=None, now=now, by=by)
        except promises.AlreadySettled:
            return
