"""The ledger's figures: a team that promised 100,000 pieces of work, and a pool of parcels with as many, in this
process, each beside what the bare driver needs for the same statements.
"""

import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from typing import Any

from django.db import connection, transaction

from holdord.config.bench.filling import write_rows
from holdord.config.bench.floors import Bare, copy_of_the_database, drop_copy, recording
from holdord.config.bench.measuring import Figure, milliseconds
from holdord.conversations.models import Conversation
from holdord.kernel import clock
from holdord.kernel.working_time import round_up
from holdord.people.administration import InboxTerms, open_inbox
from holdord.people.models import Agent, Inbox, Membership, Team
from holdord.people.queries import supply_of_team
from holdord.promises import actions, jobs
from holdord.promises.actions.pool_rows import row_by_row
from holdord.promises.models import Place, Pool, Promise
from holdord.promises.queries import earliest_keepable
from holdord.promises.queries.loads import forget_loads
from holdord.promises.rules import Kind, PoolKind, Slot, Source, Terms

PROMISES = 100_000
MINUTES_EACH = 3
PLACES_A_DAY = 1_000
CUT_DAYS, CUT_TO = 5, 500
GIVEN = 60
"""Promises given to measure what one costs."""


def ledger(promises: int = PROMISES) -> list[Figure]:
    """Fill a team's minutes and a pool of parcels with so many promises each, unless they are there, and measure."""
    team, parcels = _team(), _parcels(promises)
    if not Promise.objects.filter(team=team).exists():
        _fill(team, parcels, promises)
    return [*_earliest(team, promises), _giving(team), _cut(parcels, promises), _tick(promises)]


def _team() -> Team:
    team, is_new = Team.objects.get_or_create(name="Ledger")
    if is_new:
        for person in range(10):
            agent = Agent.objects.create_user(f"ledger.{person}@bench.example", None, name=f"Agent {person}")
            Membership.objects.create(agent=agent, team=team)
        terms = InboxTerms(
            name="Ledger",
            address="ledger@bench.example",
            language="da",
            time_zone="Europe/Copenhagen",
            country="DK",
            subdivision="",
            hours=[(weekday, wall(9), wall(17)) for weekday in range(5)],
        )
        open_inbox(terms, team=team, now=clock.now())
    return team


