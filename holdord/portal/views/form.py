"""The contact form of an inbox: on a page of its own, in a frame on another site, or posted from a form over there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdord.channels.form.asking import asked_by, sites_of
from holdord.conversations import actions
from holdord.conversations.models import Channel, Message, Status
from holdord.conversations.rules import Incoming
from holdord.kernel import clock
from holdord.people.models import Inbox
from holdord.people.rules import NotAnAddress
from holdord.portal import robots
from holdord.portal.call_backs import call_back_pool, call_back_times
from holdord.portal.forms import ContactForm, no_number_here
from holdord.portal.offers import first_shown, offer_for, offered, was_shown
from holdord.portal.public import brand, framed, language_for, open_to_sites, public, script_for_sites, see_other
from holdord.promises.actions import NoCapacity, NoTime, OfferNoLongerHolds, choose_slot
from holdord.promises.queries import running_answer
from holdord.web.letters import first_words
from holdord.web.times import Times, zone
from holdord.web.uploads import kept_files

_SENT = "holdord.portal.sent"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the form stands: on our own page, `in_frame` on another site, or it is `elsewhere` and only posts here."""

    inbox: Inbox
    in_frame: bool = False
    elsewhere: bool = False

    def address(self, name: str) -> str:
        view = f"portal:{name}_framed" if self.in_frame else f"portal:{name}"
        return f"{reverse(view, args=[self.inbox.slug])}?lang={translation.get_language()}"

    def shown(self, response: HttpResponse) -> HttpResponse:
        return framed(response, sites_of(self.inbox)) if self.in_frame else response


@public
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, slug: str, *, in_frame: bool = False) -> HttpResponse:
    """Write to an inbox, knowing before sending by when a person answers."""
    return _form(request, _Place(get_object_or_404(Inbox, slug=slug), in_frame=in_frame))


@open_to_sites
@require_POST
def form_elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """A form on a site of the company's own posts here; what is missing in it comes back on our page."""
    return _form(request, _Place(get_object_or_404(Inbox, slug=slug), elsewhere=True))


@require_safe
def embedding(request: HttpRequest, slug: str) -> HttpResponse:
    """The script that puts the form into the page of another site."""
    return script_for_sites(slug, "js/embedding.js")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sent(request: HttpRequest, slug: str, *, in_frame: bool = False) -> HttpResponse:
    """Thank you, and the promise as it is recorded; or the button of a person whom we took for a robot."""
    place = _Place(get_object_or_404(Inbox, slug=slug), in_frame=in_frame)
    with translation.override(language_for(request, place.inbox.language)):
        message = _sent_message(request.GET.get("m", ""), place.inbox)
        if request.method == "POST":
            if message is not None:
                actions.written_by_a_person(message, now=clock.now())
            return see_other(f"{place.address('sent')}&m={request.GET.get('m', '')}")
        times = Times(zone(place.inbox.time_zone), clock.now())
        promise = running_answer(message.conversation) if message else None
        context = {
            "lang": translation.get_language(),
            "brand": brand(place.inbox),
            "by": times.by(promise.due_at) if promise else "",
            "is_in_doubt": message is not None and message.conversation.status == Status.DISMISSED,
            "form_address": place.address("form"),
            "in_frame": in_frame,
        }
        return place.shown(render(request, "portal/sent.html", context))


def _form(request: HttpRequest, place: _Place) -> HttpResponse:
    inbox = place.inbox
    with translation.override(language_for(request, inbox.language)):
        asked = asked_by(inbox, translation.get_language() or inbox.language)
        if request.method != "POST":
            return _page(request, place, ContactForm(asked=asked))
        filled = ContactForm(request.POST, request.FILES, asked=asked)
        return _send(request, place, filled) if filled.is_valid() else _page(request, place, filled, status=422)


