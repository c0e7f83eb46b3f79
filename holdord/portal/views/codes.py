"""What a private link does not suffice for: a fresh code by mail, then everything about oneself, or its erasure."""

from datetime import datetime

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from holdord.conversations import case_links
from holdord.conversations.models import Conversation, Participant, RequestKind
from holdord.fulfilment import actions
from holdord.fulfilment.rules import NEEDS_A_CODE
from holdord.kernel import clock
from holdord.portal import robots
from holdord.portal.exports import everything
from holdord.portal.public import brand, language_for, public, see_other
from holdord.portal.views.case import back, gone
from holdord.web.times import Times, zone


@public
@require_POST
def send(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """Mail a code to the address this link was given to."""
    participant = _participant(token, kind)
    if participant is None:
        return gone(request)
    now, address = clock.now(), participant.identity.address
    try:
        robots.count_round("code", address, request.META.get("REMOTE_ADDR", ""), now=now)
    except robots.TooMany as full:
        return _ask(request, participant, token, kind, "again", again_at=full.again_at, status=429)
    try:
        actions.send_code(participant.conversation, participant.identity, for_kind=kind, now=now)
    except actions.TooManyCodes:
        return _ask(request, participant, token, kind, "many", status=429)
    except actions.NoProof:
        return _ask(request, participant, token, kind, "nowhere", status=409)
    return see_other(f"{reverse('portal:code', args=[token, kind])}?lang={language_for(request, '')}")


@public
@require_safe
def code(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """Type the code that was mailed."""
    participant = _participant(token, kind)
    return gone(request) if participant is None else _ask(request, participant, token, kind)


@public
@require_POST
def prove(request: HttpRequest, token: str, kind: str) -> HttpResponseBase:
    """With the right code: the file itself, or the erasure."""
    participant = _participant(token, kind)
    if participant is None:
        return gone(request)
    conversation, now = participant.conversation, clock.now()
    try:
        actions.prove_by_code(conversation, request.POST.get("code", "")[:20], for_kind=kind, by=None, now=now)
    except actions.WrongCode:
        return _ask(request, participant, token, kind, "wrong", status=422)
    try:
        actions.ask_for(conversation, RequestKind(kind), by=None, now=now)
    except actions.DoneAlready:
        return back(request, token, "done_already")
    if kind != RequestKind.EXPORT:
        return back(request, token, "asked")
    with translation.override(language_for(request, conversation.language)):
        packed = everything(participant.identity)
    return FileResponse(packed, as_attachment=True, filename=f"case-{conversation.pk}-everything.zip")


def _participant(token: str, kind: str) -> Participant | None:
    if kind not in NEEDS_A_CODE:
        raise Http404
    return case_links.participant_of(token)


def _when(conversation: Conversation, again_at: datetime | None) -> str:
    return Times(zone(conversation.inbox.time_zone), clock.now()).when(again_at) if again_at else ""


def _ask(
    request: HttpRequest,
    participant: Participant,
    token: str,
    kind: str,
    why: str = "",
    *,
    again_at: datetime | None = None,
    status: int = 200,
) -> HttpResponse:
    conversation = participant.conversation
    with translation.override(language_for(request, conversation.language)):
        fault = {
            "": "",
            "wrong": _("That is not the code, or it is too old. Look in your newest mail from us."),
            "many": _("Three codes are on their way already. Wait a quarter of an hour."),
            "again": _("So many codes were sent lately that the next can be sent %(when)s.")
            % {"when": _when(conversation, again_at)},
            "nowhere": _("We have no mail address of yours to send a code to. Write to us instead."),
        }[why]
        context = {
            "lang": translation.get_language(),
            "brand": brand(conversation.inbox),
            "token": token,
            "kind": kind,
            "fault": fault,
            "address": participant.identity.address,
        }
        return render(request, "portal/code.html", context, status=status)
