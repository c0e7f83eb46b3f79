"""Lists of work: next up (what breaks first), mine, team, waiting, snoozed, one inbox; and how many stand in each.

Pages are cut by key, never by offset. Each branch of "mine or free" is its own short walk down an index and they are
merged here: one condition with OR would sort every running promise of the desk.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from holdord.conversations.models import Conversation, Request, Status
from holdord.conversations.models.request import RUNNING
from holdord.history.rows import LookUp
from holdord.people.models import Agent, Identity, Inbox, Membership
from holdord.people.queries import own_team_ids, team_ids
from holdord.promises.models import Promise

PAGE = 50
"""Rows on a page."""

COUNTED = 999
"""Counts stop here: nobody reads more, and counting 200,000 rows takes 13 ms."""

STATUS_OF = {
    "waiting": Status.WAITING,
    "snoozed": Status.SNOOZED,
    "closed": Status.CLOSED,
    "dismissed": Status.DISMISSED,
}


class Promised(NamedTuple):
    """A running promise in a list. `rank_at` is its place: what follows a broken promise stands first."""

    rank_at: datetime
    promise_id: int
    number: int
    kind: str
    what: str
    state: str
    given_at: datetime
    warn_at: datetime
    first_due_at: datetime
    owner_id: int | None
    owner_name: str | None
    team_name: str
    subject: str
    language: str
    channel: str
    status: str
    customer_id: int
    customer_name: str
    zone: str
    precision: str
    due_at: datetime
    unfit_at: datetime | None
    unfit_in: str | None
    earliest_at: datetime | None


class Listed(NamedTuple):
    """A conversation in a list."""

    changed_at: datetime
    number: int
    subject: str
    language: str
    channel: str
    status: str
    snoozed_until: datetime | None
    owner_id: int | None
    owner_name: str | None
    team_name: str
    customer_id: int
    customer_name: str
    zone: str


_PROMISED = (
    "rank_at", "pk", "conversation_id", "kind", "what", "state", "given_at", "warn_at", "first_due_at", "owner_id",
    "owner__name", "team__name", "conversation__subject", "conversation__language", "conversation__channel",
    "conversation__status", "conversation__customer_id", "conversation__customer__name",
    "conversation__inbox__time_zone", "precision", "due_at",
    "unfit_at", "unfit_in__name", "earliest_at",
)  # fmt: skip
_LISTED = (
    "changed_at", "pk", "subject", "language", "channel", "status", "snoozed_until", "owner_id", "owner__name",
    "team__name", "customer_id", "customer__name", "inbox__time_zone",
)  # fmt: skip


def next_up(agent: Agent, whose: str, *, after: tuple[datetime, int] | None = None) -> list[Promised]:
    """Running promises by what breaks first. `whose` is mine (and free), team or all; `after` is the key of the last
    row seen. One more than a page comes when there is another.

    Each branch gives only the keys of its first page, the database merges them, and the rows are read for those that
    are left.
    """
    wanted = [pk for _, pk in islice(merge(*_first_keys(agent, whose, after)), _PLACES)]
    return [Promised._make(row) for row in _WANTED.rows(*wanted, *[0] * (_PLACES - len(wanted)))] if wanted else []


def _first_keys(agent: Agent, whose: str, after: tuple[datetime, int] | None) -> list[list[tuple[Any, int]]]:
    mine: list[tuple[str, list[Any]]] = []
    teams, of_team = team_ids(agent) if whose == "all" else own_teams(agent), _running_by("promise_next_of_team")
    later, key = _later(after)
    if whose == "mine":
        mine = [(_KEYS.format(_running_by("promise_next_of_owner") + " AND p.owner_id = %s" + later), [agent.pk, *key])]
        of_team += " AND p.owner_id IS NULL"
    if connection.vendor == "postgresql":
        # One branch for all teams: PostgreSQL would plan a branch for each ten times as long as it walks them.
        each = _KEYS.format(of_team + " AND p.team_id = of_these.team" + later)
        walk = f"SELECT found.* FROM unnest(%s::bigint[]) AS of_these(team) CROSS JOIN LATERAL ({each}) found"  # noqa: S608 - our own
        return [_merged([*mine, (walk, [teams, *key])])]
    branches = mine + [(_KEYS.format(of_team + " AND p.team_id = %s" + later), [team, *key]) for team in teams]
    return [_merged(branches[at : at + _BRANCHES]) for at in range(0, len(branches), _BRANCHES)]


def _merged(branches: Sequence[tuple[str, list[Any]]]) -> list[tuple[Any, int]]:
    each = (f"SELECT * FROM ({statement}) AS branch{at}" for at, (statement, _) in enumerate(branches))  # noqa: S608 - our own
    with connection.cursor() as cursor:
        cursor.execute(
            f"{' UNION ALL '.join(each)} ORDER BY 1, 2 LIMIT {_PLACES}",
            [value for _, values in branches for value in values],
        )
        return list(cursor.fetchall())


def _later(after: tuple[datetime, int] | None) -> tuple[str, list[Any]]:
    """What follows a row; nothing for the first page, so that PostgreSQL need not plan for each moment anew."""
    if after is None:
        return "", []
    rank_at = connection.ops.adapt_datetimefield_value(after[0])
    return " AND p.rank_at >= %s AND NOT (p.rank_at = %s AND p.id <= %s)", [rank_at, rank_at, after[1]]


# As many places as a full page has rows, and one that says there is another page: one statement serves every page.
_PLACES = PAGE + 1
_KEYS = f"SELECT p.rank_at, p.id FROM {{}} ORDER BY 1, 2 LIMIT {_PLACES}"  # noqa: S608 - no value of anybody's in it
_BRANCHES = 100
"""Teams whose promises one statement merges; SQLite takes 500 at most."""
_WANTED = LookUp(
    lambda *wanted: Promise.objects.filter(pk__in=wanted).order_by("rank_at", "pk").values_list(*_PROMISED),
    *[int] * _PLACES,
)


def conversations(
    agent: Agent, which: str, *, inbox_id: int = 0, before: tuple[datetime, int] | None = None, limit: int = PAGE
) -> list[Listed]:
    """Conversations, the latest change first: mine, team, waiting, snoozed, or those of one inbox."""
    branches = [_listed(branch, before, limit) for branch in _conversation_branches(agent, which, inbox_id)]
    return list(islice(_once(merge(*branches, reverse=True)), limit + 1))


def running_promises(numbers: Iterable[int]) -> dict[int, Promised]:
    """The running promise that is due first of each of these conversations."""
    rows = Promise.objects.running().filter(conversation__in=list(numbers)).order_by("-due_at", "-pk")
    return {row.number: row for row in map(Promised._make, rows.values_list(*_PROMISED))}


def addresses_of(customer_ids: Iterable[int]) -> dict[int, str]:
    """An address for each of these customers: for those who gave no name."""
    wanted = list(customer_ids)
    if not wanted:
        return {}
    rows = Identity.objects.filter(customer__in=wanted).order_by("-pk").values_list("customer_id", "address")
    return dict(rows)


def counts(agent: Agent, inbox_ids: Iterable[int], *, now: datetime) -> dict[str, str]:
    """How many stand in each list of the navigation, in each inbox ("inbox-3"), and at risk on the board; 999+ beyond
    that, no key for none.

    One statement with a few capped counts: asked one by one, Django would take longer to write them than the database
    to count.
    """
    teams = own_teams(agent)
    wanted: list[tuple[str, str, list[Any]]] = [
        ("next", _running_by("promise_next_of_owner") + " AND p.owner_id = %s", [agent.pk]),
        ("mine", _standing(Status.OPEN) + " AND owner_id = %s", [agent.pk]),
        *((f"inbox-{pk}", _standing(Status.OPEN) + " AND inbox_id = %s", [pk]) for pk in inbox_ids),
    ]
    if teams:
        places = ", ".join(["%s"] * len(teams))
        free = _running_by("promise_next_of_team") + f" AND p.owner_id IS NULL AND p.team_id IN ({places})"
        wanted.append(("next", free, teams))
        for key, status in (("team", Status.OPEN), ("waiting", Status.WAITING), ("snoozed", Status.SNOOZED)):
            wanted.append((key, _standing(status) + f" AND team_id IN ({places})", teams))
        moment = connection.ops.adapt_datetimefield_value(now)
        wanted += [("board", risk + f" AND p.team_id IN ({places})", [moment, *teams]) for risk in _at_risk()]
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(_COUNT.format(sql) for _, sql, _ in wanted),
            [value for key, _, values in wanted for value in (key, *values)],
        )
        for key, count in cursor.fetchall():
            found[key] += count
    return {key: _said(count) for key, count in found.items() if count}


_COUNT = f"SELECT CAST(%s AS VARCHAR(40)), COUNT(*) FROM (SELECT 1 FROM {{}} LIMIT {COUNTED + 1}) counted"  # noqa: S608 - no value of anybody's in it


def _standing(status: Status) -> str:
    # Written out: PostgreSQL then keeps its plan, and need not make one for each value.
    return f"conversations_conversation WHERE status = '{status.value}'"


def _running_by(index: str) -> str:
    return (
        f"promises_promise p{_found_by(index)} JOIN conversations_conversation c ON c.id = p.conversation_id"
        " WHERE p.state IN ('moved', 'open') AND p.awaits_people AND c.status NOT IN ('snoozed', 'dismissed')"
    )


def _at_risk() -> tuple[str, str]:
    running = "WHERE p.state IN ('moved', 'open') AND"
    return (
        f"promises_promise p{_found_by('promise_at_risk')} {running} p.warn_at <= %s",
        f"promises_promise p{_found_by('promise_unfit')} {running} p.unfit_at IS NOT NULL AND p.warn_at > %s",
    )


def _found_by(index: str) -> str:
    # SQLite knows of a column only how many rows a value has on average. Where most promises are nobody's yet, it takes
    # one agent's for as many, and reads the whole table.
    return f" INDEXED BY {index}" if connection.vendor == "sqlite" else ""


def inboxes_of(agent: Agent) -> list[tuple[int, str, int]]:
    """Key, name and tone of each inbox this agent answers for; the first twelve."""
    rows = _EVERY_INBOX.raw() if agent.is_administrator else _INBOXES.raw(agent.pk, agent.pk)
    return [(pk, name, tone) for pk, name, tone in rows]


_NAMED = ("pk", "name", "tone")
_EVERY_INBOX = LookUp(lambda: Inbox.objects.order_by("name").values_list(*_NAMED)[:12])
_INBOXES = LookUp(
    lambda works, leads: (
        Inbox.objects.filter(Q(team__in=Membership.objects.filter(agent=works).values("team")) | Q(team__lead=leads))
        .order_by("name")
        .values_list(*_NAMED)[:12]
    ),
    int,
    int,
)


def _conversation_branches(agent: Agent, which: str, inbox_id: int) -> list[QuerySet[Conversation]]:
    if which == "mine":
        return [Conversation.objects.filter(owner=agent, status=Status.OPEN)]
    if which == "inbox":
        visible = Conversation.objects.visible_to(agent)
        return [visible.filter(inbox=inbox_id, status=Status.OPEN)]
    status = STATUS_OF.get(which, Status.OPEN)
    return [Conversation.objects.filter(team=team, status=status) for team in own_teams(agent)]


def requests_of(numbers: Iterable[int]) -> dict[int, tuple[str, int]]:
    """For each of at most a page's conversations what its customer asks for, the most often said, and how often: (kind,
    said).
    """
    wanted = list(numbers)
    rows = _REQUESTS.raw(*wanted, *[0] * (_PLACES - len(wanted))) if wanted else []
    return {number: (kind, said) for number, kind, said in rows}


_REQUESTS = LookUp(
    lambda *wanted: (
        Request.objects.filter(conversation__in=wanted, state__in=RUNNING)
        .order_by("said", "-first_said_at")
        .values_list("conversation_id", "kind", "said")
    ),
    *[int] * _PLACES,
)


def own_teams(agent: Agent) -> list[int]:
    """The teams an agent works in; an administrator who is in none sees all."""
    return own_team_ids(agent) or team_ids(agent)


def _listed(branch: QuerySet[Conversation], before: tuple[datetime, int] | None, limit: int) -> list[Listed]:
    if before is not None:
        branch = branch.filter(changed_at__lte=before[0]).filter(~Q(changed_at=before[0]) | Q(pk__lt=before[1]))
    return [Listed._make(row) for row in branch.order_by("-changed_at", "-pk").values_list(*_LISTED)[: limit + 1]]


def _once(rows: Iterable[Any]) -> Iterable[Any]:
    seen: set[Any] = set()
    for row in rows:
        if row[:2] not in seen:
            seen.add(row[:2])
            yield row


def _said(count: int) -> str:
    if not count:
        return ""
    return f"{COUNTED}+" if count > COUNTED else str(count)


def key_of(text: str) -> tuple[datetime, int] | None:
    """The page key that was put into an address, or None for one that is none."""
    moment, _, pk = text.rpartition("~")
    try:
        return datetime.fromisoformat(moment), int(pk)
    except ValueError:
        return None


def key_text(row: Sequence[Any]) -> str:
    """The key of a row, for an address."""
    return f"{row[0].isoformat()}~{row[1]}"
