"""A customer who wants to see all their cases: a link by mail, no password, no cookie.

What is shown after it stands behind a signed address that holds for half an hour.
"""

from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdord.channels.models import SignIn
from holdord.channels.sign_in import proving
from holdord.kernel import clock
from holdord.people.models import Inbox
from holdord.people.rules import NotAnAddress
from holdord.portal import robots
from holdord.portal.forms import AddressForm
from holdord.portal.my_cases import cases_of, confirmed_addresses
from holdord.portal.public import brand, language_for, public, see_other
from holdord.web.times import Times, zone

_SESSION = "holdord.portal.mine"
HOLDS_FOR = timedelta(minutes=30)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Ask for a link; what comes back is the same for every address. By the address of a brand it is in its look."""
    inbox = get_object_or_404(Inbox, slug=slug) if slug else _only_inbox()
    here = reverse("portal:mine_at", args=[slug]) if slug else reverse("portal:mine")
    form = AddressForm(request.POST or None)
    context: dict[str, object] = {"form": form, "here": here}
    if request.method != "POST":
        return _show(request, inbox, "portal/mine.html", {**context, "sent": request.GET.get("sent", "")})
    if not form.is_valid():
        return _show(request, inbox, "portal/mine.html", context, status=422)
    try:
        _mail_a_link(request, form.cleaned_data["email"], inbox=inbox if slug else None)
    except robots.TooMany as full:
        return _show(request, inbox, "portal/mine.html", {**context, "again": _again_at(inbox, full)}, status=429)
    return see_other(f"{here}?sent=1&lang={translation.get_language()}")


def _only_inbox() -> Inbox | None:
    """The brand of a desk that has but one; with several nobody knows whose customer comes."""
    found = list(Inbox.objects.order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def _again_at(inbox: Inbox | None, full: robots.TooMany) -> str:
    near = inbox or Inbox.objects.order_by("pk").first()  # an address is counted over all of them
    return Times(zone(near.time_zone if near else "UTC"), clock.now()).when(full.again_at)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link leads: looking uses nothing up (mail programs look first), the button does."""
    now = clock.now()
    try:
        asked = proving.asked_with(token, now=now)
        with translation.override(language_for(request, asked.language)):
            if request.method != "POST":
                return _show(request, asked.inbox, "portal/prove.html", {"asked": asked, "token": token})
            proving.use(asked, now=now)
            return see_other(f"{reverse('portal:my_cases', args=[_session_of(asked)])}?lang={asked.language}")
    except proving.NotGood:
        return _too_old(request)


@public
@require_safe
def cases(request: HttpRequest, session: str) -> HttpResponse:
    """Every case of the addresses that this customer has proven."""
    asked = _asked_in(session)
    if asked is None:
        return _too_old(request)
    return _cases(request, asked, session, AddressForm())


@public
@require_POST
def join(request: HttpRequest, session: str) -> HttpResponse:
    """Another address of the same person: it is theirs when the link that goes there is used."""
    asked, form = _asked_in(session), AddressForm(request.POST)
    if asked is None:
        return _too_old(request)
    if not form.is_valid():
        return _cases(request, asked, session, form, status=422)
    try:
        _mail_a_link(request, form.cleaned_data["email"], inbox=asked.inbox, joins=asked.address)
    except robots.TooMany as full:
        return _cases(request, asked, session, form, again=_again_at(asked.inbox, full), status=429)
    return see_other(f"{reverse('portal:my_cases', args=[session])}?sent=1&lang={translation.get_language()}")


def _cases(
    request: HttpRequest, asked: SignIn, session: str, form: AddressForm, *, again: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "rows": cases_of(asked.address),
        "addresses": confirmed_addresses(asked.address),
        "session": session,
        "form": form,
        "sent": request.GET.get("sent", ""),
        "again": again,
    }
    return _show(request, asked.inbox, "portal/my_cases.html", context, status=status)


def _too_old(request: HttpRequest) -> HttpResponse:
    context = {"form": AddressForm(), "is_old": True, "here": reverse("portal:mine")}
    return _show(request, _only_inbox(), "portal/mine.html", context, status=404)


def _mail_a_link(request: HttpRequest, address: str, *, inbox: Inbox | None, joins: str = "") -> None:
    """Raises robots.TooMany when so many went to the address, or from this network, that no more go for a while."""
    now, network = clock.now(), request.META.get("REMOTE_ADDR", "")
    if not robots.may_have_a_link(address, network, now=now):
        return
    robots.count_round("link", address, network, now=now)
    try:
        proving.ask(address, inbox=inbox, language=translation.get_language() or "en", now=now, joins=joins)
    except NotAnAddress:
        return


def _session_of(asked: SignIn) -> str:
    return signing.dumps(asked.pk, salt=_SESSION)


def _asked_in(session: str) -> SignIn | None:
    """Whose page this address opens; None for one that is none of ours or too old."""
    try:
        key = signing.loads(session, salt=_SESSION, max_age=HOLDS_FOR)
    except signing.BadSignature:
        return None
    return SignIn.objects.filter(pk=key, used_at__gt=clock.now() - HOLDS_FOR).first()


def _show(
    request: HttpRequest, inbox: Inbox | None, template: str, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    titles = {
        "title": _("Your cases"),
        "lang": translation.get_language(),
        "brand": brand(inbox) if inbox else None,
    }
    return render(request, template, {**titles, **context}, status=status)
