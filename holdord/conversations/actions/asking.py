"""Requests are asked for by the customer, or judged by a person, and end: fulfilled, declined, withdrawn, dismissed."""

from datetime import datetime

from django.db import transaction

from holdord.conversations.actions.taking_back import ASKS_FOR, AlreadyDecided, judge_taking_back
from holdord.conversations.events import RequestMade, RequestSettled
from holdord.conversations.models import Conversation, Heard, Request, RequestKind, RequestState
from holdord.conversations.models.request import RUNNING
from holdord.history.actions import announce
from holdord.people.models import Agent


@transaction.atomic
def ask(
    conversation: Conversation, kind: RequestKind, *, now: datetime, by: Agent | None = None, about: str = ""
) -> Request:
    """The customer asks for something on their page, or (`by`) an agent writes down what they said: confirmed at once.

    One of the kind that runs already is confirmed instead, so that two who ask at once make one request.
    """
    made = None
    running = Request.objects.filter(conversation=conversation, kind=kind, state__in=RUNNING)
    if not running.exists():
        made = Request.objects.create_unless_there(
            conversation=conversation,
            kind=kind.value,
            state=RequestState.CONFIRMED.value,
            first_said_at=now,
            last_said_at=now,
            settled_by=by,
            settled_at=now,
            about=" ".join(about.split())[:120],
        )
    if made is None:
        request = running.get()
        if request.state == RequestState.PROPOSED:
            confirm(request, by=by, now=now)
        return request
    announce(
        RequestMade(
            at=now,
            conversation_id=conversation.pk,
            by_id=by.pk if by else None,
            request_id=made.pk,
            request_kind=kind.value,
            said=1,
        )
    )
    return made


@transaction.atomic
def confirm(request: Request, *, by: Agent | None, now: datetime) -> None:
    """A person, or the customer, says that they do ask for this. Raises AlreadyDecided."""
    _settle(request, RequestState.CONFIRMED, by=by, now=now, is_right=True)


@transaction.atomic
def dismiss_request(request: Request, *, by: Agent | None, now: datetime) -> None:
    """A person, or the customer, says that they do not ask for this; the judgement is kept. Raises AlreadyDecided."""
    _settle(request, RequestState.DISMISSED, by=by, now=now, is_right=False)


@transaction.atomic
def fulfil(request: Request, *, by: Agent | None, now: datetime) -> None:
    """What was asked for is done. Raises AlreadyDecided."""
    _settle(request, RequestState.FULFILLED, by=by, now=now, is_right=True)


@transaction.atomic
def withdraw(request: Request, *, by: Agent | None, now: datetime) -> None:
    """The customer takes it back, before it is done or, where it can be undone, after. Raises AlreadyDecided."""
    _settle(request, RequestState.WITHDRAWN, by=by, now=now, is_right=True)


@transaction.atomic
def decline(request: Request, *, by: Agent | None, reason: str, now: datetime) -> None:
    """We do not do it; `reason` is what the customer reads. Raises AlreadyDecided, ValueError without a reason."""
    if not reason.strip():
        raise ValueError(reason)
    _settle(request, RequestState.DECLINED, by=by, now=now, is_right=True, reason=" ".join(reason.split())[:300])


_BEFORE = {
    RequestState.CONFIRMED: [RequestState.PROPOSED],
    RequestState.DISMISSED: [RequestState.PROPOSED],
    RequestState.WITHDRAWN: [*RUNNING, RequestState.FULFILLED],
}


def _settle(
    request: Request, state: RequestState, *, by: Agent | None, now: datetime, is_right: bool, reason: str = ""
) -> None:
    before = _BEFORE.get(state, RUNNING)
    changed = Request.objects.filter(pk=request.pk, state__in=before).update(
        state=state, settled_by=by, settled_at=now, reason=reason
    )
    if not changed:
        raise AlreadyDecided
    request.refresh_from_db()
    _judge(request, by=by, now=now, is_right=is_right)
    if state in (RequestState.WITHDRAWN, RequestState.FULFILLED, RequestState.DECLINED):
        judge_taking_back(request, is_right=state == RequestState.WITHDRAWN, by=by, now=now)
    announce(
        RequestSettled(
            at=now,
            conversation_id=request.conversation_id,
            by_id=by.pk if by else None,
            request_id=request.pk,
            state=state.value,
        )
    )


def _judge(request: Request, *, by: Agent | None, now: datetime, is_right: bool) -> None:
    """What was heard becomes a label from which the readers learn."""
    acts = [act for act, kind in ASKS_FOR.items() if kind == request.kind]
    said = Heard.objects.filter(conversation=request.conversation_id, act__in=acts, is_right__isnull=True)
    said.filter(message__at__gte=request.first_said_at).update(is_right=is_right, judged_by=by, judged_at=now)
