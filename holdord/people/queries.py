"""Reading people and calendars."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from holdord.history.rows import LookUp
from holdord.kernel.public_holidays import public_holidays
from holdord.kernel.remembering import remembered
from holdord.kernel.working_time import Calendar, Span, Supply, supply_of, week_of, within, without
from holdord.people.models import Absence, Agent, AgentHours, ClosingDay, Inbox, Membership, OpeningHours, Roster, Team

SUPPLY_DAYS = 120
"""How far ahead a team's minutes are added up."""


@remembered(lambda agent: agent.pk)
def team_ids(agent: Agent) -> list[int]:
    """The teams whose conversations this agent sees: those they work in or lead; an administrator sees all."""
    return [pk for (pk,) in _TEAMS.raw()] if agent.is_administrator else own_team_ids(agent)


def inboxes_seen_by(agent: Agent) -> QuerySet[Inbox]:
    """The inboxes of these teams, by name."""
    return Inbox.objects.filter(team__in=team_ids(agent)).order_by("name")


@remembered(lambda agent: agent.pk)
def own_team_ids(agent: Agent) -> list[int]:
    """The teams an agent works in or leads."""
    return [pk for (pk,) in _OWN_TEAMS.raw(agent.pk)]


_TEAMS = LookUp(lambda: Team.objects.values_list("pk"))
_OWN_TEAMS = LookUp(
    lambda agent: (
        Membership.objects.filter(agent=agent)
        .values_list("team_id")
        .union(Team.objects.filter(lead=agent).values_list("pk"))
    ),
    int,
)


@remembered(lambda: None)
def roster_version() -> int | None:
    """The version of everything that says when somebody works. None where nobody ever wrote any of it."""
    found = _VERSION.raw()
    return int(found[0][0]) if found else None


_VERSION = LookUp(lambda: Roster.objects.values_list("version"))


@remembered(lambda inbox: inbox.pk)
def calendar_of(inbox: Inbox) -> Calendar:
    """When this inbox is open: its week, less the holidays of its country and its own closing days."""
    terms = (inbox.pk, inbox.time_zone, inbox.country, inbox.subdivision)
    version = roster_version()
    return _calendar_of(*terms) if version is None else _calendar_in(version, *terms)


@lru_cache(maxsize=256)
def _calendar_in(version: int, inbox_id: int, zone: str, country: str, subdivision: str) -> Calendar:
    """The calendar in this version of the roster: asked of the database once in a process."""
    return _calendar_of(inbox_id, zone, country, subdivision)


def _calendar_of(inbox_id: int, zone: str, country: str, subdivision: str) -> Calendar:
    return _calendar(
        zone,
        country,
        subdivision,
        tuple((weekday, opens, closes) for weekday, opens, closes in _HOURS.rows(inbox_id)),
        tuple((on, is_open) for on, is_open in _DAYS.rows(inbox_id)),
    )


_HOURS = LookUp(
    lambda inbox: (
        OpeningHours.objects.filter(inbox=inbox).order_by("weekday", "opens").values_list("weekday", "opens", "closes")
    ),
    int,
)
_DAYS = LookUp(lambda inbox: ClosingDay.objects.filter(inbox=inbox).order_by("on").values_list("on", "is_open"), int)


@lru_cache(maxsize=256)
def _calendar(
    zone: str,
    country: str,
    subdivision: str,
    hours: tuple[tuple[int, time, time], ...],
    days: tuple[tuple[date, bool], ...],
) -> Calendar:
    week: dict[int, list[tuple[time, time]]] = {}
    for weekday, opens, closes in hours:
        week.setdefault(weekday, []).append((opens, closes))
    own = dict(days)

    def closed(day: date) -> bool:
        if day in own:
            return not own[day]
        return day in public_holidays(country, subdivision, day.year)

    return Calendar(zone, week_of(week), closed)


def _agents_of(team_id: int) -> dict[int, int]:
    """Who can answer for a team, each with the number of teams they can answer for."""
    languages: dict[int, set[str]] = {}
    for team, language in _LANGUAGES.rows():
        languages.setdefault(team, set()).add(language)
    teams: dict[int, list[int]] = {}
    for agent, team, speaks in _AGENTS.rows(team_id):
        if not speaks or not languages.get(team) or languages[team] & set(speaks):
            teams.setdefault(agent, []).append(team)
    return {agent: len(able) for agent, able in teams.items() if team_id in able}


@remembered(lambda team_id, *, now: (team_id, now.date()))
def supply_of_team(team_id: int, *, now: datetime) -> Supply:
    """The minutes that the people of a team have for customers, added up from the beginning of today.

    An agent works their own hours, or their inboxes' opening hours when none are given; never on an inbox's closing
    day, never while absent. Who answers in certain languages only counts for the teams that have one of them. An agent
    of several teams gives each an equal share.
    """
    today, version = now.astimezone(UTC).date(), roster_version()
    return _supply_of(team_id, today) if version is None else _supply_in(version, team_id, today)


