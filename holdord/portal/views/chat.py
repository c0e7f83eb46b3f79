"""The chat of an inbox: a small page that stands in a frame on other sites, or by itself. No cookies, no script needed.

The conversation is one like all others: it is promised an answer, stands on the desk, and has its case page.
"""

import hashlib
import logging
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from holdord.channels.chat.signing import NotKnown, Visitor, visitor_of
from holdord.channels.form.asking import sites_of
from holdord.conversations import actions, case_links
from holdord.conversations.actions.chatting import TYPING
from holdord.conversations.models import Channel, Message, Participant, Trust
from holdord.conversations.rules import Incoming
from holdord.kernel import clock
from holdord.people.models import Inbox
from holdord.people.queries import calendar_of
from holdord.portal import chat_rows, robots
from holdord.portal.forms import ChatForm, WriteForm
from holdord.portal.offers import first_shown, offer_for
from holdord.portal.public import brand, framed, language_for, public, script_for_sites, see_other
from holdord.portal.receiving import receive_from
from holdord.web.letters import first_words
from holdord.web.times import Times, zone
from holdord.web.uploads import kept_files

log = logging.getLogger(__name__)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Say something; before that, whether somebody is here and by when a person answers."""
    inbox = get_object_or_404(Inbox, slug=slug)
    with translation.override(language_for(request, inbox.language)):
        form = ChatForm(request.POST or None, request.FILES or None)
        if request.method != "POST" or not form.is_valid():
            return _first_page(request, inbox, form, status=422 if form.errors else 200)
        try:
            message = _first_message(request, inbox, form)
        except robots.TooMany:
            form.add_error("text", _("More messages came in than we take at once. Try again in ten minutes."))
            return _first_page(request, inbox, form, status=429)
        participant = Participant.objects.get(conversation=message.conversation, identity=message.identity)
        return _to(inbox, case_links.token_for(participant))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The chat that goes on; what is written twice is written once."""
    inbox, participant = _of(slug, token)
    with translation.override(language_for(request, participant.conversation.language)):
        form = WriteForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            _go_on(participant, form)
            return _to(inbox, token)
        return _page(request, inbox, participant, token, form, status=422 if form.errors else 200)


@public
@require_POST
def here(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The visitor's page is open, and perhaps they type; who types on our side, and the newest message there is."""
    _inbox, participant = _of(slug, token)
    now = clock.now()
    types = request.POST.get("types") == "1"
    presence = actions.visitor_is_here(participant.conversation, types=types, now=now)
    with translation.override(language_for(request, participant.conversation.language)):
        agent = presence.agent.first_name if presence.agent else ""
        is_typing = presence.agent_typed_at is not None and now - presence.agent_typed_at < TYPING
        typing = _("%(name)s is writing …") % {"name": agent} if is_typing and agent else ""
        return JsonResponse({"typing": typing, "newest": chat_rows.newest(participant)})


@public
def widget(request: HttpRequest, slug: str) -> HttpResponse:
    """The script of the element `<holdord-chat>` for other sites."""
    return script_for_sites(slug, "js/chat-element.js")


def _of(slug: str, token: str) -> tuple[Inbox, Participant]:
    participant = case_links.participant_of(token)
    if participant is None or participant.conversation.inbox.slug != slug:
        raise Http404
    return participant.conversation.inbox, participant


def _first_message(request: HttpRequest, inbox: Inbox, form: ChatForm) -> Message:
    now, said = clock.now(), form.cleaned_data
    in_doubt = bool(said["website"]) or robots.is_too_fast(first_shown(said["offer"]), now=now)
    robots.count(inbox, request.META.get("REMOTE_ADDR", ""), now=now)
    key = said["key"] or uuid4().hex
    known = _known(inbox, said["visitor"])
    email = known.email if known else said["email"]
    incoming = Incoming(
        inbox=inbox,
        channel=Channel.CHAT,
        address_kind="email" if email else "chat",
        # Known to nobody but this desk; whoever gives no address has the chat alone.
        address=email or f"visitor-{hashlib.sha256(key.encode()).hexdigest()[:24]}",
        name=(known.name if known else "") or said["name"],
        trust=Trust.VERIFIED if known else Trust.UNVERIFIED,
        subject=first_words(said["text"], 60),
        text=said["text"],
        reply_text=said["text"],
        known_language=translation.get_language() or inbox.language,
        at=now,
        message_id=f"chat.{key}",
        body_hash="chat",
        dismissed_as="spam" if in_doubt else "",
        may_acknowledge=bool(email) and not in_doubt,
        files=kept_files(said["attached"], now=now),
    )
    try:
        message = actions.receive(incoming, now=now)
    except actions.AlreadyReceived as before:
        return before.message
    actions.visitor_is_here(message.conversation, types=False, now=now)
    if known:
        actions.signed_in_elsewhere(message, reference=known.reference or known.email, now=now)
    return message


def _known(inbox: Inbox, handed: str) -> Visitor | None:
    """Whom the site has signed in; who is not known is anonymous, and never hears of it."""
    if not handed:
        return None
    try:
        return visitor_of(inbox, handed, now=clock.now())
    except NotKnown as fault:
        log.warning("a visitor of the chat of %s is not known: what the site signed is %s", inbox.slug, fault.why)
        return None


def _go_on(participant: Participant, form: WriteForm) -> None:
    now, said = clock.now(), form.cleaned_data
    files = kept_files(said["attached"], now=now)
    if receive_from(participant, said["text"], channel=Channel.CHAT, key=said["key"], files=files, now=now):
        actions.visitor_is_here(participant.conversation, types=False, now=now)


def _first_page(request: HttpRequest, inbox: Inbox, form: ChatForm, *, status: int) -> HttpResponse:
    now = clock.now()
    due_at, signed = offer_for(inbox, now=now, before=request.POST.get("offer", ""))
    times = Times(zone(inbox.time_zone), now)
    context = {
        **_frame(inbox),
        "form": form,
        "by": times.by(due_at),
        "is_open": calendar_of(inbox).is_open(now),
        "offer": signed,
        "key": request.POST.get("key") or uuid4().hex,
        "send_to": f"{reverse('portal:chat', args=[inbox.slug])}?lang={translation.get_language()}",
    }
    return framed(render(request, "portal/chat_first.html", context, status=status), sites_of(inbox))


def _page(
    request: HttpRequest, inbox: Inbox, participant: Participant, token: str, form: WriteForm, *, status: int
) -> HttpResponse:
    times = Times(zone(inbox.time_zone), clock.now())
    arguments = [inbox.slug, token]
    context = {
        **_frame(inbox),
        "form": form,
        "rows": chat_rows.said(participant, times),
        "by": chat_rows.answered_by(participant.conversation, times),
        "newest": chat_rows.newest(participant),
        "has_mail": participant.identity.kind == "email",
        "key": uuid4().hex,
        "live": f"/case/{token}/live",
        "here": reverse("portal:chat_here", args=arguments),
        "case_href": f"{reverse('portal:case', args=[token])}?lang={translation.get_language()}",
        "send_to": f"{reverse('portal:chat_talk', args=arguments)}?lang={translation.get_language()}",
    }
    return framed(render(request, "portal/chat.html", context, status=status), sites_of(inbox))


def _frame(inbox: Inbox) -> dict[str, object]:
    return {"lang": translation.get_language(), "brand": brand(inbox), "slug": inbox.slug}


def _to(inbox: Inbox, token: str) -> HttpResponse:
    return see_other(f"{reverse('portal:chat_talk', args=[inbox.slug, token])}?lang={translation.get_language()}")