def _parcels(promises: int) -> Pool:
    pool = Pool.objects.filter(key="bench-parcels").first()
    if pool is None:
        pool = actions.add_pool(key="bench-parcels", name="Parcels", kind=PoolKind.FLOW, serves=Kind.DELIVERY)
        tomorrow = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        days = [tomorrow + timedelta(days=day) for day in range(promises // PLACES_A_DAY + 30)]
        slots = [Slot(day + timedelta(hours=6), day + timedelta(hours=15), PLACES_A_DAY) for day in days]
        actions.set_places(pool, slots, now=clock.now())
    return pool


# Filling: rows as the actions would write them, in bulk.


def _fill(team: Team, parcels: Pool, promises: int) -> None:
    now = clock.now()
    supply = supply_of_team(team.pk, now=now)
    gone = supply.until(now)
    reached = [supply.reaches(gone + MINUTES_EACH * (number + 1)) for number in range(promises)]
    minutes = [round_up(moment) for moment in reached if moment is not None]
    ends = list(Place.objects.filter(pool=parcels).order_by("starts_at").values_list("ends_at", flat=True))
    sent = [ends[number // PLACES_A_DAY] for number in range(promises)]
    of_team, _ = Pool.objects.get_or_create(team=team, kind=PoolKind.MINUTES.value)
    keys = list(Conversation.objects.order_by("pk").values_list("pk", flat=True)[:promises])
    first = Promise.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rows = [*((Kind.FIX, due, MINUTES_EACH) for due in minutes), *((Kind.DELIVERY, due, 0) for due in sent)]
    write_rows(
        {
            "promises_promise": [
                _promise(first + 1 + number, keys[number % len(keys)], team.pk, kind, due, work, number, now)
                for number, (kind, due, work) in enumerate(rows)
            ],
            "promises_reservation": [
                (first + 1 + len(minutes) + number, parcels.pk, 1, _at(due)) for number, due in enumerate(sent)
            ],
            "promises_promisedwork": [*_work(of_team, minutes, MINUTES_EACH), *_work(parcels, sent, 1)],
            "promises_promisedday": [*_days(of_team, minutes, MINUTES_EACH), *_days(parcels, sent, 1)],
        }
    )
    Pool.objects.filter(pk__in=[of_team.pk, parcels.pk]).update(version=1)


def _promise(
    key: int, conversation: int, team: int, kind: Kind, due: datetime, work: int, number: int, now: datetime
) -> tuple[Any, ...]:
    given, look = _at(now - timedelta(days=3) + timedelta(seconds=number)), _at(due - timedelta(minutes=30))
    is_sqlite = connection.vendor == "sqlite"
    no: Any = 0 if is_sqlite else False
    when = _at(due)
    return (key, conversation, kind.value, "Ting", "open", team, None, given, when, when, when, "minute", look,
            work, "", look, "", "feed", no, no, "")  # fmt: skip


def _work(pool: Pool, due: Iterable[datetime], each: int) -> list[tuple[Any, ...]]:
    return [(pool.pk, _at(moment), each * number) for moment, number in Counter(due).items()]


def _days(pool: Pool, due: Iterable[datetime], each: int) -> list[tuple[Any, ...]]:
    amounts: defaultdict[Any, int] = defaultdict(int)
    for moment in due:
        amounts[moment.astimezone(UTC).date()] += each
    return [(pool.pk, on.isoformat(), amount, 1) for on, amount in amounts.items()]


def _at(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment) if connection.vendor == "sqlite" else moment


# Measuring.


def _earliest(team: Team, promises: int) -> list[Figure]:
    def ask() -> object:
        return earliest_keepable(team.pk, timedelta(minutes=10), now, now=now)

    def ask_anew() -> object:
        forget_loads()
        return ask()

    now = clock.now()
    assert ask() is not None
    return [
        Figure(f"earliest_keepable, load known, {promises:,} open", milliseconds(ask), "ms", _floor_of_reads(ask)),
        Figure(
            f"earliest_keepable, load read anew, {promises:,} open",
            milliseconds(ask_anew, 20),
            "ms",
            _floor_of_reads(ask_anew),
        ),
    ]


def _floor_of_reads(ask: Callable[[], object]) -> float:
    with recording() as recorded:
        ask()
    bare = Bare()
    spent = milliseconds(lambda: bare.play(recorded.reads))
    bare.close()
    return spent


def _giving(team: Team) -> Figure:
    """Beside its rows, written one after the other by the bare driver in a transaction for each promise, in a copy of
    the database: in turns, so that both meet the same disk and the same neighbours.
    """
    conversation = _conversation(team)
    agent = Agent.objects.get(email="ledger.0@bench.example")
    terms = Terms(kind=Kind.FIX, what="Den virker igen", work=timedelta(minutes=10))

    def give() -> None:
        actions.give(conversation, terms, actions.Given(source=Source.AGENT, by=agent), now=clock.now())

    for _ in range(3):
        give()
    copy = copy_of_the_database()
    bare, spent, floors, rows = Bare(copy), [], [], 0
    for _ in range(GIVEN):
        bare.play(_versions_of_the_pools())  # else the copy knows another one, and the floor's UPDATE finds no row
        with recording() as recorded:
            give()
        writes = [row for statement in recorded.writes for row in row_by_row(*statement)]
        floors.append(bare.play(writes, commit_every=len(writes), each_changes=True))
        begun = time.perf_counter()
        give()
        spent.append(time.perf_counter() - begun)
        rows = len(writes)
    bare.close()
    drop_copy(copy)
    best = f"{rows} rows written; at best {1000 * min(spent):.2f} and {1000 * min(floors):.2f} ms"
    return Figure("a promise given", 1000 * statistics.median(spent), "ms", 1000 * statistics.median(floors), best)


def _versions_of_the_pools() -> list[tuple[str, Any]]:
    pools = Pool.objects.values_list("version", "pk")
    return [("UPDATE promises_pool SET version = %s WHERE id = %s", pool) for pool in pools]


def _conversation(team: Team) -> Conversation:
    like = Conversation.objects.order_by("pk")[0]
    inbox = Inbox.objects.get(team=team)
    made = Conversation.objects.create(
        inbox=inbox,
        team=team,
        customer_id=like.customer_id,
        subject="Løfter",
        language="da",
        channel="email",
        opened_at=clock.now(),
        changed_at=clock.now(),
    )
    return Conversation.objects.select_related("inbox", "team").get(pk=made.pk)


def _cut(parcels: Pool, promises: int) -> Figure:
    """A cut of the first days' places: from the check to every promise that no longer fits being marked."""
    now = clock.now()
    whole = [Slot(*row) for row in _first_places(parcels)]
    actions.set_places(parcels, [replace(slot, places=CUT_TO) for slot in whole], now=now)
    with recording() as recorded:
        begun = time.perf_counter()
        late = actions.check_pool(parcels, now=now)
        spent = time.perf_counter() - begun
    expected = min(promises, CUT_DAYS * (PLACES_A_DAY - CUT_TO))
    assert late == expected, (late, expected)
    bare = Bare()
    floor = bare.play(recorded.reads)
    bare.close()
    actions.set_places(parcels, whole, now=now)
    actions.check_pool(parcels, now=now)
    said = f"{late:,} no longer fit; the floor reads alone"
    return Figure(f"a pool cut, {promises:,} promises looked through", spent, "s", floor, said)


def _first_places(parcels: Pool) -> Iterable[tuple[datetime, datetime, int]]:
    first = Place.objects.filter(pool=parcels, starts_at__gt=clock.now()).order_by("starts_at")[:CUT_DAYS]
    return [(place.starts_at, place.ends_at, PLACES_A_DAY) for place in first]


def _tick(promises: int) -> Figure:
    with transaction.atomic(), recording() as recorded:
        jobs.tick()
    bare = Bare()
    floor = milliseconds(lambda: bare.play(recorded.reads))
    bare.close()
    return Figure(f"the clock with {2 * promises:,} more not due", milliseconds(jobs.tick), "ms", floor)
