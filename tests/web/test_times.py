"""Times as five languages say them, in the zone of the inbox."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from holdord.kernel.moments import by_when, moment_in_full
from holdord.web.promise_rows import Clock, gone, look_of, promise_row, warn_mark
from holdord.web.times import Times

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOW = datetime(2026, 11, 19, 13, 22, tzinfo=COPENHAGEN)
TIMES = Times(COPENHAGEN, NOW)


def moment(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=COPENHAGEN).astimezone(UTC)


@pytest.mark.parametrize(
    ("language", "today", "weekday", "far"),
    [
        ("en", "14:00", "Tue 16:00", "14 Dec"),
        ("da", "14.00", "tirs. 16.00", "14. dec."),
        ("nb", "14.00", "tir. 16.00", "14. des."),
        ("sv", "14:00", "tis 16:00", "14 dec."),
        ("de", "14:00", "Di. 16:00", "14. Dez."),
    ],
)
def test_lists_are_short(language: str, today: str, weekday: str, far: str) -> None:
    with translation.override(language):
        assert TIMES.short(moment(19, 14)) == today
        assert TIMES.short(moment(24, 16)) == weekday
        assert TIMES.short(moment(14, 9, month=12)) == far


@pytest.mark.parametrize(
    ("language", "today", "monday", "said"),
    [
        ("en", "11–12", "Mon 9–10", "today 11–12"),
        ("da", "11–12", "man. 9–10", "i dag kl. 11–12"),
        ("nb", "11–12", "man. 9–10", "i dag kl. 11–12"),
        ("sv", "11–12", "mån 9–10", "i dag 11–12"),
        ("de", "11–12", "Mo. 9–10", "heute 11–12 Uhr"),
    ],
)
def test_a_window_keeps_its_beginning(language: str, today: str, monday: str, said: str) -> None:
    with translation.override(language):
        assert TIMES.slot(moment(19, 11), moment(19, 12)) == today
        assert TIMES.slot(moment(23, 9), moment(23, 10)) == monday
        assert TIMES.slot_when(moment(19, 11), moment(19, 12)) == said


def test_a_window_that_begins_at_a_quarter_says_its_minutes() -> None:
    with translation.override("da"):
        assert TIMES.slot(moment(19, 14, 15), moment(19, 15)) == "14.15–15.00"


def test_another_year_is_named() -> None:
    with translation.override("en"):
        assert TIMES.short(moment(4, 9, month=1, year=2027)) == "4 Jan 2027"


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(minutes=38), "38 min"),
        (timedelta(minutes=37, seconds=10), "38 min"),
        (timedelta(hours=1, minutes=8), "1 h 08"),
        (timedelta(hours=21, minutes=5), "21 h"),
        (timedelta(days=25, hours=1), "25 d"),
        (timedelta(0), ""),
        (timedelta(minutes=-1), ""),
    ],
)
def test_time_left_is_one_number_where_it_can_be(ahead: timedelta, words: str) -> None:
    with translation.override("en"):
        assert TIMES.left(NOW + ahead) == words


@pytest.mark.parametrize(
    ("ahead", "number"),
    [
        (timedelta(minutes=120), ("120", "min")),
        (timedelta(hours=3), ("3", "hours")),
        (timedelta(days=5), ("5", "days")),
    ],
)
def test_the_big_ring_has_one_number_and_one_unit(ahead: timedelta, number: tuple[str, str]) -> None:
    with translation.override("en"):
        assert TIMES.number_and_unit(NOW + ahead) == number


def test_a_promise_says_its_time_in_a_phrase() -> None:
    with translation.override("en"):
        assert TIMES.by(moment(19, 14)) == "today by 14:00"
        assert TIMES.by(moment(20, 12)) == "tomorrow by 12:00"
        assert TIMES.by(moment(24, 16)) == "Tuesday 24 November by 16:00"
        assert TIMES.by(moment(24, 16), whole_day=True) == "during Tuesday 24 November"


def test_the_zone_decides_the_day() -> None:
    late = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    with translation.override("en"):
        assert TIMES.when(late) == "tomorrow 0:30"
        assert Times(ZoneInfo("Europe/London"), NOW).when(late) == "today 23:30"


CLOCK = Clock(given_at=moment(19, 10), due_at=moment(19, 14), warn_at=moment(19, 13))


def test_a_ring_fills_from_given_to_due() -> None:
    assert gone(CLOCK, now=moment(19, 9)) == 0
    assert gone(CLOCK, now=moment(19, 12)) == 50
    assert gone(CLOCK, now=moment(19, 18)) == 100
    assert warn_mark(CLOCK) == 75


def test_at_risk_is_a_look_of_the_desk_alone() -> None:
    assert look_of("open", CLOCK, now=NOW) == "risk"
    assert look_of("open", CLOCK, now=NOW, for_customer=True) == "open"
    assert look_of("kept", CLOCK, now=NOW) == "kept"


def test_a_moved_promise_shows_the_old_time_struck_out() -> None:
    clock = Clock(given_at=moment(19, 10), due_at=moment(19, 18), warn_at=moment(19, 16))
    with translation.override("en"):
        row = promise_row(what="Svar", state="open", clock=clock, times=TIMES, moved_from=moment(19, 14))
    assert (row.look, row.was, row.left, row.state) == ("moved", "14:00", "18:00", "moved")


@pytest.mark.parametrize(
    ("language", "column", "sentence"),
    [
        ("da", "9.25", "kl. 9.25"),
        ("nb", "9.25", "kl. 9.25"),
        ("sv", "09:25", "09:25"),
        ("de", "09:25", "09:25 Uhr"),
        ("en", "9:25", "9:25"),
    ],
)
def test_a_time_of_day_is_written_one_way_in_letters_and_on_pages(language: str, column: str, sentence: str) -> None:
    due = moment(20, 9, 25)
    letters = [
        by_when(due, now=NOW, zone="Europe/Copenhagen", language=language),
        moment_in_full(due, now=NOW, zone="Europe/Copenhagen", language=language),
    ]
    with translation.override(language):
        pages = [TIMES.at(due), TIMES.when(due), TIMES.by(due)]
        assert TIMES.clock(due) == column
    for said in letters + pages:
        assert re.search(rf"(^|[ ,]){re.escape(sentence)}($|[ ,])", said), said
        assert said.count("Uhr") <= 1
