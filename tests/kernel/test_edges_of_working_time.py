"""Working time at its edges: where a span begins, where it ends, and a zone that is not the machine's."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holdord.kernel.working_time import Calendar, Supply, midnight_after, supply_of, week_of, within, without

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = date(2026, 3, 2)


def office(zone: str = "Asia/Tokyo") -> Calendar:
    return Calendar(zone, week_of({day: [(time(9), time(17))] for day in range(5)}))


def at(hour: int, minute: int = 0, *, day: date = MONDAY) -> datetime:
    """A wall-clock moment in Tokyo."""
    return datetime.combine(day, time(hour, minute), TOKYO)


def test_the_zone_is_the_desks_and_not_the_machines() -> None:
    calendar = office()
    assert calendar.local(datetime(2026, 3, 2, 20, tzinfo=UTC)).date() == date(2026, 3, 3)
    assert calendar.spans_on(MONDAY) == ((datetime(2026, 3, 2, 0, tzinfo=UTC), datetime(2026, 3, 2, 8, tzinfo=UTC)),)


def test_moments_come_back_in_utc() -> None:
    ((starts, ends),) = office().spans_on(MONDAY)
    assert all(moment.tzinfo is UTC for moment in (starts, ends, midnight_after(MONDAY, "Asia/Tokyo")))


def test_a_day_is_worked_out_once() -> None:
    asked: list[date] = []
    calendar = Calendar("UTC", office().week, lambda day: bool(asked.append(day)))
    calendar.spans_on(MONDAY)
    calendar.spans_on(MONDAY)
    assert asked == [MONDAY]


def test_hours_that_end_as_they_begin_are_none() -> None:
    assert Calendar("UTC", week_of({0: [(time(9), time(9))]})).spans_on(MONDAY) == ()


def test_a_week_has_seven_days_and_its_hours_in_order() -> None:
    week = week_of({0: [(time(13), time(17)), (time(9), time(12))], 6: [(time(10), time(11))]})
    assert week == (((time(9), time(12)), (time(13), time(17))), (), (), (), (), (), ((time(10), time(11)),))


def test_open_from_the_first_moment_and_no_longer_at_the_last() -> None:
    calendar = office()
    assert [calendar.is_open(at(*wall)) for wall in ((8, 59), (9,), (16, 59), (17,))] == [False, True, True, False]
    assert calendar.next_open(at(9)) == at(9)
    assert calendar.next_open(at(12, 30)) == at(12, 30)
    assert calendar.next_open(at(17)) == at(9, day=date(2026, 3, 3))


def test_before_opening_the_last_working_minute_was_the_day_before() -> None:
    tuesday = date(2026, 3, 3)
    assert office().last_working_minute(at(9, day=tuesday)) == at(16, 59)
    assert next(office().spans_before(at(9, day=tuesday)))[0] == at(9)


def test_a_whole_day_back_is_its_morning() -> None:
    assert office().subtract(at(17), timedelta(hours=8)) == at(9)


def test_closing_time_is_the_end_of_the_last_span_or_of_the_day() -> None:
    split = Calendar("Asia/Tokyo", week_of({0: [(time(9), time(12)), (time(13), time(18))]}))
    assert split.closing_time(MONDAY) == at(18)
    assert office().closing_time(MONDAY) == at(17)
    assert split.closing_time(date(2026, 3, 3)) == at(0, day=date(2026, 3, 4))


def test_gaps_beside_a_span_leave_it_whole() -> None:
    nine, ten, eleven, noon = (at(hour) for hour in (9, 10, 11, 12))
    assert without([(nine, ten), (eleven, noon)], [(ten, eleven)]) == [(nine, ten), (eleven, noon)]
    assert without([(nine, ten), (eleven, noon)], [(eleven, noon)]) == [(nine, ten)]
    assert without([(nine, ten), (eleven, noon)], [(nine, ten)]) == [(eleven, noon)]
    assert without([(nine, noon)], [(nine, ten), (eleven, noon)]) == [(ten, eleven)]


def test_spans_that_only_touch_their_bounds_are_not_within_them() -> None:
    nine, ten, eleven, noon = (at(hour) for hour in (9, 10, 11, 12))
    assert within([(nine, ten)], [(eleven, noon)]) == []
    assert within([(eleven, noon)], [(nine, ten)]) == []
    assert within([(nine, ten)], [(ten, eleven)]) == []
    assert within([(ten, eleven)], [(nine, ten)]) == []


def test_a_supply_of_one_corner_is_reached_there() -> None:
    assert Supply((at(9),), (0.0,)).reaches(0.0) == at(9)
    assert Supply((at(9),), (0.0,)).reaches(1.0) is None
    assert Supply((at(9),), (5.0,)).until(at(8)) == 5.0
    assert Supply((), ()).until(at(8)) == 0.0


def test_a_supply_is_level_before_between_and_after_its_spans() -> None:
    supply = supply_of([([(at(9), at(10)), (at(11), at(12))], 1.0), ([(at(9), at(10))], 0.5)])
    assert [supply.until(at(*wall)) for wall in ((8,), (9,), (9, 30), (10,), (10, 30), (11, 30), (12,), (13,))] == [
        0, 0, 45, 90, 90, 120, 150, 150,
    ]  # fmt: skip
    assert [supply.reaches(minutes) for minutes in (0, 45, 90, 91, 150, 151)] == [
        at(9), at(9, 30), at(10), at(11, 1), at(12), None,
    ]  # fmt: skip
