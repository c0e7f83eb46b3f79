"""What every page of the desk carries: navigation with counts, the clock, the keys, toasts."""

from dataclasses import dataclass, field
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from jinja2.utils import htmlsafe_json_dumps

from holdord.desk.access import AgentRequest
from holdord.kernel import clock
from holdord.kernel.moments import bare_time
from holdord.people.models import Agent, Role
from holdord.routing import lists
from holdord.web.addresses import address
from holdord.web.times import Times, zone


@dataclass(slots=True)
class NavItem:
    """One line of the navigation."""

    key: str
    icon: str
    label: str
    href: str
    count: str = ""
    go: str = ""


@dataclass(slots=True)
class BoxItem:
    """One inbox in the navigation."""

    key: str
    letter: str
    tone: int
    label: str
    href: str
    count: str = ""


@dataclass(slots=True)
class Toast:
    """What was just done, and how to take it back."""

    words: str
    undo: str = ""
    seconds: int = 10


@dataclass(slots=True)
class Page:
    """The frame of one page."""

    current: str
    now_s: int
    agent: int
    nav: list[NavItem]
    board: NavItem
    inboxes: list[BoxItem]
    me_name: str
    me_initials: str
    me_tone: int
    me_role: str
    single_keys: bool
    toasts: list[Toast]
    words: str
    settings: str
    keys: list[tuple[list[str], str]]
    clock: str = ""
    clock_steps: list[tuple[int, str]] = field(default_factory=list)


def show(
    request: AgentRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    current: str = "",
    status: int = 200,
    counted: bool = False,
) -> HttpResponse:
    """Render a page of the desk inside its frame; a fragment brings the counts of the navigation only if `counted`."""
    page = page_for(request, current=current, counted=counted or not is_fragment(request))
    context = {"theme": request.user.theme, **(context or {}), "page": page}
    response = render(request, template, context, status=status)
    response["X-Now"] = str(page.now_s)
    response["Vary"] = "Cookie, HX-Request"
    return response


def page_for(request: AgentRequest, *, current: str = "", counted: bool = True) -> Page:
    """The frame for this agent and this moment. `counted` False leaves the navigation out: a fragment that does not
    bring new counts has no use for it.
    """
    agent, now = request.user, clock.now()
    fragment = is_fragment(request)
    times = Times(zone(agent.time_zone), now)
    inboxes = lists.inboxes_of(agent) if counted else []
    counts = lists.counts(agent, [pk for pk, *_rest in inboxes], now=now) if counted else {}
    return Page(
        current=current,
        now_s=int(now.timestamp()),
        agent=agent.pk,
        nav=_navigation(counts) if counted else [],
        board=_board(counts),
        inboxes=_inboxes(inboxes, counts),
        me_name=agent.name,
        me_initials=agent.initials,
        me_tone=tone_of(agent.pk),
        me_role=role_name(agent.role),
        single_keys=agent.single_keys,
        toasts=_toasts(request),
        words="" if fragment else _words_for_scripts(get_language() or "en"),
        settings=settings_for(agent),
        keys=[] if fragment else _keys(get_language() or "en", settings=bool(settings_for(agent))),
        clock=_moment(times, now) if clock.can_be_moved() else "",
        clock_steps=[(30, _("+30 min")), (120, _("+2 h")), (1440, _("+1 day"))] if clock.can_be_moved() else [],
    )


