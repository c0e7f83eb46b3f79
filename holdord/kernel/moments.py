"""Moments in words, in five languages: "by 14:00 today", "tirsdag den 24. november inden kl. 16.00".

A time is always a time, never "soon". What is said to a customer names the date, for a mail may be read days later.
Each form is a whole phrase of its language; the names of days and months are CLDR's.

A time of day is written one way in each language, in letters, on pages and on the desk alike:

- Danish and Norwegian "kl. 9.25", with a point and no zero before it (Dansk Sprognævn, Språkrådet);
- Swedish "09:25": with a colon the hour has two digits (Svenska skrivregler, after ISO 8601);
- German "09:25 Uhr" (DIN 5008); columns leave out the Uhr, as they leave out the kl.;
- English "9:25", by 24 hours.
"""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date


class Precision(StrEnum):
    """Whether a promise is for a minute or for a day."""

    MINUTE = "minute"
    DAY = "day"


def clock_time(moment: datetime, *, zone: str, language: str) -> str:
    """The time of day on the wall clock of `zone`, for a sentence: 9:25, kl. 9.25, 09:25 Uhr."""
    return time_in_words(moment.astimezone(ZoneInfo(zone)), language=language)


def time_in_words(local: time | datetime, *, language: str) -> str:
    """A local time of day in a sentence: 9:25, kl. 9.25, 09:25 Uhr."""
    return in_a_sentence(bare_time(local, language=language), language=language)


def in_a_sentence(bare: str, *, language: str) -> str:
    """A bare time or two (11–12) as a sentence has it: 11–12, kl. 11–12, 11–12 Uhr."""
    return _FORMS[language].clock.format(time=bare)


def bare_time(local: time | datetime, *, language: str) -> str:
    """A local time of day in a column: 9:25, 9.25, 09:25."""
    return _FORMS[language].bare.format(hour=local.hour, minute=local.minute)


@lru_cache(maxsize=4096)
def day_in_full(day: date, *, language: str, with_year: bool = False) -> str:
    """Tuesday 24 November, and the year if asked."""
    pattern = _FORMS[language].day
    return format_date(day, f"{pattern} y" if with_year else pattern, locale=language)


def by_when(due_at: datetime, *, now: datetime, zone: str, language: str, precision: str = Precision.MINUTE) -> str:
    """When something is due, to be put after what will be done: "by 14:00 today, Monday 23 November"."""
    local, today = due_at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    forms = _FORMS[language]
    day = day_in_full(local.date(), language=language, with_year=local.year != today.year)
    said = clock_time(due_at, zone=zone, language=language)
    if precision == Precision.DAY:
        return forms.on_day.format(day=day)
    if local.date() == today:
        return forms.by_today.format(time=said, day=day)
    if local.date() == today + timedelta(days=1):
        return forms.by_tomorrow.format(time=said, day=day)
    return forms.by_day.format(time=said, day=day)


def moment_in_full(moment: datetime, *, now: datetime, zone: str, language: str) -> str:
    """A moment with its date: "Monday 23 November at 14:00"."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    day = day_in_full(local.date(), language=language, with_year=local.year != today.year)
    return _FORMS[language].at.format(day=day, time=clock_time(moment, zone=zone, language=language))


def moment_in_short(moment: datetime, *, now: datetime, zone: str, language: str) -> str:
    """A moment as lists show it: the time today, weekday and time within a week, else the date."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    days, said = (local.date() - today).days, clock_time(moment, zone=zone, language=language)
    if days == 0:
        return said
    if abs(days) < 7:
        return f"{format_date(local.date(), 'EEE', locale=language)} {said}"
    pattern = _FORMS[language].short_date
    return format_date(local.date(), pattern if local.year == today.year else f"{pattern} y", locale=language)


class _Forms(NamedTuple):
    bare: str
    clock: str
    day: str
    short_date: str
    at: str
    by_today: str
    by_tomorrow: str
    by_day: str
    on_day: str


