"""What pools have left, asked of the database: at the edges of slots and days, and who gives way when they shrink."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from holdord.conversations.models import Conversation
from holdord.kernel.moments import Precision
from holdord.people.models import Absence, Inbox, Team
from holdord.people.queries import calendar_of
from holdord.promises import actions
from holdord.promises.actions import Given
from holdord.promises.models import Pool, Promise
from holdord.promises.queries import (
    calendar_of_pool,
    dates_that_hold,
    earliest_in_pool,
    earliest_keepable,
    free_slots,
    leaving_with,
    load_of_team,
    on_the_grid,
    slot_of_day,
    those_that_give_way,
)
from holdord.promises.queries.capacity import counted
from holdord.promises.rules import Kind, PoolKind, Slot, Source, Terms
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk

pytestmark = pytest.mark.django_db
FEED = Given(source=Source.FEED)


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


def at(clock: MovableClock, hour: int, *, day: int = 0) -> datetime:
    return clock.next("Tue 00:00") + timedelta(days=day, hours=hour)


def a_pool(kind: PoolKind, slots: list[Slot], clock: MovableClock, serves: Kind = Kind.VISIT) -> Pool:
    pool = actions.add_pool(key=f"{kind}", name=f"{kind}", kind=kind, serves=serves)
    actions.set_places(pool, slots, now=clock.now())
    return pool


def hours(clock: MovableClock, *places: int) -> list[Slot]:
    """A slot an hour from ten tomorrow on."""
    return [Slot(at(clock, 10 + n), at(clock, 11 + n), number) for n, number in enumerate(places)]


def asks(desk: SmallDesk, number: int = 0) -> Conversation:
    return fresh(desk.writes("Hej", by=f"k{number}@post.example").conversation)


def minutes(work: int, due_at: datetime | None = None, what: str = "x") -> Terms:
    return Terms(kind=Kind.FIX, what=what, due_at=due_at, work=timedelta(minutes=work))


# People's minutes.


def test_a_team_that_never_promised_owes_nothing(desk: SmallDesk, clock: MovableClock) -> None:
    assert load_of_team(Team.objects.create(name="New").pk).entries == []
    now = clock.next("Mon 11:00") - timedelta(hours=1)
    assert earliest_keepable(desk.team.pk, timedelta(minutes=60), now, now=now) == clock.next("Mon 11:00")
    assert earliest_keepable(desk.team.pk, timedelta(hours=6), now, now=now) == clock.next("Mon 16:00")


def test_what_is_promised_puts_the_next_time_later_to_the_minute(desk: SmallDesk, clock: MovableClock) -> None:
    conversation, now = asks(desk), clock.next("Mon 11:00") - timedelta(hours=1)
    actions.give(conversation, minutes(50, clock.next("Mon 11:00")), Given(source=Source.AGENT), now=clock.now())

    def first(work: int, leaving: int = 0) -> datetime | None:
        pool = Pool.objects.get(team=desk.team)
        gone = {pool.pk: [(clock.next("Mon 11:00"), leaving)]}
        return earliest_keepable(desk.team.pk, timedelta(minutes=work), now, now=now, leaving=gone)

    assert first(60) == clock.next("Mon 11:50")  # the answer of ten minutes is due at two
    assert first(60, leaving=50) == clock.next("Mon 11:00")


def test_of_minutes_those_promised_last_give_way_and_their_room_counts_for_the_others(
    desk: SmallDesk, clock: MovableClock
) -> None:
    due = clock.next("Mon 17:00")
    given = [
        actions.give(asks(desk, n), minutes(120, due), Given(source=Source.AGENT), now=clock.now()) for n in range(3)
    ]
    actions.keep(Promise.objects.filter(kind="answer").first(), evidence=None, now=clock.now())
    pool = Pool.objects.get(team=desk.team)
    assert those_that_give_way(pool, now=clock.now()) == []
    Absence.objects.create(agent=desk.agent("Jonas"), starts_at=clock.next("Mon 13:00"), ends_at=due)
    # Three hours are left. The answers of ten minutes, promised before the fixes, stay; one fix of two hours does too.
    out = those_that_give_way(pool, now=clock.now())
    assert [(claim.key, claim.due_at, claim.amount) for claim in out] == [(each.pk, due, 120) for each in given[1:]]
    other = actions.give(
        asks(desk, 7), minutes(0, clock.next("Mon 16:00")), Given(source=Source.AGENT), now=clock.now()
    )
    assert other.pk not in {claim.key for claim in those_that_give_way(pool, now=clock.now())}
    actions.check_pool(pool, now=clock.now())
    unfit = [Promise.objects.get(pk=each.pk) for each in given[1:]]
    assert leaving_with(unfit[0]) == {pool.pk: [(due, 120)]}
    assert leaving_with(Promise.objects.get(pk=given[0].pk)) == {}


# Counted pools.


def test_places_that_nobody_used_are_gone_and_pieces_wait(desk: SmallDesk, clock: MovableClock) -> None:
    slots = hours(clock, 5, 1)
    flow, stock = a_pool(PoolKind.FLOW, slots, clock), a_pool(PoolKind.STOCK, slots, clock)
    now = clock.moves_to(slots[0].ends_at)
    assert earliest_in_pool(counted(flow.pk), 1, now, now=now).due_at == slots[1].ends_at
    assert earliest_in_pool(counted(flow.pk), 2, now, now=now) is None
    assert earliest_in_pool(counted(stock.pk), 6, now, now=now).due_at == slots[1].starts_at
    assert earliest_in_pool(counted(stock.pk), 7, now, now=now) is None
    with pytest.raises(LookupError, match="4711"):
        counted(4711)


def test_for_a_minute_it_is_due_when_the_span_ends_and_for_a_day_at_closing_time(
    desk: SmallDesk, clock: MovableClock
) -> None:
    pool = a_pool(PoolKind.FLOW, hours(clock, 0, 1, 1), clock)
    for precision, due_at in ((Precision.MINUTE, at(clock, 12)), (Precision.DAY, at(clock, 17))):
        terms = Terms(kind=Kind.OTHER, precision=precision, places=((pool.pk, 1),))
        assert actions.give(asks(desk), terms, FEED, now=clock.now()).due_at == due_at


def test_slots_are_free_from_now_until_then_and_no_others(desk: SmallDesk, clock: MovableClock) -> None:
    slots = hours(clock, 1, 1, 0, 2, 1)
    pool = a_pool(PoolKind.SLOTS, slots, clock)
    terms = Terms(kind=Kind.VISIT, earliest_at=slots[1].starts_at, places=((pool.pk, 1),))
    actions.give(asks(desk), terms, FEED, now=clock.now())
    free = free_slots(pool.pk, now=slots[0].starts_at, until=slots[4].starts_at)
    assert [slot.starts_at for slot in free] == [slots[0].starts_at, slots[3].starts_at]
    assert len(free_slots(pool.pk, now=clock.now(), until=slots[4].ends_at, most=2)) == 2
    now = clock.moves_to(slots[4].ends_at)
    assert earliest_in_pool(counted(pool.pk), 1, now, now=now) is None


def test_in_each_slot_who_was_promised_last_gives_way(desk: SmallDesk, clock: MovableClock) -> None:
    slots = hours(clock, 2, 2)
    pool = a_pool(PoolKind.SLOTS, slots, clock)
    given = []
    for number, slot in enumerate([slots[0], slots[1], slots[0], slots[1]]):
        clock.passes(minutes=1)
        terms = Terms(kind=Kind.VISIT, earliest_at=slot.starts_at, places=((pool.pk, 1),))
        given.append(actions.give(asks(desk, number), terms, FEED, now=clock.now()))
    assert those_that_give_way(pool, now=clock.now()) == []
    actions.set_places(pool, [Slot(slots[0].starts_at, slots[0].ends_at, 0)], now=clock.now())
    assert [claim.key for claim in those_that_give_way(pool, now=clock.now())] == [given[0].pk, given[2].pk]
    actions.set_places(pool, [Slot(slots[1].starts_at, slots[1].ends_at, 1)], now=clock.now())
    out = those_that_give_way(pool, now=clock.now())
    assert sorted(claim.key for claim in out) == [given[0].pk, given[2].pk, given[3].pk]
    actions.check_pool(pool, now=clock.now())
    first = Promise.objects.get(pk=given[0].pk)
    assert sorted(leaving_with(first)[pool.pk]) == [(slots[0].ends_at, 1), (slots[1].ends_at, 1)]
    # What is over gives way to nobody.
    assert those_that_give_way(pool, now=slots[1].ends_at) == []


# Days.


def test_a_pools_days_are_counted_by_its_teams_calendar(desk: SmallDesk, clock: MovableClock) -> None:
    elsewhere = small_desk(zone="Europe/London", country="GB")
    own = actions.add_pool(key="own", name="Own", kind=PoolKind.FLOW, serves=Kind.DELIVERY, team=elsewhere.team)
    alone = actions.add_pool(
        key="alone", name="A", kind=PoolKind.FLOW, serves=Kind.DELIVERY, team=Team.objects.create(name="No inbox")
    )
    everybodys = actions.add_pool(key="all", name="All", kind=PoolKind.FLOW, serves=Kind.DELIVERY)
    found = [calendar_of_pool(pool) for pool in (own, alone, everybodys)]
    assert [calendar.zone if calendar else None for calendar in found] == [
        "Europe/London", "Europe/Copenhagen", "Europe/Copenhagen"
    ]  # fmt: skip
    Inbox.objects.all().delete()
    assert calendar_of_pool(everybodys) is None


def test_a_days_places_last_from_local_midnight_to_closing_time(desk: SmallDesk) -> None:
    calendar = calendar_of(desk.inbox)
    assert slot_of_day(date(2026, 3, 3), 7, calendar) == Slot(
        datetime(2026, 3, 2, 23, tzinfo=UTC), datetime(2026, 3, 3, 16, tzinfo=UTC), 7
    )
    saturday = slot_of_day(date(2026, 3, 7), 7, calendar)
    assert saturday.ends_at.astimezone(ZoneInfo("Europe/Copenhagen")).strftime("%a %H:%M") == "Sat 23:55"


def test_a_slot_keeps_its_own_time_and_another_stands_on_five_minutes(desk: SmallDesk, clock: MovableClock) -> None:
    odd, calendar = clock.now().replace(minute=3, second=0, microsecond=0), calendar_of(desk.inbox)
    in_a_slot = Terms(kind=Kind.VISIT, earliest_at=odd - timedelta(hours=1))
    assert on_the_grid(in_a_slot, odd, calendar) == odd
    assert on_the_grid(Terms(kind=Kind.FIX), odd, calendar) == odd + timedelta(minutes=2)


def test_five_dates_are_offered_each_on_another_day(desk: SmallDesk, clock: MovableClock) -> None:
    dates = dates_that_hold(
        minutes(30), clock.now(), team_id=desk.team.pk, calendar=calendar_of(desk.inbox), now=clock.now()
    )
    days = [time.due_at.astimezone(ZoneInfo("Europe/Copenhagen")).strftime("%a %d") for time in dates]
    assert days == ["Mon 02", "Tue 03", "Wed 04", "Thu 05", "Fri 06"]
