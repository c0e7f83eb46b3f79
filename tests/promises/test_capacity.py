"""What holds, and who gives way: held against brute force that shares no code with the rules."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from holdord.promises import rules
from holdord.promises.rules import Claim, Slot

DAY = datetime(2026, 12, 1, tzinfo=UTC)


def slots_of(places: list[int], used: int = 0) -> list[Slot]:
    """A slot a day, from eight to four."""
    return [
        Slot(DAY + timedelta(days=day, hours=8), DAY + timedelta(days=day, hours=16), number, used if day == 0 else 0)
        for day, number in enumerate(places)
    ]


def can_be_sent(due: list[datetime], slots: list[Slot], now: datetime) -> bool:
    """Brute force: each parcel, the most urgent first, goes out in the first slot that ends by its time and has room."""
    left = {slot.ends_at: max(0, slot.places - slot.used) for slot in slots if slot.ends_at > now}
    for at in sorted(due):
        goes = next((ends for ends in sorted(left) if ends <= max(at, now) and left[ends]), None)
        if goes is None:
            return False
        left[goes] -= 1
    return True


places = st.lists(st.integers(0, 3), min_size=1, max_size=7)
due_times = st.integers(0, 7 * 24).map(lambda hours: DAY + timedelta(hours=hours))
moments = st.integers(0, 4 * 24).map(lambda hours: DAY + timedelta(hours=hours))


@given(places, st.lists(due_times, max_size=8), moments, moments, st.integers(0, 3))
def test_the_first_parcel_that_can_still_be_sent(
    numbers: list[int], promised: list[datetime], now: datetime, wanted: datetime, used: int
) -> None:
    slots = slots_of(numbers, used)
    due = [at for at in promised if at > now]
    if not can_be_sent(due, slots, now):
        return
    at = rules.earliest_keepable(
        1, max(now, wanted), now=now, supply=rules.supply_of_places(slots), load=rules.load_of((at, 1) for at in due)
    )
    tried = [max(now, wanted), *(slot.ends_at for slot in slots if slot.ends_at > max(now, wanted))]
    holding = [moment for moment in sorted(tried) if can_be_sent([*due, moment], slots, now)]
    assert at == (holding[0] if holding else None)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.lists(due_times, max_size=6), st.integers(0, 5), moments)
def test_pieces_in_stock_wait_until_they_are_taken(
    arrivals: list[int], promised: list[datetime], spent: int, now: datetime
) -> None:
    slots = slots_of(arrivals)
    due = sorted(at for at in promised if at > now)

    def holds(times: list[datetime]) -> bool:
        there = [sum(slot.places for slot in slots if slot.starts_at <= at) - spent for at in sorted(times)]
        return all(pieces >= number for number, pieces in enumerate(there, start=1))

    if not holds(due):
        return
    at = rules.earliest_keepable(
        1,
        now,
        now=now,
        supply=rules.supply_of_deliveries(slots),
        load=rules.load_of((at, 1) for at in due),
        spent=spent,
    )
    tried = [now, *(slot.starts_at for slot in slots if slot.starts_at > now), *due]
    holding = [moment for moment in sorted(tried) if holds([*due, moment])]
    assert at == (holding[0] if holding else None)


@given(st.lists(st.tuples(due_times, st.integers(1, 4)), max_size=10), due_times, st.integers(1, 4))
def test_adding_and_taking_back_leaves_the_load_as_it_was(
    rows: list[tuple[datetime, int]], at: datetime, amount: int
) -> None:
    load = rules.load_of(rows)
    more = rules.with_work(load, at, amount)
    assert rules.owed_by(more, at) == rules.owed_by(load, at) + amount
    assert rules.with_work(more, at, -amount).entries == load.entries
    assert more.total == sum(owed for _, owed in more.entries)


@given(st.lists(st.tuples(due_times, st.integers(1, 4)), max_size=10), due_times)
def test_what_is_owed_by_a_moment_is_the_sum_of_what_is_due(rows: list[tuple[datetime, int]], at: datetime) -> None:
    assert rules.owed_by(rules.load_of(rows), at) == sum(amount for due, amount in rows if due <= at)


def test_a_slot_gives_its_own_places_alone() -> None:
    slots = slots_of([1, 0, 2])
    taken = {slots[0].ends_at: 1.0, slots[2].ends_at: 1.0}
    assert rules.earliest_slot(1, DAY, slots=slots, taken=taken) == slots[2]
    assert rules.earliest_slot(2, DAY, slots=slots, taken=taken) is None
    assert rules.earliest_slot(1, slots[2].starts_at + timedelta(minutes=1), slots=slots, taken={}) is None


claims = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 20), st.booleans()).map(lambda given_: given_), min_size=1, max_size=8
)


def claim(key: int, day: int, given_at: int, protected: bool, amount: int = 1) -> Claim:
    return Claim(key, DAY + timedelta(days=day), amount, DAY - timedelta(hours=given_at), protected)


def fits_all(those: list[Claim], capacity: list[int]) -> bool:
    return all(
        sum(other.amount for other in those if other.due_at <= each.due_at) <= until(each.due_at, capacity)
        for each in those
    )


def until(moment: datetime, capacity: list[int]) -> int:
    return sum(capacity[: (moment - DAY).days + 1])


@given(claims, st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_who_gives_way_is_whom_a_search_over_all_choices_finds(
    rows: list[tuple[int, int, bool]], capacity: list[int]
) -> None:
    those = [claim(key, *row) for key, row in enumerate(rows)]
    out = {each.key for each in rules.give_way(those, lambda moment: until(moment, capacity))}
    staying = [each for each in those if each.key not in out]
    assert fits_all(staying, capacity)
    # As many stay as can ...
    best = max(
        size
        for size in range(len(those) + 1)
        if any(fits_all(list(some), capacity) for some in combinations(those, size))
    )
    assert len(staying) == best
    # ... and whoever was promised first stays: taking them in that order, each that still fits, gives the same.
    kept: list[Claim] = []
    for each in sorted(those, key=lambda one: (not one.is_protected, one.given_at, one.key)):
        if fits_all([*kept, each], capacity):
            kept.append(each)
    assert {each.key for each in kept} == {each.key for each in staying}


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 20), st.integers(1, 5)), min_size=1, max_size=8),
    st.lists(st.integers(0, 6), min_size=6, max_size=6),
)
def test_nobody_gives_way_whose_work_still_fits(rows: list[tuple[int, int, int]], capacity: list[int]) -> None:
    those = [claim(key, day, given_at, False, amount) for key, (day, given_at, amount) in enumerate(rows)]
    out = rules.give_way(those, lambda moment: until(moment, capacity))
    gone = {each.key for each in out}
    staying = [each for each in those if each.key not in gone]
    assert fits_all(staying, capacity)
    assert not any(fits_all([*staying, each], capacity) for each in out)


def test_a_customers_own_deadline_gives_way_last() -> None:
    wedding, other = claim(1, 0, given_at=1, protected=True), claim(2, 0, given_at=9, protected=False)
    assert rules.give_way([wedding, other], lambda _: 1) == [other]
    assert rules.give_way([wedding, other], lambda _: 0) == [other, wedding]


def test_one_day_of_the_load_is_looked_into_at_most() -> None:
    """The cost of a question grows with the days of the load, not with its due times."""
    rows = [(DAY + timedelta(days=day, minutes=5 * step), 1.0) for day in range(300) for step in range(80)]
    load, supply = rules.load_of(rows), rules.supply_of_places(slots_of([100] * 400))
    asked: list[datetime] = []
    counting = type(supply)(supply.at, supply.minutes)
    object.__setattr__(counting, "until", lambda moment: (asked.append(moment), supply.until(moment))[1])
    rules.earliest_keepable(1, DAY, now=DAY, supply=counting, load=load)
    first = len(asked)
    rules.earliest_keepable(1, DAY, now=DAY, supply=counting, load=load)
    assert first > 20_000
    assert len(asked) - first <= 82


def test_the_days_are_those_of_utc_in_order() -> None:
    load = rules.load_of([(DAY + timedelta(days=2), 1), (DAY, 2), (DAY + timedelta(hours=3), 3)])
    assert [(day.on, day.total) for day in load.days] == [(date(2026, 12, 1), 5), (date(2026, 12, 3), 1)]
