"""A load of which only the days' sums are known gives the same answers as one that is known whole, for a few looks."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from holdord.kernel.working_time import Supply, supply_of
from holdord.promises import rules
from holdord.promises.rules import Day, Load

DAY = datetime(2026, 12, 1, tzinfo=UTC)
Rows = list[tuple[datetime, int]]


def office(days: int = 12) -> Supply:
    """Two people, eight to four."""
    spans = [(DAY + timedelta(days=day, hours=8), DAY + timedelta(days=day, hours=16)) for day in range(days)]
    return supply_of([(spans, 1.0), (spans, 1.0)])


class Shelf:
    """Where the due times lie; counts who looks."""

    def __init__(self, rows: Rows) -> None:
        self.rows, self.looks = rows, list[list[date]]()

    def load(self) -> Load:
        by_day = groupby(sorted(self.rows), key=lambda row: row[0].date())
        return rules.load_by_days([Day(on, sum(amount for _, amount in found)) for on, found in by_day], self.look)

    def look(self, days: Sequence[date]) -> Iterable[tuple[datetime, float]]:
        self.looks.append(list(days))
        return [row for row in self.rows if row[0].date() in days]


quarters = st.integers(0, 8 * 96).map(lambda number: DAY + timedelta(minutes=15 * number))
due_rows = st.lists(st.tuples(quarters, st.integers(1, 500)), max_size=25)


@given(due_rows, st.integers(1, 600), quarters, quarters)
def test_sums_give_the_same_earliest_time(rows: Rows, amount: int, now: datetime, wanted: datetime) -> None:
    shelf = Shelf(rows)
    asked = [
        rules.earliest_keepable(amount, wanted, now=now, supply=office(), load=load)
        for load in (rules.load_of(rows), shelf.load())
    ]
    assert asked[0] == asked[1]
    assert len(shelf.looks) <= 5  # two days, four, eight; and the day of the time itself


@given(due_rows, quarters, st.integers(0, 900))
def test_sums_say_the_same_of_what_fits_and_what_is_owed(rows: Rows, now: datetime, spent: int) -> None:
    for asked in (None, float(spent)):
        whole, sums = rules.load_of(rows), Shelf(rows)
        assert rules.fits(now=now, supply=office(), load=sums.load(), spent=asked) is rules.fits(
            now=now, supply=office(), load=whole, spent=asked
        )
        assert len(sums.looks) <= 1
    owed = Shelf(rows)
    assert rules.owed_by(owed.load(), now) == rules.owed_by(whole, now)
    assert all(days == [now.date()] for days in owed.looks)


@given(due_rows, st.lists(quarters, min_size=2, max_size=6, unique=True), quarters)
def test_sums_give_the_same_rooms(rows: Rows, edges: list[datetime], now: datetime) -> None:
    edges, shelf = sorted(edges), Shelf(rows)
    drawn = rules.rooms(edges, now=now, load=shelf.load(), supply=office())
    assert drawn == rules.rooms(edges, now=now, load=rules.load_of(rows), supply=office())
    assert all(edges[0].date() <= on <= edges[-1].date() for days in shelf.looks for on in days)


@given(due_rows, quarters, st.integers(1, 500))
def test_work_added_to_sums_is_there_whether_it_was_written_down_or_not(rows: Rows, at: datetime, amount: int) -> None:
    more = [*rows, (at, amount)]
    supposed = rules.with_work(Shelf(rows).load(), at, amount)
    shelf = Shelf(list(rows))
    before = shelf.load()
    shelf.rows.append((at, amount))
    written = rules.with_work_written(before, at, amount)
    assert shelf.looks == []
    for load in (supposed, written):
        assert load.total == sum(owed for _, owed in more)
        assert load.entries == rules.load_of(more).entries
    assert rules.with_work_written(written, at, -amount).total == before.total


def test_a_team_that_is_full_for_months_is_looked_into_at_its_end_alone() -> None:
    full = [(DAY + timedelta(days=day, hours=8, minutes=5 * step), 10) for day in range(90) for step in range(1, 97)]
    shelf = Shelf(full)
    at = rules.earliest_keepable(10, DAY, now=DAY, supply=office(100), load=shelf.load())
    assert at == DAY + timedelta(days=90, hours=8, minutes=5)
    assert shelf.looks == [[date(2027, 2, 28)]]


def test_a_team_with_room_every_day_is_not_looked_into() -> None:
    shelf = Shelf([(DAY + timedelta(days=day, hours=16), 400) for day in range(1, 60)])
    assert rules.earliest_keepable(10, DAY, now=DAY, supply=office(70), load=shelf.load()) == DAY + timedelta(
        hours=8, minutes=5
    )
    assert shelf.looks == []


@given(due_rows, st.lists(st.tuples(quarters, st.integers(1, 500)), min_size=1, max_size=6), st.integers(1, 600))
def test_what_is_known_of_a_day_stays_true_while_work_comes_and_goes(rows: Rows, more: Rows, amount: int) -> None:
    supply, load, written = office(), rules.load_of(rows), list(rows)
    for at, minutes in [*more, *((at, -minutes) for at, minutes in reversed(more))]:
        rules.earliest_keepable(amount, DAY, now=DAY, supply=supply, load=load)  # learns how tight each day is
        load = rules.with_work(load, at, minutes)
        written.append((at, minutes))
        anew = rules.load_of(written)
        assert load.total == anew.total
        for asked in (1, amount):
            assert rules.earliest_keepable(asked, DAY, now=DAY, supply=supply, load=load) == rules.earliest_keepable(
                asked, DAY, now=DAY, supply=supply, load=anew
            )
