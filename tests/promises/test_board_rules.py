"""What the board reckons with: sharing out, room by span, told before late, kept both ways."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from holdord.kernel.working_time import Supply
from holdord.promises.rules import (
    Kept,
    Miss,
    Piece,
    Slot,
    Taker,
    Told,
    fits,
    load_of,
    rooms,
    rooms_in_slots,
    share_out,
    told_by_span,
)

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


pieces = st.lists(st.tuples(st.integers(0, 120), st.integers(1, 2), st.sampled_from(["da", "de"])), max_size=12).map(
    lambda rows: [Piece(key, *row) for key, row in enumerate(rows)]
)
takers = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.frozensets(st.integers(1, 2), min_size=1),
        st.frozensets(st.sampled_from(["da", "de"])),
    ),
    max_size=5,
).map(lambda rows: [Taker(100 + key, *row) for key, row in enumerate(rows)])


@given(pieces, takers, st.integers(0, 300))
def test_nobody_gets_more_than_they_can_do_or_what_they_do_not_speak(
    work: list[Piece], people: list[Taker], at_least: int
) -> None:
    given_out = share_out(work, people, at_least=at_least)
    of = {piece.key: piece for piece in work}
    for taker in people:
        own = [of[key] for key, to in given_out.items() if to == taker.key]
        assert sum(piece.minutes for piece in own) <= taker.minutes_left
        assert all(taker.can_take(piece) for piece in own)
    # No more is given than needed: without the last piece it was not enough
    amounts = [of[key].minutes for key in given_out]
    assert not amounts or sum(amounts[:-1]) < at_least
    # What stays although it was needed fits nobody any more
    if sum(amounts) < at_least:
        left = {
            t.key: t.minutes_left - sum(of[k].minutes for k, to in given_out.items() if to == t.key) for t in people
        }
        for piece in work:
            if piece.key not in given_out and piece.minutes:
                assert all(not t.can_take(piece) or left[t.key] < piece.minutes for t in people)


def test_the_largest_goes_first_to_who_has_most_left() -> None:
    work = [Piece(1, 20, 1, "da"), Piece(2, 60, 1, "da"), Piece(3, 30, 1, "de")]
    people = [Taker(8, 70, frozenset({1})), Taker(9, 90, frozenset({1}), frozenset({"da"}))]
    assert share_out(work, people, at_least=90) == {2: 9, 3: 8}
    assert share_out(work, people, at_least=60) == {2: 9}
    assert share_out(work, people, at_least=0) == {}


MINUTES = Supply((at(0), at(8)), (0.0, 480.0))


@given(st.lists(st.tuples(st.integers(1, 95), st.integers(1, 90)), max_size=10))
def test_something_is_over_just_when_it_does_not_fit(rows: list[tuple[int, int]]) -> None:
    load = load_of([(START + timedelta(minutes=5 * five), float(amount)) for five, amount in rows])
    edges = [at(hour) for hour in range(9)]
    found = rooms(edges, now=START, load=load, supply=MINUTES)
    assert (sum(room.over for room in found) < 1e-6) == fits(now=START, supply=MINUTES, load=load)
    assert all(room.over <= room.due + 1e-6 for room in found)
    assert sum(room.due for room in found) == load.total
    assert [room.capacity for room in found] == [60.0] * 8


def test_what_is_over_stands_where_it_first_breaks() -> None:
    load = load_of([(at(1), 40.0), (at(2), 100.0), (at(3), 40.0), (at(5), 10.0)])
    found = rooms([at(hour) for hour in range(6)], now=START, load=load, supply=MINUTES)
    assert [round(room.over) for room in found] == [0, 20, 0, 0, 0]


def test_slots_are_over_each_by_itself() -> None:
    slots = [Slot(at(0), at(2), 2), Slot(at(2), at(4), 2)]
    load = load_of([(at(2), 3.0), (at(4), 1.0)])
    (found,) = rooms_in_slots([at(0), at(8)], slots=slots, load=load)
    assert (found.capacity, found.due, found.over) == (4, 4, 1)


def test_told_before_late_counts_who_heard_it_before_the_first_time() -> None:
    edges = [at(0), at(24), at(48)]
    misses = [
        Miss(at(3), at(2)),  # told before
        Miss(at(3), at(3)),  # told when it was late already
        Miss(at(4)),  # never told
        Miss(at(24), at(1)),  # the span is half-open: this is tomorrow's
        Miss(at(48), at(1)),  # after the last span
    ]
    assert told_by_span(misses, edges) == [Told(3, 1), Told(1, 1)]
    assert [each.percent for each in told_by_span(misses, edges)] == [33, 100]
    assert Told(0, 0).percent is None
    assert Told(1000, 999).percent == 99


def test_the_kept_rate_is_reported_both_ways() -> None:
    assert Kept(at_first=90, at_all=95, broken=5).percents == (90, 95)
    assert Kept(at_first=0, at_all=0, broken=0).percents is None
