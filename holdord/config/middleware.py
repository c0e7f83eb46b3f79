"""Which addresses a request is looked up in, and what one that is too large hears."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from holdord.config.bridge import TOO_LARGE
from holdord.web import faults

View = Callable[[HttpRequest], HttpResponse]


def programs_have_addresses_of_their_own(get_response: View) -> View:
    """Middleware: the API is loaded when the first program asks for it, and never where none does."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            request.urlconf = "holdord.config.for_programs"  # type: ignore[attr-defined]  # left out of the stubs
        return get_response(request)

    return answer


def too_much_at_once(get_response: View) -> View:
    """Middleware: who sent more than is taken hears so, people in their language."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.META.get(TOO_LARGE):
            return get_response(request)
        if request.path_info.startswith("/api/"):
            from holdord.api import problems  # noqa: PLC0415 - not for a process that only serves pages

            return problems.answer(problems.too_large())
        return faults.too_large(request)

    return answer
