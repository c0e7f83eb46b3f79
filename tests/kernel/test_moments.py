"""Times are said as people of each language say them."""

from datetime import UTC, datetime

import pytest

from holdord.kernel.languages import LANGUAGES, closest
from holdord.kernel.moments import by_when, clock_time, moment_in_full, moment_in_short

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ZONE = "Europe/Copenhagen"


@pytest.mark.parametrize(
    ("language", "today", "tomorrow", "later"),
    [
        (
            "da",
            "i dag, mandag den 23. november, inden kl. 14.00",
            "i morgen, tirsdag den 24. november, inden kl. 14.00",
            "onsdag den 25. november inden kl. 14.00",
        ),
        (
            "nb",
            "i dag, mandag 23. november, innen kl. 14.00",
            "i morgen, tirsdag 24. november, innen kl. 14.00",
            "onsdag 25. november innen kl. 14.00",
        ),
        (
            "sv",
            "i dag, måndag 23 november, senast 14:00",
            "i morgon, tisdag 24 november, senast 14:00",
            "onsdag 25 november senast 14:00",
        ),
        (
            "de",
            "heute, Montag, 23. November, bis 14:00 Uhr",
            "morgen, Dienstag, 24. November, bis 14:00 Uhr",
            "am Mittwoch, 25. November, bis 14:00 Uhr",
        ),
        (
            "en",
            "by 14:00 today, Monday 23 November",
            "by 14:00 tomorrow, Tuesday 24 November",
            "by 14:00 on Wednesday 25 November",
        ),
    ],
)
def test_by_when(language: str, today: str, tomorrow: str, later: str) -> None:
    said = [
        by_when(datetime(2026, 11, day, 13, 0, tzinfo=UTC), now=NOW, zone=ZONE, language=language)
        for day in (23, 24, 25)
    ]
    assert said == [today, tomorrow, later]


def test_the_year_is_said_when_it_is_another() -> None:
    due = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
    assert by_when(due, now=NOW, zone=ZONE, language="en") == "by 9:00 on Monday 4 January 2027"


def test_today_is_the_readers_day_not_utcs() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # half past midnight on Monday in Copenhagen
    assert "today" in by_when(datetime(2026, 11, 23, 8, 0, tzinfo=UTC), now=late, zone=ZONE, language="en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_every_form(language: str) -> None:
    due = datetime(2026, 11, 25, 13, 5, tzinfo=UTC)
    clock = clock_time(due, zone=ZONE, language=language)
    assert clock in moment_in_full(due, now=NOW, zone=ZONE, language=language)
    assert clock in moment_in_short(due, now=NOW, zone=ZONE, language=language)


@pytest.mark.parametrize(
    ("tag", "served"),
    [("nn", "nb"), ("no", "nb"), ("de-AT", "de"), ("EN_us", "en"), ("fr", None), ("", None), (None, None)],
)
def test_the_closest_language_of_ours(tag: str | None, served: str | None) -> None:
    assert closest(tag) == served
