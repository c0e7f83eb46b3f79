"""Who may open which page of the desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from holdord.people.administration import has_administrator
from holdord.people.models import Agent

View = Callable[..., HttpResponse]


class AgentRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: Agent


def for_agents(view: View) -> View:
    """Only who is logged in; a desk without an administrator sends everybody to the first run."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if not has_administrator():
            return redirect("desk:setup")
        return _to_the_login(request)

    return guarded


def for_administrators(view: View) -> View:
    """Only who may change settings."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_administrator:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return for_agents(guarded)


def for_leads(view: View) -> View:
    """Only who leads: team leads, directors, administrators."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.leads:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return for_agents(guarded)


def _to_the_login(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # htmx would put the login page into a pane: the whole page goes there instead.
        response = HttpResponse(status=204)
        response["HX-Redirect"] = "/account/login/"
        return response
    return redirect_to_login(request.get_full_path())
