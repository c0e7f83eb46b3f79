"""What every page of ours is wrapped in: the reader's language, and headers that keep a browser on our side."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import is_valid_path
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from holdord.history.conflicts import waited_in_vain
from holdord.kernel.languages import closest
from holdord.kernel.remembering import remembering
from holdord.promises.actions import PoolIsBusy
from holdord.web import faults

View = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def security_headers(get_response: View) -> View:
    """Middleware: only our own files may run or be loaded, unless the view set a policy of its own."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"
        )
        # Pages show what customers wrote: no copy stays in a shared computer's cache.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer


def reader_language(get_response: View) -> View:
    """Middleware: the page speaks the language asked for with `?lang=`, else the agent's, else the browser's."""

    def answer(request: HttpRequest) -> HttpResponse:
        with translation.override(_language_of(request)):
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
            return response

    return answer


def look_once(get_response: View) -> View:
    """Middleware: while a page is only read, what it asks twice (calendars, teams) is answered from memory."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return get_response(request)
        with remembering():
            return get_response(request)

    return answer


def only_a_button_leads_there(get_response: View) -> View:
    """Middleware: the address of a button, opened as a page (a tab that was restored, a link that was copied after a
    fault), leads to the page on which the button stands.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and request.method == "GET" and not request.path.startswith("/api/"):
            return redirect(_page_above(request))
        return response

    return answer


def _page_above(request: HttpRequest) -> str:
    asked = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    path = request.path
    while path != "/":
        path = path[: path.rstrip("/").rindex("/") + 1]
        if is_valid_path(path):
            return path + asked
    return "/"


DONE_AGAIN = 2
"""How often what a program asked is done again when the database ended it for another."""


class OthersWereQuicker:
    """Middleware: who comes second again and again, or waited for another who waited for them, is asked to try once
    more; everything was rolled back. What a program asked is done again by itself, and then it gets the API's own
    answer: it writes in one transaction, where a page may have put something down before.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do while all goes well."""
        for _ in range(DONE_AGAIN):
            response = self.get_response(request)
            if not getattr(response, "was_rolled_back", False):
                return response
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for it; None for any other exception."""
        is_page = not request.path.startswith("/api/")
        if is_page and (isinstance(exception, PoolIsBusy) or waited_in_vain(exception)):
            return faults.others_were_quicker(request)
        return None


def _language_of(request: HttpRequest) -> str:
    chosen = closest(request.GET.get("lang"))
    if chosen:
        return chosen
    # Without a session cookie nobody is logged in, and no table has to be asked.
    if request.COOKIES.get(settings.SESSION_COOKIE_NAME) and request.user.is_authenticated:
        return str(request.user.language)
    wanted = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    return next(filter(None, (closest(tag) for tag, _weight in wanted)), "en")
