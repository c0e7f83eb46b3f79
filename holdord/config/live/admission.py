"""Who may listen, and to what. Runs in a thread: it asks the database."""

from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user
from django.db import Error, close_old_connections
from django.http import HttpRequest

from holdord.config.live.hub import Listener
from holdord.conversations.case_links import participant_of
from holdord.people.models import Agent
from holdord.people.queries import own_team_ids


def listener_for(path: str, headers: list[tuple[bytes, bytes]]) -> Listener | None:
    """The listener that the cookie (desk) or the token in the path (case page) entitles to, or None."""
    close_old_connections()
    try:
        if path == "/live/desk":
            return _at_the_desk(headers)
        return _on_the_case_page(path.removeprefix("/case/").removesuffix("/live"))
    except Error:
        return None
    finally:
        close_old_connections()


def _at_the_desk(headers: list[tuple[bytes, bytes]]) -> Listener | None:
    request = HttpRequest()
    sessions = import_module(settings.SESSION_ENGINE)
    request.session = sessions.SessionStore(_cookie(headers, settings.SESSION_COOKIE_NAME))
    if SESSION_KEY not in request.session:
        return None
    agent = get_user(request)
    if not isinstance(agent, Agent) or not agent.is_active:
        return None
    if agent.is_administrator:
        return Listener(agent_id=agent.pk)
    return Listener(agent_id=agent.pk, team_ids=frozenset(own_team_ids(agent)))


def _on_the_case_page(token: str) -> Listener | None:
    participant = participant_of(token)
    return None if participant is None else Listener(conversation_id=participant.conversation_id)


def _cookie(headers: list[tuple[bytes, bytes]], name: str) -> str | None:
    cookies: SimpleCookie = SimpleCookie()
    for key, value in headers:
        if key == b"cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                continue
    return cookies[name].value if name in cookies else None
