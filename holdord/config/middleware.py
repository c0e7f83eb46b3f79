"""Which addresses a request is looked up in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

View = Callable[[HttpRequest], HttpResponse]


def programs_have_addresses_of_their_own(get_response: View) -> View:
    """Middleware: the API is loaded when the first program asks for it, and never where none does."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            request.urlconf = "holdord.config.for_programs"  # type: ignore[attr-defined]  # left out of the stubs
        return get_response(request)

    return answer
