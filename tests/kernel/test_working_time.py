"""Working time is right across nights, weekends, holidays and the nights in which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdord.kernel.public_holidays import eves, public_holidays
from holdord.kernel.working_time import (
    Calendar,
    NeverOpen,
    midnight_after,
    round_up,
    supply_of,
    week_of,
    within,
    without,
)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
WEEK = week_of({day: [(time(9), time(17))] for day in range(5)})
OFFICE = Calendar("Europe/Copenhagen", WEEK)
ALWAYS = Calendar("Europe/Copenhagen", week_of({day: [(time(0), time(23, 59))] for day in range(7)}))

moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))
spans = st.timedeltas(timedelta(), timedelta(days=5))


def at(text: str) -> datetime:
    """A wall-clock moment in Copenhagen."""
    return datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


@pytest.mark.parametrize(
    ("asked", "hours", "due"),
    [
        ("2026-03-02 10:00", 4, "2026-03-02 14:00"),
        ("2026-03-02 15:00", 4, "2026-03-03 11:00"),
        ("2026-03-06 16:50", 4, "2026-03-09 12:50"),
        ("2026-03-07 03:00", 4, "2026-03-09 13:00"),
        ("2026-03-02 13:00", 4, "2026-03-02 17:00"),
        ("2026-03-02 17:00", 0, "2026-03-03 09:00"),
    ],
)
def test_adding_skips_what_is_closed(asked: str, hours: int, due: str) -> None:
    assert OFFICE.add(at(asked), timedelta(hours=hours)) == at(due)


def test_the_night_summer_time_ends_has_an_hour_more() -> None:
    assert ALWAYS.between(at("2026-10-25 00:00"), at("2026-10-25 12:00")) == timedelta(hours=13)


def test_the_night_summer_time_begins_has_an_hour_less() -> None:
    assert ALWAYS.between(at("2026-03-29 00:00"), at("2026-03-29 12:00")) == timedelta(hours=11)


def test_hours_stay_on_the_wall_clock_when_the_clocks_change() -> None:
    friday, monday = date(2026, 10, 23), date(2026, 10, 26)
    assert [span[0].astimezone(COPENHAGEN).hour for day in (friday, monday) for span in OFFICE.spans_on(day)] == [9, 9]
    assert [span[0].hour for day in (friday, monday) for span in OFFICE.spans_on(day)] == [7, 8]


def test_a_closing_day_counts_nothing() -> None:
    closed_on_tuesday = Calendar("Europe/Copenhagen", WEEK, lambda day: day == date(2026, 3, 3))
    assert closed_on_tuesday.add(at("2026-03-02 15:00"), timedelta(hours=4)) == at("2026-03-04 11:00")


def test_a_desk_that_never_opens_says_so() -> None:
    with pytest.raises(NeverOpen):
        Calendar("Europe/Copenhagen", week_of({})).add(at("2026-03-02 15:00"), timedelta(hours=1))


def test_the_last_working_minute_before_monday_morning_is_on_friday() -> None:
    assert OFFICE.last_working_minute(at("2026-03-09 08:40")) == at("2026-03-06 16:59")
    assert OFFICE.last_working_minute(at("2026-03-09 09:30")) == at("2026-03-09 09:29")


def test_a_day_is_over_at_local_midnight() -> None:
    assert midnight_after(date(2026, 3, 28), "Europe/Copenhagen") == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert midnight_after(date(2026, 3, 29), "Europe/Copenhagen") == datetime(2026, 3, 29, 22, tzinfo=UTC)


@given(moments, spans)
def test_adding_and_measuring_agree(moment: datetime, working: timedelta) -> None:
    assert OFFICE.between(moment, OFFICE.add(moment, working)) == working


@given(moments, spans.filter(bool))
def test_subtracting_is_the_way_back(moment: datetime, working: timedelta) -> None:
    assert OFFICE.between(OFFICE.subtract(moment, working), moment) == working


@given(moments)
def test_rounding_up_never_goes_back_and_less_than_a_step(moment: datetime) -> None:
    rounded = round_up(moment)
    assert timedelta() <= rounded - moment < timedelta(minutes=5)
    assert rounded.minute % 5 == 0
    assert rounded.second == rounded.microsecond == 0


@given(
    st.lists(st.tuples(moments, st.integers(1, 600)), min_size=1, max_size=6),
    st.lists(st.tuples(moments, st.integers(1, 600)), max_size=6),
    moments,
)
def test_supply_adds_up_what_each_person_gives(
    one: list[tuple[datetime, int]], other: list[tuple[datetime, int]], until: datetime
) -> None:
    def joined(rows: list[tuple[datetime, int]]) -> list[tuple[datetime, datetime]]:
        spans: list[tuple[datetime, datetime]] = []
        for starts, minutes in sorted(rows):
            if not spans or starts >= spans[-1][1]:
                spans.append((starts, starts + timedelta(minutes=minutes)))
        return spans

    people = [joined(one), joined(other)]
    by_hand = sum(
        (min(ends, until) - starts).total_seconds() / 60 for spans in people for starts, ends in spans if starts < until
    )
    assert supply_of([(spans, 1.0) for spans in people]).until(until) == pytest.approx(by_hand)


def test_gaps_are_cut_out_and_bounds_kept() -> None:
    nine, ten, eleven, noon = (at(f"2026-03-02 {hour}:00") for hour in ("09", "10", "11", "12"))
    assert without([(nine, noon)], [(ten, eleven)]) == [(nine, ten), (eleven, noon)]
    assert without([(nine, noon)], [(nine, noon)]) == []
    assert within([(nine, eleven)], [(ten, noon)]) == [(ten, eleven)]


@pytest.mark.parametrize(
    ("country", "part", "on"),
    [
        ("DK", "", date(2026, 4, 2)),
        ("NO", "", date(2026, 5, 17)),
        ("SE", "", date(2026, 6, 20)),
        ("DE", "BY", date(2026, 1, 6)),
        ("GB", "ENG", date(2026, 4, 6)),
    ],
)
def test_public_holidays_are_known(country: str, part: str, on: date) -> None:
    assert on in public_holidays(country, part, on.year)


def test_german_holidays_differ_by_land() -> None:
    epiphany = date(2026, 1, 6)
    assert epiphany in public_holidays("DE", "BY", 2026)
    assert epiphany not in public_holidays("DE", "NI", 2026)


def test_an_unknown_country_has_no_holidays() -> None:
    assert not public_holidays("ZZ", "", 2026)


def test_eves_that_the_law_calls_working_days() -> None:
    assert eves("DK", 2026)[date(2026, 12, 24)] == "Juleaften"
    assert date(2026, 12, 31) in eves("DE", 2026)
    assert eves("SE", 2026)[date(2026, 6, 19)] == "Midsommarafton"
    assert eves("SE", 2027)[date(2027, 6, 25)] == "Midsommarafton"
