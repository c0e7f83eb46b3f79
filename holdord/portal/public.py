"""What public pages have in common: the reader's language, headers, and the check of where a form came from."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt

from holdord.channels.models import FormSite
from holdord.conversations.actions.picturing import keeps_originals
from holdord.kernel import clock
from holdord.kernel.languages import LANGUAGES, closest
from holdord.people.models import Inbox
from holdord.web.middleware import CONTENT_SECURITY_POLICY
from holdord.web.static_files import plain

View = Callable[..., HttpResponseBase]


@dataclass(slots=True)
class Brand:
    """Whose page it is, and in which languages it can be read."""

    name: str
    letter: str
    tone: int
    hue: int | None
    phone: str
    keeps_originals: bool
    languages: list[tuple[str, str, bool]]
    now_s: int
    words: dict[str, str]


def public(view: View) -> View:
    """For a view that customers reach without a login: a form from another site is refused, nothing is kept.

    There is no cookie a stranger's site could use; the token in the path or the form itself is the authority, and the
    check keeps other sites from sending in somebody's name all the same.
    """
    return _guarded(view, lambda request, _slug: _comes_from_here(request))


def open_to_sites(view: View) -> View:
    """Like `public`, for a view whose form may come from the sites that are allowed for the inbox `slug`."""
    return _guarded(view, lambda request, slug: _comes_from_here(request) or _comes_from_a_site(request, slug))


def framed(response: HttpResponse, sites: list[str]) -> HttpResponse:
    """Let these sites, and no other, show this page in a frame."""
    response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
        "frame-ancestors 'none'", " ".join(["frame-ancestors 'self'", *sites])
    )
    response.xframe_options_exempt = True  # as Django's own decorator does
    return response


def _guarded(view: View, is_welcome: Callable[[HttpRequest, str], bool]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not is_welcome(request, kwargs.get("slug", "")):
            response: HttpResponseBase = render(request, "portal/elsewhere.html", status=403)
        else:
            response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        # Not `no-referrer`: with it browsers send our own forms with `Origin: null`. Other sites learn nothing.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    exempt: View = csrf_exempt(guarded)
    return exempt


def language_for(request: HttpRequest, fallback: str) -> str:
    """The language asked for with `?lang=`, else `fallback`."""
    return closest(request.GET.get("lang")) or fallback


def brand(inbox: Inbox) -> Brand:
    """The head and foot of a public page, in the active language."""
    current = translation.get_language()
    return Brand(
        name=inbox.name,
        letter=inbox.name[:1].upper(),
        tone=inbox.tone,
        hue=inbox.hue,
        phone=inbox.phone,
        keeps_originals=keeps_originals(inbox),
        languages=[(code, name, code == current) for code, name in LANGUAGES.items()],
        now_s=int(clock.now().timestamp()),
        words=_words_for_scripts(),
    )


def _words_for_scripts() -> dict[str, str]:
    return {
        "min": _("%(minutes)s min") % {"minutes": "#"},
        "hmin": _("%(hours)s h %(minutes)s") % {"hours": "#", "minutes": "@"},
        "h": _("%(hours)s h") % {"hours": "#"},
        "d": _("%(days)s d") % {"days": "#"},
        "minutes": _("min"),
        "hour": ngettext("hour", "hours", 1),
        "hours": ngettext("hour", "hours", 2),
        "day": ngettext("day", "days", 1),
        "days": ngettext("day", "days", 2),
        "earlier_picture": _("The picture before"),
        "later_picture": _("The next picture"),
        "close": _("Close the picture"),
    }


def _comes_from_a_site(request: HttpRequest, slug: str) -> bool:
    return FormSite.objects.filter(inbox__slug=slug, origin=request.headers.get("Origin", "")).exists()


def _comes_from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}
    return urlsplit(origin).netloc in {request.get_host(), urlsplit(settings.PUBLIC_URL).netloc}


def see_other(address: str) -> HttpResponse:
    """To the page that shows what was done; reloading it does nothing twice."""
    response = redirect(address)
    response.status_code = 303
    return response


def script_for_sites(slug: str, name: str) -> HttpResponse:
    """A script of ours that other sites put into their pages for an inbox. Raises Http404."""
    if not Inbox.objects.filter(slug=slug).exists():
        raise Http404
    response = HttpResponse(plain(name), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
