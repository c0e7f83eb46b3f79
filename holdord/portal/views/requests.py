"""What customers have done with one press on their case page, and take back with another."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from holdord.conversations import actions as conversations
from holdord.conversations import case_links
from holdord.conversations.models import Participant, Request, RequestKind, Status
from holdord.fulfilment import actions
from holdord.fulfilment.models import HiddenCase
from holdord.fulfilment.queries import executor_of
from holdord.fulfilment.rules import NEEDS_A_CODE
from holdord.kernel import clock
from holdord.portal.public import language_for, public
from holdord.portal.views.case import back, gone, page


@public
@require_POST
def ask(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """Have something done. The private link suffices for what can be taken back (docs/executors.md)."""
    participant = case_links.participant_of(token)
    if participant is None:
        return gone(request)
    executor = executor_of(participant.conversation.inbox, kind)
    if executor is None or kind in NEEDS_A_CODE:
        raise Http404
    try:
        actions.ask_for(participant.conversation, RequestKind(kind), by=None, about=executor.about, now=clock.now())
    except actions.DoneAlready:
        return back(request, token, "done_already")
    return back(request, token, "asked")


@public
@require_POST
def confirm(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Yes, what we read in a message is what they want: it is done."""

    def carry_out(asked: Request) -> None:
        if asked.kind in NEEDS_A_CODE:
            raise Http404
        actions.carry_out(asked, by=None, now=clock.now())

    return _decide(request, token, pk, carry_out, "asked")


@public
@require_POST
def dismiss(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """No, that is not what they meant."""
    return _decide(
        request, token, pk, lambda asked: conversations.dismiss_request(asked, by=None, now=clock.now()), "not_meant"
    )


@public
@require_POST
def undo(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Take it back: before it is done, or after, for as long as that is possible."""
    holder = case_links.holder_of(token)
    if holder is not None and holder.conversation.status == Status.ERASED:
        return _bring_back(request, holder, token, pk)
    return _decide(request, token, pk, lambda asked: actions.undo(asked, by=None, now=clock.now()), "undoing")


def _bring_back(request: HttpRequest, holder: Participant, token: str, pk: int) -> HttpResponse:
    hidden = HiddenCase.objects.filter(conversation=holder.conversation, erasure__request=pk)
    found = hidden.select_related("erasure__request__conversation__inbox").first()
    if found is None:
        return gone(request)
    try:
        actions.undo(found.erasure.request, by=None, now=clock.now())
    except actions.TooLateToUndo:
        return gone(request)
    return back(request, token, "undoing")


def _decide(request: HttpRequest, token: str, pk: int, act: Callable[[Request], object], done: str) -> HttpResponse:
    participant = case_links.participant_of(token)
    if participant is None:
        return gone(request)
    rows = Request.objects.select_related("conversation__inbox", "conversation__customer")
    asked = get_object_or_404(rows, pk=pk, conversation=participant.conversation)
    try:
        act(asked)
    except (conversations.AlreadyDecided, actions.TooLateToUndo) as late:
        return _again(request, participant, token, is_too_late=isinstance(late, actions.TooLateToUndo))
    return back(request, token, done)


def _again(request: HttpRequest, participant: Participant, token: str, *, is_too_late: bool) -> HttpResponse:
    with override(language_for(request, participant.conversation.language)):
        fault = (
            _("It can't be undone any more. Write to us, and a person sees what we can do.")
            if is_too_late
            else _("This is decided already. It stands below.")
        )
        return page(request, participant, token, status=409, fault=fault)
