"""The contact form of an inbox."""

from datetime import datetime
from uuid import uuid4

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from holdord.conversations import actions
from holdord.conversations.models import Channel, Message
from holdord.conversations.rules import Incoming
from holdord.kernel import clock
from holdord.people.models import Inbox
from holdord.people.rules import NotAnAddress
from holdord.portal import robots
from holdord.portal.call_backs import call_back_pool, call_back_times
from holdord.portal.forms import ContactForm
from holdord.portal.offers import first_shown, offer_for, offered, was_shown
from holdord.portal.public import brand, language_for, public
from holdord.promises.actions import NoCapacity, NoTime, OfferNoLongerHolds, choose_slot
from holdord.promises.queries import running_answer
from holdord.web.letters import first_words
from holdord.web.times import Times, zone
from holdord.web.uploads import kept_files

_SENT = "holdord.portal.sent"


@public
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, slug: str) -> HttpResponse:
    """Write to an inbox, knowing before sending by when a person answers."""
    inbox = get_object_or_404(Inbox, slug=slug)
    with translation.override(language_for(request, inbox.language)):
        if request.method != "POST":
            return _page(request, inbox, ContactForm())
        filled = ContactForm(request.POST, request.FILES)
        return _send(request, inbox, filled) if filled.is_valid() else _page(request, inbox, filled, status=422)


@public
@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """Thank you, and the promise as it is recorded."""
    inbox = get_object_or_404(Inbox, slug=slug)
    with translation.override(language_for(request, inbox.language)):
        times = Times(zone(inbox.time_zone), clock.now())
        promise = _promise_of(request.GET.get("m", ""))
        context = {
            "lang": translation.get_language(),
            "brand": brand(inbox),
            "by": times.by(promise) if promise else "",
            "form_address": _address("portal:form", slug),
        }
        return render(request, "portal/sent.html", context)


def _send(request: HttpRequest, inbox: Inbox, filled: ContactForm) -> HttpResponse:
    now, said = clock.now(), filled.cleaned_data
    is_robot = bool(said["website"]) or robots.is_too_fast(first_shown(said["offer"]), now=now)
    due_at = offered(said["offer"], inbox, now=now)
    if due_at is None and not is_robot and was_shown(said["offer"]) != offer_for(inbox, now=now)[0]:
        return _page(request, inbox, filled, status=409, has_moved=True)
    try:
        robots.count(inbox, request.META.get("REMOTE_ADDR", ""), now=now)
        incoming = _incoming(inbox, filled, due_at=due_at, is_robot=is_robot, now=now)
        message = _take_in(inbox, filled, incoming, now=now)
    except robots.TooMany as refused:
        return _page(request, inbox, filled, status=429, again_at=refused.again_at)
    except actions.AlreadyReceived as known:
        message = known.message
    except OfferNoLongerHolds:
        return _page(request, inbox, filled, status=409, has_moved=True)
    except (NoCapacity, NoTime):
        filled.add_error("slot", _("Somebody was faster: that time is taken. Choose another one."))
        return _page(request, inbox, filled, status=409)
    except NotAnAddress:
        filled.add_error("phone", _("Give the number we can call you on."))
        return _page(request, inbox, filled, status=422)
    mark = signing.dumps(0 if is_robot else message.pk, salt=_SENT)
    response = redirect(f"{_address('portal:sent', inbox.slug)}&m={mark}")
    response.status_code = 303
    return response


def _take_in(inbox: Inbox, filled: ContactForm, incoming: Incoming, *, now: datetime) -> Message:
    """The message, and the call if one was asked for: both, or neither and all that was typed comes back."""
    said, pool = filled.cleaned_data, call_back_pool(inbox.team_id) if filled.cleaned_data["slot"] else None
    with transaction.atomic():
        message = actions.receive(incoming, now=now)
        if pool is not None and not incoming.dismissed_as:
            choose_slot(message.conversation, pool.pk, said["slot"], phone=said["phone"], now=now)
    return message


def _incoming(inbox: Inbox, filled: ContactForm, *, due_at: datetime | None, is_robot: bool, now: datetime) -> Incoming:
    said = filled.cleaned_data
    return Incoming(
        inbox=inbox,
        channel=Channel.FORM,
        address_kind="email",
        address=said["email"],
        name=said["name"],
        subject=first_words(said["text"], 60),
        text=said["text"],
        reply_text=said["text"],
        known_language=translation.get_language() or inbox.language,
        at=now,
        message_id=f"form.{said['key'] or uuid4().hex}",
        body_hash="form",
        # What a robot sends is kept where people can look, and never answered.
        dismissed_as="spam" if is_robot else "",
        may_acknowledge=not is_robot,
        files=kept_files(said["attached"], now=now),
        promised_due_at=due_at,
    )


def _page(
    request: HttpRequest,
    inbox: Inbox,
    filled: ContactForm,
    *,
    status: int = 200,
    has_moved: bool = False,
    again_at: datetime | None = None,
) -> HttpResponse:
    now = clock.now()
    due_at, signed = offer_for(inbox, now=now, before=request.POST.get("offer", ""))
    times = Times(zone(inbox.time_zone), now)
    context = {
        "lang": translation.get_language(),
        "brand": brand(inbox),
        "form": filled,
        "by": times.by(due_at),
        "by_iso": due_at.isoformat(timespec="minutes"),
        "offer": signed,
        "key": request.POST.get("key") or uuid4().hex,
        "has_moved": has_moved,
        "again": times.at(again_at) if again_at else "",
        "mail_address": inbox.address,
        "slots": call_back_times(inbox.team_id, times),
        "had_files": bool(request.FILES),
    }
    response = render(request, "portal/form.html", context, status=status)
    if again_at:
        response["Retry-After"] = str(max(1, int((again_at - now).total_seconds())))
    return response


def _promise_of(mark: str) -> datetime | None:
    try:
        message_id = signing.loads(mark, salt=_SENT)
    except signing.BadSignature:
        return None
    message = Message.objects.select_related("conversation").filter(pk=message_id).first()
    promise = running_answer(message.conversation) if message else None
    return promise.due_at if promise else None


def _address(name: str, slug: str) -> str:
    return f"{reverse(name, args=[slug])}?lang={translation.get_language()}"
