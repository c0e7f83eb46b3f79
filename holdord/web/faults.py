"""Pages for what went wrong. Each says what still works and what to do."""

import logging
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request made no sense."""
    return render(request, "400.html", status=400)


def not_yours(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: it exists, but not for this person. The look is logged, with the address and nothing personal."""
    log.warning("agent %s was refused %s", getattr(request.user, "pk", None), request.path)
    response = render(request, "403.html", status=403)
    # Django's mark for what is logged already. It would say it again, with the whole way through the code.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is no such page."""
    return render(request, "404.html", status=404)


def our_fault(request: HttpRequest) -> HttpResponse:
    """500: our mistake. The number on the page is the one in the log."""
    number = secrets.token_hex(2).upper()
    log.error("fault %s at %s", number, request.path)
    return render(request, "500.html", {"number": number}, status=500)


def cross_site(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form came without its token, most often because the login had run out."""
    log.warning("form refused at %s: %s", request.path, reason)
    return render(request, "form_expired.html", status=403)


def others_were_quicker(request: HttpRequest) -> HttpResponse:
    """503: others changed the same again and again at this moment. Nothing was done and nothing is lost: a page on
    which the same form can be sent once more, or a toast beside the form that is still open.
    """
    log.warning("others were quicker at %s", request.path)
    if request.headers.get("HX-Request"):
        message = _("Others were changing the same at this moment. Nothing was done: try once more.")
        return refused(request, message, status=503)
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {"fields": fields, "has_files": bool(request.FILES), "again": request.get_full_path()}
    return render(request, "others_were_quicker.html", context, status=503)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more was sent than is taken. What was typed is still in the browser: it goes back there."""
    log.warning("more was sent than is taken at %s", request.path)
    if request.headers.get("HX-Request"):
        return refused(request, _("The files are too large together. Leave one out, and send once more."), status=413)
    return render(request, "too_large.html", status=413)


def files_are_away(request: HttpRequest) -> HttpResponse:
    """503: the store of files can't be reached at this moment."""
    log.error("the store of files is away at %s", request.path)
    response = render(request, "files_are_away.html", status=503)
    response["Retry-After"] = "60"
    return response


def refused(request: HttpRequest, message: str, *, status: int = 409) -> HttpResponse:
    """An action that the desk refuses, said in a sentence; htmx shows it as a toast, others get a page."""
    context: dict[str, Any] = {"message": message}
    template = "parts/refused.html" if request.headers.get("HX-Request") else "refused.html"
    response = render(request, template, context, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "innerHTML"
    return response
