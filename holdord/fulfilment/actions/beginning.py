"""A deed begins."""

from datetime import datetime

from django.db import transaction

from holdord.conversations import actions as conversations
from holdord.conversations.models import Conversation, Request, RequestKind, RequestState
from holdord.fulfilment.actions.doing_here import do_here
from holdord.fulfilment.actions.settling import give_to_a_person, settle
from holdord.fulfilment.events import DeedBegun
from holdord.fulfilment.models import Deed
from holdord.fulfilment.queries import executor_of
from holdord.fulfilment.rules import DeedState, Direction, Way
from holdord.history.actions import announce
from holdord.people.models import Agent


class DoneAlready(Exception):
    """The same was asked for and done in this conversation, and not undone."""


@transaction.atomic
def ask_for(conversation: Conversation, kind: RequestKind, *, by: Agent | None, now: datetime, about: str = "") -> Deed:
    """Ask for something and have it carried out: by one press of the customer, or (`by`) as an agent heard it.

    Pressed twice, it is one deed. Raises DoneAlready.
    """
    request = conversations.ask(conversation, kind, by=by, about=about, now=now)
    # Looked for after ours was written: what was done before it could be is seen for certain.
    before = Request.objects.filter(conversation=conversation, kind=kind, state=RequestState.FULFILLED)
    if kind != RequestKind.EXPORT and before.exists():
        raise DoneAlready
    return carry_out(request, by=by, now=now)


@transaction.atomic
def carry_out(request: Request, *, by: Agent | None, now: datetime) -> Deed:
    """Have a request carried out, as its customer (by None) or an agent says. Said twice, or by two at once, it is one
    deed. Without an executor a person does it, with a promise. What was blocked in this conversation is opened by
    undoing that. Raises AlreadyDecided.
    """
    if request.state == RequestState.PROPOSED:
        conversations.confirm(request, by=by, now=now)
    if request.kind == RequestKind.UNBLOCK and (blocked := _blocked_in(request.conversation, now=now)):
        return begin(blocked.request, Direction.UNDO, Way(blocked.way), by=by, now=now)
    executor = executor_of(request.conversation.inbox, request.kind)
    way = Way(executor.way) if executor else Way.TASK
    return begin(request, Direction.DO, way, by=by, now=now)


def _blocked_in(conversation: Conversation, *, now: datetime) -> Deed | None:
    """What blocked something in this conversation and can still be undone."""
    done = Deed.objects.filter(
        request__conversation=conversation,
        request__kind=RequestKind.BLOCK,
        request__state=RequestState.FULFILLED,
        direction=Direction.DO.value,
        state=DeedState.DONE.value,
        undo_until__gt=now,
    )
    refused = Deed.objects.filter(direction=Direction.UNDO.value, state=DeedState.REFUSED.value).values("request")
    found = done.exclude(request__in=refused).order_by("settled_at")
    return found.select_related("request__conversation__inbox", "request__conversation__customer").last()


def begin(request: Request, direction: Direction, way: Way, *, by: Agent | None, now: datetime) -> Deed:
    """The row that says it is to be done, by the worker or by a person with a promise. In the caller's transaction."""
    deed = Deed.objects.create_unless_there(
        request=request, direction=direction.value, way=way.value, by=by, begun_at=now, next_at=now
    )
    if deed is None:
        return Deed.objects.get(request=request, direction=direction.value)
    announce(
        DeedBegun(
            at=now,
            conversation_id=request.conversation_id,
            by_id=by.pk if by else None,
            deed_id=deed.pk,
            request_id=request.pk,
            request_kind=request.kind,
            direction=direction.value,
            way=way.value,
        )
    )
    if way is Way.TASK:
        give_to_a_person(deed, fault="", now=now)
    if way is Way.HERE:
        settle(deed, do_here(deed, now=now), by=by, now=now)
    return deed