def is_fragment(request: AgentRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def tell(request: AgentRequest, words: str, *, undo: str = "", seconds: int = 10) -> None:
    """Show a toast on the next page."""
    messages.info(request, words, extra_tags=f"{seconds}|{undo}")


def tone_of(key: int) -> int:
    """One of the five tones for an avatar, always the same for the same person."""
    return key % 5 + 1


def role_name(role: str) -> str:
    """A role in the reader's language."""
    return {
        Role.AGENT.value: _("Agent"),
        Role.LEAD.value: _("Team lead"),
        Role.DIRECTOR.value: _("Director"),
        Role.ADMINISTRATOR.value: _("Administrator"),
    }.get(role, role)


def settings_for(agent: Agent) -> str:
    """Where the settings begin for this agent: all of them, what leads may set, or none ("")."""
    if agent.is_administrator:
        return address("desk:settings")
    return address("desk:uploads") if agent.leads else ""


def _navigation(counts: dict[str, str]) -> list[NavItem]:
    named = [
        ("next", "next", _("Next up"), address("desk:next"), "n"),
        ("mine", "person", _("Mine"), address("desk:list", "mine"), "m"),
        ("team", "team", _("Team"), address("desk:list", "team"), "t"),
        ("waiting", "waiting", _("Waiting"), address("desk:list", "waiting"), "w"),
        ("snoozed", "moon", _("Snoozed"), address("desk:list", "snoozed"), "z"),
    ]
    return [NavItem(key, icon, label, href, counts.get(key, ""), go) for key, icon, label, href, go in named]


def _board(counts: dict[str, str]) -> NavItem:
    at_risk = counts.get("board", "")
    words = _("%(number)s at risk") % {"number": at_risk} if at_risk else ""
    return NavItem("board", "ring", _("Board"), address("desk:board"), words, "b")


def _inboxes(inboxes: list[tuple[int, str, int]], counts: dict[str, str]) -> list[BoxItem]:
    found = []
    for pk, name, tone in inboxes:
        key, href = f"inbox-{pk}", address("desk:inbox", pk)
        found.append(BoxItem(key, name[:1].upper(), tone, name, href, counts.get(key, "")))
    return found


def _toasts(request: AgentRequest) -> list[Toast]:
    found = []
    for message in messages.get_messages(request):
        seconds, _bar, undo = (message.extra_tags or "10|").partition("|")
        found.append(Toast(str(message), undo, int(seconds)))
    return found


def _moment(times: Times, now: datetime) -> str:
    return f"{times.date_and_weekday(now)}, {times.at(now)}"


@lru_cache(maxsize=8)
def _words_for_scripts(language: str) -> str:
    """The words that scripts put on the page, in the language that is active; # and @ stand for numbers."""
    words = {
        "min": _("%(minutes)s min") % {"minutes": "#"},
        "hmin": _("%(hours)s h %(minutes)s") % {"hours": "#", "minutes": "@"},
        "h": _("%(hours)s h") % {"hours": "#"},
        "d": _("%(days)s d") % {"days": "#"},
        "clock": bare_time(time(1, 2), language=language),
        "as_of": _("As of %(clock)s") % {"clock": "#"},
        "new_row": _("New: %(name)s") % {"name": "#"},
        "now_at_risk": _("At risk, and yours: %(name)s") % {"name": "#"},
        "minutes": _("min"),
        **dict.fromkeys(("hour", "hours"), (_("%(hours)s h") % {"hours": ""}).strip()),
        **dict.fromkeys(("day", "days"), (_("%(days)s d") % {"days": ""}).strip()),
        "kept_here": _("Kept on this computer"),
        "earlier_picture": _("The picture before"),
        "later_picture": _("The next picture"),
        "close": _("Close the picture"),
        "guard_failed": _("The check failed. You can send all the same."),
        "unreachable": _(
            "Holdord does not answer. Nothing was sent, and what you wrote is still here: try again soon."
        ),
        "failed": _("That did not work, and it is our fault. What you wrote is still here: try again soon."),
        "offline": _("You are offline. What you write is kept on this computer. Clocks go on, replies are not sent."),
    }
    return htmlsafe_json_dumps(words)


@lru_cache(maxsize=8)
def _keys(language: str, *, settings: bool) -> list[tuple[list[str], str]]:
    return [
        (["⌘K"], _("search or do anything")),
        (["J", "K"], _("down, up")),
        (["Enter", "U"], _("open, back to the list")),
        (["R", "N"], _("reply, note")),
        (["H", "S", "E"], _("hand over, snooze, close")),
        (["T"], _("take it")),
        (["I"], _("customer panel")),
        (["Y", "X"], _("the customer asks for this, or does not")),
        (["D"], _("what the customer asks for is done")),
        (["P"], _("promise something")),
        (["A"], _("insert an article or a prepared reply")),
        (["⌘."], _("next thing before sending")),
        (["⌘↵"], _("send")),
        (["⌘⇧↵"], _("send, and open the next")),
        (["Z"], _("undo the last act")),
        (["G", "N"], _("Next up")),
        (["G", "B"], _("Board")),
        *([(["G", "S"], _("Settings"))] if settings else []),
        (["F6"], _("next pane")),
        (["?"], _("these keys")),
    ]
