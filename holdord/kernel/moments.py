"""Moments in words, in five languages: "by 14:00 today", "tirsdag 24. november inden kl. 16.00".

A time is always a time, never "soon". The clock follows the language: 14:00 (en, de, sv), kl. 14.00 (da, nb). What is
said to a customer names the date, for a mail may be read days later. Each form is a whole phrase of its language.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo


class Precision(StrEnum):
    """Whether a promise is for a minute or for a day."""

    MINUTE = "minute"
    DAY = "day"


def clock_time(moment: datetime, *, zone: str, language: str) -> str:
    """The time of day on the wall clock of `zone`: 14:00, or kl. 14.00."""
    local = moment.astimezone(ZoneInfo(zone))
    return _FORMS[language].clock.format(hour=local.hour, minute=local.minute)


def day_in_full(day: date, *, language: str, with_year: bool = False) -> str:
    """Tuesday 24 November, and the year if asked."""
    forms = _FORMS[language]
    words = forms.day.format(weekday=forms.weekdays[day.weekday()], day=day.day, month=forms.months[day.month - 1])
    return f"{words} {day.year}" if with_year else words


def by_when(due_at: datetime, *, now: datetime, zone: str, language: str, precision: str = Precision.MINUTE) -> str:
    """When something is due, to be put after what will be done: "by 14:00 today, Monday 23 November"."""
    local, today = due_at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    forms = _FORMS[language]
    day = day_in_full(local.date(), language=language, with_year=local.year != today.year)
    time = clock_time(due_at, zone=zone, language=language)
    if precision == Precision.DAY:
        return forms.on_day.format(day=day)
    if local.date() == today:
        return forms.by_today.format(time=time, day=day)
    if local.date() == today + timedelta(days=1):
        return forms.by_tomorrow.format(time=time, day=day)
    return forms.by_day.format(time=time, day=day)


def moment_in_full(moment: datetime, *, now: datetime, zone: str, language: str) -> str:
    """A moment with its date: "Monday 23 November at 14:00"."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    day = day_in_full(local.date(), language=language, with_year=local.year != today.year)
    return _FORMS[language].at.format(day=day, time=clock_time(moment, zone=zone, language=language))


def moment_in_short(moment: datetime, *, now: datetime, zone: str, language: str) -> str:
    """A moment as lists show it: the time today, weekday and time within a week, else the date."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    forms, days = _FORMS[language], (local.date() - today).days
    time = clock_time(moment, zone=zone, language=language)
    if days == 0:
        return time
    if abs(days) < 7:
        return forms.short_weekday.format(weekday=forms.weekdays[local.weekday()][:3], time=time)
    return forms.short_date.format(day=local.day, month=forms.months[local.month - 1][:3]) + (
        f" {local.year}" if local.year != today.year else ""
    )


class _Forms(NamedTuple):
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    clock: str
    day: str
    at: str
    by_today: str
    by_tomorrow: str
    by_day: str
    on_day: str
    short_weekday: str
    short_date: str


_FORMS: Final[dict[str, _Forms]] = {
    "da": _Forms(
        ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
        ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"),
        "kl. {hour}.{minute:02}",
        "{weekday} den {day}. {month}",
        "{day} {time}",
        "i dag, {day}, inden {time}",
        "i morgen, {day}, inden {time}",
        "{day} inden {time}",
        "{day}",
        "{weekday}. {time}",
        "{day}. {month}.",
    ),
    "nb": _Forms(
        ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
        ("januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"),
        "kl. {hour}.{minute:02}",
        "{weekday} {day}. {month}",
        "{day} {time}",
        "i dag, {day}, innen {time}",
        "i morgen, {day}, innen {time}",
        "{day} innen {time}",
        "{day}",
        "{weekday}. {time}",
        "{day}. {month}.",
    ),
    "sv": _Forms(
        ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
        ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"),
        "{hour:02}:{minute:02}",
        "{weekday} {day} {month}",
        "{day} klockan {time}",
        "i dag, {day}, senast {time}",
        "i morgon, {day}, senast {time}",
        "{day} senast {time}",
        "{day}",
        "{weekday} {time}",
        "{day} {month}",
    ),
    "de": _Forms(
        ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
        ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"),
        "{hour:02}:{minute:02}",
        "{weekday}, {day}. {month}",
        "{day}, {time} Uhr",
        "heute, {day}, bis {time} Uhr",
        "morgen, {day}, bis {time} Uhr",
        "am {day}, bis {time} Uhr",
        "am {day}",
        "{weekday} {time}",
        "{day}. {month}.",
    ),
    "en": _Forms(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
        "{hour:02}:{minute:02}",
        "{weekday} {day} {month}",
        "{day} at {time}",
        "by {time} today, {day}",
        "by {time} tomorrow, {day}",
        "by {time} on {day}",
        "on {day}",
        "{weekday} {time}",
        "{day} {month}",
    ),
}  # fmt: skip
