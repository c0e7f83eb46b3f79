"""What customers decide about promises: what becomes of a late one, and when they are called."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from holdord.conversations import case_links
from holdord.conversations.actions import hold
from holdord.conversations.models import Participant
from holdord.kernel import clock
from holdord.people.rules import NotAnAddress
from holdord.portal.call_backs import call_back_pool
from holdord.portal.forms import CallBackForm, ChoiceForm, no_number_here
from holdord.portal.public import language_for, public
from holdord.portal.views.case import back, gone, page
from holdord.promises import actions
from holdord.promises.models import Move
from holdord.promises.rules import Choice, Kind, Source


@public
@require_POST
def choice(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """The customer chooses what shall become of a late promise."""
    participant = case_links.participant_of(token)
    if participant is None:
        return gone(request)
    moved = get_object_or_404(Move, pk=pk, promise__conversation=participant.conversation)
    filled = ChoiceForm(request.POST)
    if not filled.is_valid():
        return _again(request, participant, token, _NOT_OFFERED)
    chosen, to = Choice(filled.cleaned_data["choice"]), filled.cleaned_data["to"]
    try:
        with transaction.atomic():
            actions.choose(moved, chosen, to=to, now=clock.now())
    except actions.NotOffered:
        return _again(request, participant, token, _NOT_OFFERED)
    except actions.AlreadyChosen:
        return _again(request, participant, token, _ALREADY)
    except actions.NoCapacity:
        return _again(request, participant, token, _TAKEN)
    return back(request, token, f"chose_{chosen.value}")


@public
@require_POST
def call_back(request: HttpRequest, token: str) -> HttpResponse:
    """The customer picks a time to be called back at."""
    participant = case_links.participant_of(token)
    if participant is None:
        return gone(request)
    conversation = participant.conversation
    with override(language_for(request, conversation.language)):
        filled = CallBackForm(request.POST)
        is_valid = filled.is_valid()
    pool = call_back_pool(conversation.team_id)
    if pool is None or "slot" in filled.errors:
        return _again(request, participant, token, _NOT_OFFERED)
    if not is_valid:
        return page(request, participant, token, call=filled, status=422)
    said = filled.cleaned_data
    try:
        with transaction.atomic(), override(language_for(request, conversation.language)):
            hold(conversation.pk)
            if conversation.promises.running().filter(kind=Kind.CALLBACK, source=Source.CUSTOMER).exists():
                return back(request, token, "call_back")  # pressed twice, or from two windows: one call is enough
            actions.choose_slot(conversation, pool.pk, said["slot"], phone=said["phone"], now=clock.now())
    except (actions.NoCapacity, actions.NoTime):
        return _again(request, participant, token, _TAKEN)
    except NotAnAddress:
        with override(language_for(request, conversation.language)):
            filled.add_error("phone", no_number_here(conversation.inbox.country))
        return page(request, participant, token, call=filled, status=422)
    return back(request, token, "call_back")


@public
@require_POST
def no_call(request: HttpRequest, token: str) -> HttpResponse:
    """The customer need not be called any more: what it held goes to others."""
    participant = case_links.participant_of(token)
    if participant is None:
        return gone(request)
    with transaction.atomic():
        actions.hold_all_of(participant.conversation_id)
        for promise in participant.conversation.promises.running().filter(kind=Kind.CALLBACK):
            actions.release(promise, evidence=None, now=clock.now())
    return back(request, token, "no_call")


_NOT_OFFERED, _ALREADY, _TAKEN = "not_offered", "already", "taken"


def _again(request: HttpRequest, participant: Participant, token: str, why: str) -> HttpResponse:
    with override(language_for(request, participant.conversation.language)):
        words = {
            _NOT_OFFERED: _("Choose one of the possibilities that stand here."),
            _ALREADY: _("You have chosen already, or it has changed since. This is how it stands now."),
            _TAKEN: _("Somebody was faster: that time is taken. Choose another one."),
        }[why]
        return page(request, participant, token, status=409 if why in {_ALREADY, _TAKEN} else 422, fault=words)