_FORMS: Final = {
    "da": _Forms(
        bare="{hour}.{minute:02}",
        clock="kl. {time}",
        day="EEEE 'den' d. MMMM",
        short_date="d. MMM",
        at="{day} {time}",
        by_today="i dag, {day}, inden {time}",
        by_tomorrow="i morgen, {day}, inden {time}",
        by_day="{day} inden {time}",
        on_day="{day}",
    ),
    "nb": _Forms(
        bare="{hour}.{minute:02}",
        clock="kl. {time}",
        day="EEEE d. MMMM",
        short_date="d. MMM",
        at="{day} {time}",
        by_today="i dag, {day}, innen {time}",
        by_tomorrow="i morgen, {day}, innen {time}",
        by_day="{day} innen {time}",
        on_day="{day}",
    ),
    "sv": _Forms(
        bare="{hour:02}:{minute:02}",
        clock="{time}",
        day="EEEE d MMMM",
        short_date="d MMM",
        at="{day} klockan {time}",
        by_today="i dag, {day}, senast {time}",
        by_tomorrow="i morgon, {day}, senast {time}",
        by_day="{day} senast {time}",
        on_day="{day}",
    ),
    "de": _Forms(
        bare="{hour:02}:{minute:02}",
        clock="{time} Uhr",
        day="EEEE, d. MMMM",
        short_date="d. MMM",
        at="{day}, {time}",
        by_today="heute, {day}, bis {time}",
        by_tomorrow="morgen, {day}, bis {time}",
        by_day="am {day}, bis {time}",
        on_day="am {day}",
    ),
    "en": _Forms(
        bare="{hour}:{minute:02}",
        clock="{time}",
        day="EEEE d MMMM",
        short_date="d MMM",
        at="{day} at {time}",
        by_today="by {time} today, {day}",
        by_tomorrow="by {time} tomorrow, {day}",
        by_day="by {time} on {day}",
        on_day="on {day}",
    ),
}


def window_in_words(starts_at: datetime, ends_at: datetime, *, now: datetime, zone: str, language: str) -> str:
    """Two times of a day: "on Thursday 26 November between 09:00 and 11:00"."""
    local, today = starts_at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    day = day_in_full(local.date(), language=language, with_year=local.year != today.year)
    starts, ends = (bare_time(at.astimezone(ZoneInfo(zone)), language=language) for at in (starts_at, ends_at))
    return _WINDOWS[language].format(day=day, starts=starts, ends=ends)


_WINDOWS: Final = {
    "da": "{day} mellem kl. {starts} og {ends}",
    "nb": "{day} mellom kl. {starts} og {ends}",
    "sv": "{day} mellan {starts} och {ends}",
    "de": "am {day}, zwischen {starts} und {ends} Uhr",
    "en": "on {day} between {starts} and {ends}",
}


def slot_in_words(starts_at: datetime, ends_at: datetime, *, now: datetime, zone: str, language: str) -> str:
    """Two times of a day as a line to choose: "Today, 11–12", "Monday 23 November, 9–10"; minutes where they count."""
    local, today = starts_at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    ends = ends_at.astimezone(ZoneInfo(zone))
    today_is, form = _SLOTS[language]
    day = day_in_full(local.date(), language=language, with_year=local.year != today.year)
    whole = local.minute == ends.minute == 0
    times = [str(at.hour) if whole else bare_time(at, language=language) for at in (local, ends)]
    return form.format(
        day=today_is if local.date() == today else f"{day[0].upper()}{day[1:]}", starts=times[0], ends=times[1]
    )


_SLOTS: Final = {
    "da": ("I dag", "{day} kl. {starts}–{ends}"),
    "nb": ("I dag", "{day} kl. {starts}–{ends}"),
    "sv": ("I dag", "{day} klockan {starts}–{ends}"),
    "de": ("Heute", "{day}, {starts}–{ends} Uhr"),
    "en": ("Today", "{day}, {starts}–{ends}"),
}


def is_near(moment: datetime, *, now: datetime) -> bool:
    """Whether a moment that somebody typed lies within ten calendar years: further away nothing is planned, and no
    calendar can count there.
    """
    return abs(moment.year - now.year) <= 10
