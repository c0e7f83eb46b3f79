"""A request that the customer seems to take back; a person says whether they do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from holdord.conversations.events import RequestTakenBack
from holdord.conversations.models import Heard, Message, Request, RequestKind
from holdord.conversations.models.request import RUNNING
from holdord.history.actions import announce
from holdord.listening.acts import Act
from holdord.listening.blocking import Blocking, Wish
from holdord.listening.reading import FoundAct, Reading
from holdord.listening.withdrawals import NAME, Withdrawal, withdrawals
from holdord.people.models import Agent

ASKS_FOR: Final[dict[str, RequestKind]] = {
    Act.CANCEL_REQUEST: RequestKind.CANCEL,
    Act.REFUND_REQUEST: RequestKind.REFUND,
    Act.CALLBACK_REQUEST: RequestKind.CALL_BACK,
    Act.GDPR_REQUEST: RequestKind.PERSONAL_DATA,
    Wish.BLOCK: RequestKind.BLOCK,
    Wish.UNBLOCK: RequestKind.UNBLOCK,
}
"""What is heard, by name, and the request it makes."""

_OFF: Final = {
    Wish.LEAVE: RequestKind.BLOCK,
    Wish.UNBLOCK: RequestKind.BLOCK,
    Wish.BLOCK: RequestKind.UNBLOCK,
}
"""The request that is off by asking for this: "open it, I have found it", while nobody has blocked it yet."""


class AlreadyDecided(Exception):
    """Somebody else has judged this request."""


def take_back(
    message: Message, reading: Reading, blockings: Sequence[Blocking] = (), *, now: datetime
) -> list[Withdrawal | Blocking]:
    """Mark the running requests that a message seems to take back, and say where it does."""
    running = list(Request.objects.filter(conversation=message.conversation_id, state__in=RUNNING))
    heard: list[Withdrawal | Blocking] = [*withdrawals(reading), *blockings] if running else []
    found = []
    for one in heard:
        if meant := [request for request in running if _is_off(request, one, reading, blockings)]:
            _mark(message, one, meant, now=now)
        if meant or isinstance(one, Withdrawal):
            found.append(one)
    return found


def _is_off(request: Request, one: Withdrawal | Blocking, reading: Reading, blockings: Sequence[Blocking]) -> bool:
    if isinstance(one, Blocking):
        return _OFF.get(one.wish) == request.kind
    if request.kind in _OFF.values():
        return one.names_nothing and not any(ASKS_FOR.get(each.wish) == request.kind for each in blockings)
    return any(ASKS_FOR[act] == request.kind for act in one.acts)


def _mark(message: Message, one: Withdrawal | Blocking, meant: list[Request], *, now: datetime) -> None:
    heard = heard_in(message, one, NAME, NAME)
    heard.save()
    for request in meant:
        request.taken_back = heard
        request.save(update_fields=["taken_back"])
        announce(RequestTakenBack(at=now, conversation_id=message.conversation_id, request_id=request.pk))


def heard_in(
    message: Message, found: FoundAct | Withdrawal | Blocking, act: str, rule: str, confidence: float = 1.0
) -> Heard:
    """What was found in a message as the row that is kept of it; not saved yet."""
    return Heard(
        conversation_id=message.conversation_id,
        message=message,
        act=act,
        start=found.start,
        end=found.end,
        rule=rule,
        confidence=confidence,
    )


@transaction.atomic
def still_asked(request: Request, *, by: Agent, now: datetime) -> None:
    """A person says that the customer does not take it back. Raises AlreadyDecided."""
    marked = Request.objects.filter(pk=request.pk, state__in=RUNNING, taken_back__isnull=False)
    if not marked.filter(taken_back=request.taken_back_id).update(taken_back=None):
        raise AlreadyDecided
    judge_taking_back(request, is_right=False, by=by, now=now)


def judge_taking_back(request: Request, *, is_right: bool, by: Agent | None, now: datetime) -> None:
    """Keep whether the reader was right; it learns from it."""
    if request.taken_back_id is not None:
        Heard.objects.filter(pk=request.taken_back_id).update(is_right=is_right, judged_by=by, judged_at=now)