@lru_cache(maxsize=1024)
def _supply_in(version: int, team_id: int, today: date) -> Supply:
    """The supply in this version of the roster: asked of the database once in a process and day."""
    return _supply_of(team_id, today)


def _supply_of(team_id: int, today: date) -> Supply:
    calendars, people = _people_of(team_id, today=today)
    return _supply(calendars, tuple(person for _, person in people), today)


def minutes_of_agents(team_id: int, *, now: datetime, until: datetime) -> dict[int, float]:
    """By agent, the minutes they have for this team from `now` until `until`, as `supply_of_team` counts them."""
    today = now.astimezone(UTC).date()
    calendars, people = _people_of(team_id, today=today)
    found = {}
    for agent_id, person in people:
        supply = _supply(calendars, (person,), today)
        found[agent_id] = supply.until(until) - supply.until(now)
    return found


@remembered(lambda team_id, *, today: (team_id, today))
def _people_of(team_id: int, *, today: date) -> "tuple[tuple[Calendar, ...], list[tuple[int, _Person]]]":
    calendars = tuple(_calendar_of(*terms) for terms in _INBOXES.rows(team_id))
    agents = _agents_of(team_id)
    hours: dict[int, list[_OwnHours]] = {}
    for agent_id, zone, weekday, starts, ends in _AGENT_HOURS.rows(team_id):
        hours.setdefault(agent_id, []).append((zone, weekday, starts, ends))
    absences: dict[int, list[Span]] = {}
    for agent_id, begins, returns in _ABSENCES.rows(team_id, _midnight(today)):
        absences.setdefault(agent_id, []).append((begins, returns))
    people = [
        (agent, (tuple(sorted(hours.get(agent, ()))), tuple(sorted(absences.get(agent, ()))), 1 / number_of_teams))
        for agent, number_of_teams in sorted(agents.items())
    ]
    return calendars, people


_INBOXES = LookUp(
    lambda team: (
        Inbox.objects.filter(team=team).order_by("pk").values_list("pk", "time_zone", "country", "subdivision")
    ),
    int,
)
_AGENTS = LookUp(
    lambda team: Membership.objects.filter(
        agent__in=Membership.objects.filter(team=team).values("agent"), agent__is_active=True
    ).values_list("agent_id", "team_id", "agent__speaks"),
    int,
)
_LANGUAGES = LookUp(lambda: Inbox.objects.values_list("team_id", "language").distinct())
_AGENT_HOURS = LookUp(
    lambda team: AgentHours.objects.filter(agent__membership__team=team).values_list(
        "agent_id", "agent__time_zone", "weekday", "starts", "ends"
    ),
    int,
)
_ABSENCES = LookUp(
    lambda team, midnight: Absence.objects.filter(agent__membership__team=team, ends_at__gt=midnight).values_list(
        "agent_id", "starts_at", "ends_at"
    ),
    int,
    datetime,
)


_OwnHours = tuple[str, int, time, time]
_Person = tuple[tuple[_OwnHours, ...], tuple[Span, ...], float]


@lru_cache(maxsize=1024)
def _supply(calendars: tuple[Calendar, ...], people: tuple[_Person, ...], today: date) -> Supply:
    first = _midnight(today)
    until = first + timedelta(days=SUPPLY_DAYS)
    opening = _union([span for calendar in calendars for span in _between(calendar, first, until)])
    working = []
    for hours, absences, share in people:
        own = within(_own_hours(hours, first, until), _open_days(opening, calendars)) if hours else opening
        working.append((without(own, absences), share))
    return supply_of(working)


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)


def _between(calendar: Calendar, first: datetime, until: datetime) -> list[Span]:
    found = []
    for starts, ends in calendar.spans_from(first):
        if starts >= until:
            break
        found.append((starts, ends))
    return found


def _own_hours(hours: Sequence[_OwnHours], first: datetime, until: datetime) -> list[Span]:
    zone = hours[0][0]
    week: dict[int, list[tuple[time, time]]] = {}
    for _, weekday, starts, ends in hours:
        week.setdefault(weekday, []).append((starts, ends))
    return _between(Calendar(zone, week_of(week)), first, until)


def _open_days(opening: Sequence[Span], calendars: Sequence[Calendar]) -> list[Span]:
    """The whole local days on which an inbox is open at all: an early bird may work before it opens."""
    zone = ZoneInfo(calendars[0].zone) if calendars else ZoneInfo("UTC")
    days = sorted({starts.astimezone(zone).date() for starts, _ in opening})
    whole = [
        (
            datetime.combine(day, time(), zone).astimezone(UTC),
            datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC),
        )
        for day in days
    ]
    return _union(whole)


def _union(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for starts, ends in sorted(spans):
        if joined and starts <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((starts, ends))
    return joined
