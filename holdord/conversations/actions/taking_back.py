"""A request that the customer seems to take back; a person says whether they do."""

from datetime import datetime
from typing import Final

from django.db import transaction

from holdord.conversations.events import RequestTakenBack
from holdord.conversations.models import Heard, Message, Request, RequestKind
from holdord.conversations.models.request import RUNNING
from holdord.history.actions import announce
from holdord.listening.acts import Act
from holdord.listening.reading import Reading
from holdord.listening.withdrawals import NAME, Withdrawal, withdrawals
from holdord.people.models import Agent

ASKS_FOR: Final = {
    Act.CANCEL_REQUEST: RequestKind.CANCEL,
    Act.REFUND_REQUEST: RequestKind.REFUND,
    Act.CALLBACK_REQUEST: RequestKind.CALL_BACK,
    Act.GDPR_REQUEST: RequestKind.PERSONAL_DATA,
}


class AlreadyDecided(Exception):
    """Somebody else has judged this request."""


def take_back(message: Message, reading: Reading, *, now: datetime) -> list[Withdrawal]:
    """Mark the running requests that a message seems to take back, and say where it does."""
    running = list(Request.objects.filter(conversation=message.conversation_id, state__in=RUNNING))
    found = withdrawals(reading) if running else []
    for one in found:
        meant = [request for request in running if any(ASKS_FOR[act] == request.kind for act in one.acts)]
        if not meant:
            continue
        heard = Heard.objects.create(
            conversation_id=message.conversation_id,
            message=message,
            act=NAME,
            start=one.start,
            end=one.end,
            rule=NAME,
            confidence=1.0,
        )
        for request in meant:
            request.taken_back = heard
            request.save(update_fields=["taken_back"])
            announce(RequestTakenBack(at=now, conversation_id=message.conversation_id, request_id=request.pk))
    return found


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
