"""What was heard in messages, judged by a person: asked for or not, done or taken back."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from holdord.conversations import actions
from holdord.conversations.models import Request
from holdord.desk.access import AgentRequest, for_agents
from holdord.desk.frame import tell
from holdord.desk.views.conversation import visible
from holdord.kernel import clock
from holdord.web.faults import refused


@require_POST
@for_agents
def confirm_request(request: AgentRequest, pk: int, request_pk: int) -> HttpResponse:
    """Yes, they ask for it."""
    return _decide(request, pk, request_pk, actions.confirm, _("It is pinned until it is done."))


@require_POST
@for_agents
def dismiss_request(request: AgentRequest, pk: int, request_pk: int) -> HttpResponse:
    """No, they don't: the desk learns from it."""
    return _decide(request, pk, request_pk, actions.dismiss_request, _("Put away. The desk learns from it."))


@require_POST
@for_agents
def request_done(request: AgentRequest, pk: int, request_pk: int) -> HttpResponse:
    """What they asked for is done."""
    return _decide(request, pk, request_pk, actions.fulfil, _("Done, as they asked."))


@require_POST
@for_agents
def withdraw_request(request: AgentRequest, pk: int, request_pk: int) -> HttpResponse:
    """They take it back."""
    return _decide(request, pk, request_pk, actions.withdraw, _("Taken back, as the customer said."))


@require_POST
@for_agents
def still_asked(request: AgentRequest, pk: int, request_pk: int) -> HttpResponse:
    """They don't take it back."""
    return _decide(request, pk, request_pk, actions.still_asked, _("It stays pinned. The desk learns from it."))


def _decide(request: AgentRequest, pk: int, request_pk: int, act: Callable[..., Any], words: str) -> HttpResponse:
    conversation = visible(request.user, pk)
    asked = get_object_or_404(Request, pk=request_pk, conversation=conversation)
    try:
        act(asked, by=request.user, now=clock.now())
    except actions.AlreadyDecided:
        return refused(request, _("Somebody has decided this already."))
    tell(request, words)
    return redirect(conversation)