def _send(request: HttpRequest, place: _Place, filled: ContactForm) -> HttpResponse:
    inbox, now, said = place.inbox, clock.now(), filled.cleaned_data
    in_doubt = _is_in_doubt(filled, now=now)
    due_at = offered(said["offer"], inbox, now=now)
    is_new = place.elsewhere and not said["offer"]  # over there no time was shown that could have changed
    if due_at is None and not in_doubt and not is_new and was_shown(said["offer"]) != offer_for(inbox, now=now)[0]:
        return _page(request, place, filled, status=409, has_moved=True)
    try:
        robots.count(inbox, request.META.get("REMOTE_ADDR", ""), now=now)
        incoming = _incoming(inbox, filled, due_at=due_at, in_doubt=in_doubt, now=now)
        message = _take_in(inbox, filled, incoming, now=now)
    except robots.TooMany as refused:
        return _page(request, place, filled, status=429, again_at=refused.again_at)
    except actions.AlreadyReceived as known:
        message = known.message
    except OfferNoLongerHolds:
        return _page(request, place, filled, status=409, has_moved=True)
    except (NoCapacity, NoTime):
        filled.add_error("slot", _("Somebody was faster: that time is taken. Choose another one."))
        return _page(request, place, filled, status=409)
    except NotAnAddress:
        filled.add_error("phone", no_number_here(inbox.country))
        return _page(request, place, filled, status=422)
    return see_other(f"{place.address('sent')}&m={signing.dumps(message.pk, salt=_SENT)}")


def _is_in_doubt(filled: ContactForm, *, now: datetime) -> bool:
    """Whether a robot may have sent this. Without script there is no proof of work, and other signs must do."""
    said, shown_at = filled.cleaned_data, first_shown(filled.cleaned_data["offer"])
    if said["website"] or robots.is_too_fast(shown_at, now=now):
        return True
    if shown_at is not None and robots.proves(said["proof"], f"{said['offer']}.{said['key']}"):
        return False
    return robots.is_suspicious(said["text"], said["name"])


def _take_in(inbox: Inbox, filled: ContactForm, incoming: Incoming, *, now: datetime) -> Message:
    """The message, and the call if one was asked for: both, or neither and all that was typed comes back."""
    said, pool = filled.cleaned_data, call_back_pool(inbox.team_id) if filled.cleaned_data["slot"] else None
    with transaction.atomic():
        message = actions.receive(incoming, now=now)
        if pool is not None and not incoming.dismissed_as:
            choose_slot(message.conversation, pool.pk, said["slot"], phone=said["phone"], now=now)
    return message


def _incoming(inbox: Inbox, filled: ContactForm, *, due_at: datetime | None, in_doubt: bool, now: datetime) -> Incoming:
    said, times = filled.cleaned_data, Times(zone(inbox.time_zone), now)
    facts = filled.told(times.date_and_weekday_of)
    if in_doubt and said["slot"]:  # no time is held for a robot; what a person wanted is not lost by it
        day = times.date_and_weekday_of(said["slot"].astimezone(times.zone).date())
        facts.append((_("Wants to be called"), f"{day}, {times.clock(said['slot'])}, {said['phone']}"))
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
        dismissed_as="spam" if in_doubt else "",
        may_acknowledge=not in_doubt,
        files=kept_files(said["attached"], now=now),
        facts=facts,
        promised_due_at=due_at,
    )


def _page(
    request: HttpRequest,
    place: _Place,
    filled: ContactForm,
    *,
    status: int = 200,
    has_moved: bool = False,
    again_at: datetime | None = None,
) -> HttpResponse:
    inbox, now = place.inbox, clock.now()
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
        "in_frame": place.in_frame,
        "send_to": place.address("form"),
        "proof_bits": robots.PROOF_BITS,
        "slug": inbox.slug,
    }
    response = render(request, "portal/form.html", context, status=status)
    if again_at:
        response["Retry-After"] = str(max(1, int((again_at - now).total_seconds())))
    return place.shown(response)


def _sent_message(mark: str, inbox: Inbox) -> Message | None:
    try:
        message_id = signing.loads(mark, salt=_SENT)
    except signing.BadSignature:
        return None
    rows = Message.objects.select_related("conversation__inbox", "conversation__customer")
    return rows.filter(pk=message_id, conversation__inbox=inbox).first()
