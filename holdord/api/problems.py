"""Every refusal, as RFC 9457 has it: `application/problem+json`, in the language the program asks for."""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from holdord.history.conflicts import waited_in_vain, was_rolled_back_for_another

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """A refusal. `kind` is the last word of its type; `more` are members of its own."""

    def __init__(self, status: int, kind: str, detail: str, **more: Any) -> None:
        super().__init__(kind)
        self.status, self.kind, self.detail, self.more = status, kind, detail, more


def unreadable(field: str, why: str) -> Problem:
    """One field that can't be accepted, and why."""
    return Problem(422, "invalid", _("Something in this request can’t be accepted."), errors=[_error(field, why)])


def not_there() -> Problem:
    """It does not exist, or is none of the token's business: which of the two is not said."""
    return Problem(404, "not-found", _("There is no such thing, or it is not for this token."))


def too_large() -> Problem:
    """More was sent than is taken."""
    return Problem(413, "too-large", _("This request is larger than we take."))


def answer(problem: Problem) -> HttpResponse:
    """The response for a refusal."""
    body = {
        "type": f"urn:holdord:problem:{problem.kind}",
        "title": title_of(problem.kind),
        "status": problem.status,
        "detail": problem.detail,
        **problem.more,
    }
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False).encode(), status=problem.status, content_type=CONTENT_TYPE
    )
    if problem.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if "retry_after" in problem.more:
        response["Retry-After"] = str(problem.more["retry_after"])
    return response


def title_of(kind: str) -> str:
    """A kind of problem in a few words."""
    return {
        "invalid": _("Not accepted"),
        "missing": _("Something is missing"),
        "full": _("No room"),
        "unauthorised": _("No access"),
        "forbidden": _("Not allowed"),
        "not-found": _("Not found"),
        "told-otherwise": _("Told otherwise before"),
        "not-possible": _("Not possible now"),
        "too-many": _("Too many requests"),
        "too-large": _("Too large"),
        "busy": _("Busy"),
        "not-understood": _("Not understood"),
        "our-fault": _("Our fault"),
    }[kind]


def handlers(api: NinjaAPI) -> None:
    """Let every refusal, expected or not, be answered as a problem."""
    for kind, make in _MADE.items():
        _add(api, kind, make)


def _add(api: NinjaAPI, kind: type[Exception], make: Callable[[Any], Problem]) -> None:
    def refuse(request: HttpRequest, refusal: Any) -> HttpResponse:
        response = answer(make(refusal))
        response.was_rolled_back = was_rolled_back_for_another(refusal)  # type: ignore[attr-defined]  # for our middleware
        return response

    api.add_exception_handler(kind, refuse)


def _invalid(refusal: ValidationError) -> Problem:
    errors = [_error(_field(error["loc"]), _why(error)) for error in refusal.errors]
    missing = [
        error["field"] for error, given in zip(errors, refusal.errors, strict=True) if given["type"] == "missing"
    ]
    if missing and len(missing) == len(errors):
        words = _("This is missing: %(fields)s.") % {"fields": ", ".join(missing)}
        return Problem(422, "missing", words, missing=missing, errors=errors)
    return Problem(422, "invalid", _("Something in this request can’t be accepted."), errors=errors)


def _field(where: Any) -> str:
    # Ninja puts before it where it looked, and the name of our own argument.
    parts = [str(part) for part in where]
    return ".".join(parts[2:] if parts[:1] == ["body"] else parts[1:]) or "body"


def _why(error: dict[str, Any]) -> str:
    limits = error.get("ctx") or {}
    kind = str(error["type"])
    if kind in {"string_too_long", "too_long"}:
        return _("This is longer than %(most)s.") % {"most": limits.get("max_length")}
    if kind in {"greater_than_equal", "less_than_equal", "greater_than", "less_than"}:
        return _("This number is out of range.")
    if kind == "enum":
        return _("This must be one of: %(known)s.") % {"known": str(limits.get("expected", "")).replace("'", "")}
    return {
        "missing": _("This is missing."),
        "string_too_short": _("This is empty."),
        "too_short": _("This is empty."),
        "timezone_aware": _("A moment needs its zone: 2026-11-22T14:00:00+01:00."),
        "not_printable": _("Control characters can’t be kept."),
        "not_an_address": _("This is no mail address."),
        "too_far": _("This lies too far away."),
    }.get(kind, _("This can’t be read as what it should be."))


def _error(field: str, why: str) -> dict[str, str]:
    return {"field": field, "why": why}


def _other(refusal: HttpError) -> Problem:
    return Problem(refusal.status_code, "not-understood", _("The body of this request is no JSON that we can read."))


def _trouble(trouble: OperationalError) -> Problem:
    if not waited_in_vain(trouble):
        return _our_fault(trouble)
    words = _("Others were changing the same at this moment. Nothing was done: try once more.")
    return Problem(503, "busy", words, retry_after=1)


def _our_fault(fault: Exception) -> Problem:
    log.error("fault in the API", exc_info=fault)
    return Problem(500, "our-fault", _("Something broke on our side. Nothing was written."))


_MADE: dict[type[Exception], Callable[[Any], Problem]] = {
    Problem: lambda problem: problem,
    ValidationError: _invalid,
    AuthenticationError: lambda _refusal: Problem(
        401, "unauthorised", _("This needs a token that is valid: Authorization: Bearer …")
    ),
    HttpError: _other,
    Http404: lambda _refusal: not_there(),
    RequestDataTooBig: lambda _refusal: too_large(),
    OperationalError: _trouble,
    Exception: _our_fault,
}
