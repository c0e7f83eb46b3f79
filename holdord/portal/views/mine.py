"""A customer who wants to see all their cases: a link by mail, no password, no cookie.

What is shown after it stands behind a signed address that holds for half an hour.
"""

from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdord.channels.models import SignIn
from holdord.channels.sign_in import proving
from holdord.kernel import clock
from holdord.people.rules import NotAnAddress
from holdord.portal import robots
from holdord.portal.forms import AddressForm
from holdord.portal.my_cases import cases_of, confirmed_addresses
from holdord.portal.public import public, see_other

_SESSION = "holdord.portal.mine"
HOLDS_FOR = timedelta(minutes=30)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a link; what comes back is the same for every address."""
    form = AddressForm(request.POST or None)
    if request.method != "POST":
        return _show(request, "portal/mine.html", {"form": form, "sent": request.GET.get("sent", "")})
    if not form.is_valid():
        return _show(request, "portal/mine.html", {"form": form}, status=422)
    _mail_a_link(request, form.cleaned_data["email"])
    return see_other(f"{reverse('portal:mine')}?sent=1&lang={translation.get_language()}")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link leads: looking uses nothing up (mail programs look first), the button does."""
    now = clock.now()
    try:
        asked = proving.asked_with(token, now=now)
        with translation.override(asked.language):
            if request.method != "POST":
                return _show(request, "portal/prove.html", {"asked": asked, "token": token})
            proving.use(asked, now=now)
            return see_other(f"{reverse('portal:my_cases', args=[_session_of(asked)])}?lang={asked.language}")
    except proving.NotGood:
        return _show(request, "portal/mine.html", {"form": AddressForm(), "is_old": True}, status=404)


@public
@require_safe
def cases(request: HttpRequest, session: str) -> HttpResponse:
    """Every case of the addresses that this customer has proven."""
    asked = _asked_in(session)
    if asked is None:
        return _show(request, "portal/mine.html", {"form": AddressForm(), "is_old": True}, status=404)
    context = {
        "rows": cases_of(asked.address),
        "addresses": confirmed_addresses(asked.address),
        "session": session,
        "form": AddressForm(),
        "sent": request.GET.get("sent", ""),
    }
    return _show(request, "portal/my_cases.html", context)


@public
@require_POST
def join(request: HttpRequest, session: str) -> HttpResponse:
    """Another address of the same person: it is theirs when the link that goes there is used."""
    asked, form = _asked_in(session), AddressForm(request.POST)
    if asked is None:
        return _show(request, "portal/mine.html", {"form": AddressForm(), "is_old": True}, status=404)
    if not form.is_valid():
        context = {
            "rows": cases_of(asked.address),
            "addresses": confirmed_addresses(asked.address),
            "session": session,
            "form": form,
        }
        return _show(request, "portal/my_cases.html", context, status=422)
    _mail_a_link(request, form.cleaned_data["email"], joins=asked.address)
    return see_other(f"{reverse('portal:my_cases', args=[session])}?sent=1&lang={translation.get_language()}")


def _mail_a_link(request: HttpRequest, address: str, *, joins: str = "") -> None:
    now = clock.now()
    if not robots.may_have_a_link(address, request.META.get("REMOTE_ADDR", ""), now=now):
        return
    try:
        proving.ask(address, inbox=None, language=translation.get_language() or "en", now=now, joins=joins)
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


def _show(request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    titles = {"title": _("Your cases"), "lang": translation.get_language()}
    return render(request, template, {**titles, **context}, status=status)
