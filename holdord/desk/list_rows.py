"""The list on the left: flat rows, every word of them ready to print."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from holdord.desk.request_rows import TWICE, request_words, said_words
from holdord.kernel import clock
from holdord.people.models import Agent, Inbox
from holdord.routing import lists
from holdord.routing.lists import Listed, Promised
from holdord.web.addresses import address
from holdord.web.promise_rows import Clock, due_in_a_list, gone, look_of, state_word, warn_mark
from holdord.web.times import Times, active_language, zone

CHANNEL_ICONS = {"email": "mail", "form": "form", "page": "page", "chat": "chat", "phone": "phone"}


@dataclass(slots=True, unsafe_hash=True)
class Row:
    """One conversation or promise in a list. A conversation with several promises has several rows: `key` tells them
    apart.
    """

    key: str
    number: int
    href: str
    name: str
    icon: str
    what: str
    lang: str
    at: str = ""
    left: str = ""
    why: str = ""
    asks: str = ""
    said: str = ""
    repeated: bool = False
    look: str = "kept"
    state: str = ""
    gone: int = 0
    warn: int = 0
    given_s: int = 0
    due_s: int = 0
    warn_s: int = 0
    due_iso: str = ""
    yours: bool = False
    makes_up: bool = False


@dataclass(slots=True)
class Group:
    """Rows under one heading."""

    title: str
    rows: list[Row] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.rows)


@dataclass(slots=True)
class Tab:
    """One way of looking at the list."""

    label: str
    href: str
    current: bool


@dataclass(slots=True)
class List:
    """A list and its head."""

    key: str
    title: str
    today: str
    order: str
    href: str
    tabs: list[Tab]
    groups: list[Group]
    empty_title: str
    empty_words: str
    open: int = 0
    more: str = ""


def next_up(agent: Agent, *, whose: str, after: str = "", open_number: int = 0) -> List:
    """What breaks next: promises grouped by time."""
    now = clock.now()
    times = Times(zone(agent.time_zone), now)
    found = lists.next_up(agent, whose, after=lists.key_of(after) if after else None)
    shown = found[: lists.PAGE]
    reader = _Reader(agent, now, _names(shown))
    href = address("desk:next") + (f"?whose={whose}" if whose != "mine" else "")
    return List(
        key="next",
        title=_("Next up"),
        today=f"{times.date_and_weekday(now)}, {times.at(now)}",
        order=_("What breaks first"),
        href=href,
        tabs=_tabs(agent, whose),
        groups=_groups(_with_requests([_promise_row(row, reader) for row in shown]), times),
        empty_title=_("Nothing breaks today"),
        empty_words=_("Every customer who wrote has an answer, or has one coming from somebody else."),
        open=open_number,
        more=_more(address("desk:next"), {"whose": whose}, found, shown, "after"),
    )


def conversations(
    agent: Agent, *, which: str, inbox: Inbox | None = None, before: str = "", open_number: int = 0
) -> List:
    """Conversations of one kind, the latest change first."""
    now = clock.now()
    times = Times(zone(agent.time_zone), now)
    found = lists.conversations(
        agent, which, inbox_id=inbox.pk if inbox else 0, before=lists.key_of(before) if before else None
    )
    shown = found[: lists.PAGE]
    promised, reader = lists.running_promises(row.number for row in shown), _Reader(agent, now, _names(shown))
    rows = _with_requests([_conversation_row(row, promised.get(row.number), reader) for row in shown])
    href = address("desk:inbox", inbox.pk) if inbox else address("desk:list", which)
    title, empty_title, empty_words = _titles(which, inbox)
    return List(
        key=f"inbox-{inbox.pk}" if inbox else which,
        title=title,
        today=f"{times.date_and_weekday(now)}, {times.at(now)}",
        order=_("Latest first"),
        href=href,
        tabs=[],
        groups=[Group(title, rows)] if rows else [],
        empty_title=empty_title,
        empty_words=empty_words,
        open=open_number,
        more=_more(href, {}, found, shown, "before"),
    )


def bare() -> List:
    """Next up without its rows, for a fragment that leaves the list on the screen alone."""
    return List("next", _("Next up"), "", "", address("desk:next"), [], [], "", "")


class _Reader:
    """Who reads the rows of a page, and when; what one row says, the next need not look up again."""

    def __init__(self, agent: Agent, now: datetime, names: dict[int, str]) -> None:
        self.agent, self.now, self.names = agent, now, names
        language = active_language()
        self.times_in = cache(lambda name: Times(zone(name), now, language))
        self.state_word = cache(state_word)
        self.owner = cache(partial(_owner, agent))


def _promise_row(row: Promised, reader: _Reader) -> Row:
    now, times = reader.now, reader.times_in(row.zone)
    span = Clock(row.given_at, row.due_at, row.warn_at)
    moved = row.first_due_at != row.due_at
    look = look_of("open", span, now=now, moved=moved, fits=row.unfit_at is None)
    return Row(
        key=f"{row.number}-{row.promise_id}",
        number=row.number,
        href=conversation_href(row.number),
        name=row.customer_name or reader.names.get(row.customer_id, "?"),
        icon=CHANNEL_ICONS.get(row.channel, "mail"),
        what=row.subject if row.kind == "answer" and row.subject else row.what or _("(no subject)"),
        lang=row.language,
        at=due_in_a_list(row.due_at, times, earliest_at=row.earliest_at, whole_day=row.precision == "day"),
        left=times.left(row.due_at) or _("now"),
        why=_why(row, reader, moved=moved),
        look=look,
        state=reader.state_word(look),
        gone=gone(span, now=now),
        warn=warn_mark(span),
        given_s=int(row.given_at.timestamp()),
        due_s=int(row.due_at.timestamp()),
        warn_s=int(row.warn_at.timestamp()),
        due_iso=row.due_at.isoformat(timespec="minutes"),
        yours=row.owner_id == reader.agent.pk,
        makes_up=row.rank_at < row.first_due_at,
    )


def _conversation_row(row: Listed, promised: Promised | None, reader: _Reader) -> Row:
    times = reader.times_in(row.zone)
    if promised is not None:
        drawn = _promise_row(promised, reader)
        drawn.key = str(row.number)
        drawn.what = row.subject or drawn.what
        if row.snoozed_until:
            drawn.why = _("Comes back %(when)s") % {"when": times.when(row.snoozed_until)}
        return drawn
    return Row(
        key=str(row.number),
        number=row.number,
        href=conversation_href(row.number),
        name=row.customer_name or reader.names.get(row.customer_id, "?"),
        icon=CHANNEL_ICONS.get(row.channel, "mail"),
        what=row.subject or _("(no subject)"),
        lang=row.language,
        at=times.short(row.changed_at),
        due_iso=row.changed_at.isoformat(timespec="minutes"),
        why=_comes_back(row, times) or reader.owner(row.owner_id, row.owner_name, row.team_name),
    )


def _with_requests(rows: list[Row]) -> list[Row]:
    """What the customer asks for, where they do; said again, it is seen from afar."""
    asked = lists.requests_of(row.number for row in rows)
    for row in rows:
        if request := asked.get(row.number):
            kind, said = request
            row.asks, row.repeated = request_words(kind), said >= TWICE
            row.said = said_words(said) if row.repeated else ""
    return rows


def conversation_href(number: int) -> str:
    """Where a conversation is read: resolved once, not for each of fifty rows."""
    return address("desk:conversation", number)


def _why(row: Promised, reader: _Reader, *, moved: bool) -> str:
    owner = reader.owner(row.owner_id, row.owner_name, row.team_name)
    if row.unfit_at is not None:
        no_room = (
            _("No room left in “%(pool)s”") % {"pool": row.unfit_in}
            if row.unfit_in
            else _("More is promised than can be done")
        )
        return f"{no_room} · {owner}"
    if moved:
        return _("Moved from %(when)s · %(owner)s") % {
            "when": reader.times_in(row.zone).short(row.first_due_at),
            "owner": owner,
        }
    if row.kind == "update":
        return _("Next message promised · %(owner)s") % {"owner": owner}
    return owner


def _owner(agent: Agent, owner_id: int | None, owner_name: str | None, team_name: str) -> str:
    if owner_id == agent.pk:
        return _("Owner: you")
    if owner_id:
        return _("Owner: %(name)s") % {"name": owner_name}
    return _("Free, %(team)s") % {"team": team_name}


def _comes_back(row: Listed, times: Times) -> str:
    return _("Comes back %(when)s") % {"when": times.when(row.snoozed_until)} if row.snoozed_until else ""


def _groups(rows: Iterable[Row], times: Times) -> list[Group]:
    groups: list[Group] = []
    heading = _headings(times)
    for row in rows:
        title = _("After a word we broke") if row.makes_up else heading(datetime.fromisoformat(row.due_iso))
        if not groups or groups[-1].title != title:
            groups.append(Group(title))
        groups[-1].rows.append(row)
    return groups


def _headings(times: Times) -> Callable[[datetime], str]:
    """What a group of rows is called, by when they are due."""
    soon, today = times.now + timedelta(hours=1), times.now.astimezone(times.zone).date()
    within, morning = _("Within the hour"), _("This morning")
    afternoon, later = _("This afternoon"), _("Tomorrow and later")

    def heading(due_at: datetime) -> str:
        if due_at <= soon:
            return within
        local = due_at.astimezone(times.zone)
        if local.date() > today:
            return later
        return morning if local.hour < 12 else afternoon

    return heading


def _tabs(agent: Agent, whose: str) -> list[Tab]:
    ways = [("mine", _("Mine and free")), ("team", _("Team"))]
    if agent.leads:
        ways.append(("all", _("All")))
    base = address("desk:next")
    return [Tab(label, base if key == "mine" else f"{base}?whose={key}", key == whose) for key, label in ways]


def _titles(which: str, inbox: Inbox | None) -> tuple[str, str, str]:
    if inbox is not None:
        return inbox.name, _("Nobody waits here"), _("Every conversation of this inbox is answered or closed.")
    return {
        "mine": (_("Mine"), _("Nothing is yours right now"), _("Take the first one in Next up.")),
        "team": (_("Team"), _("Nobody waits for the team"), _("Every conversation is answered or closed.")),
        "waiting": (_("Waiting"), _("No customer owes us a word"), _("What we have answered shows up here.")),
        "closed": (_("Closed"), _("Nothing is closed yet"), _("What is done shows up here.")),
        "dismissed": (
            _("Dismissed"),
            _("Nothing was dismissed"),
            _("Spam and misdirected mail shows up here, and can be taken back."),
        ),
        "snoozed": (_("Snoozed"), _("Nothing is snoozed"), _("What you put off shows up here until it comes back.")),
    }[which]


def _names(rows: Sequence[Promised] | Sequence[Listed]) -> dict[int, str]:
    return lists.addresses_of(row.customer_id for row in rows if not row.customer_name)


def _more(
    base: str, query: dict[str, str], found: Sequence[object], shown: Sequence[tuple[object, ...]], by: str
) -> str:
    if len(found) <= len(shown):
        return ""
    return f"{base}?{urlencode({**query, by: lists.key_text(shown[-1])})}"
