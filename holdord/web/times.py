"""Moments and spans as a reader says them, seen from one moment and one zone, in the language that is active.

How a time of day and a day are written stands in `kernel.moments`, for letters and pages alike.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils.translation import get_language, gettext, ngettext

from holdord.kernel.moments import bare_time, day_in_full, in_a_sentence, time_in_words

_DAY_AND_MONTH = {"en": "d MMM", "da": "d. MMM", "nb": "d. MMM", "sv": "d MMM", "de": "d. MMM"}
_WEEKDAY_TOO = {"en": "EEE d MMM", "da": "EEE d. MMM", "nb": "EEE d. MMM", "sv": "EEE d MMM", "de": "EEE, d. MMM"}


@dataclass(frozen=True, slots=True)
class Times:
    """Says moments for one reader: seen from `now` (aware) and shown in `zone`, in the language that is active.

    Who says many names that one as `language`: asking which it is takes longer than saying a time.
    """

    zone: tzinfo
    now: datetime
    language: str = ""

    def clock(self, moment: datetime) -> str:
        """The bare time, for columns: 9:25, 9.25."""
        return bare_time(moment.astimezone(self.zone), language=self._language())

    def at(self, moment: datetime) -> str:
        """The time in a sentence: 9:25, kl. 9.25, 09:25 Uhr."""
        return time_in_words(moment.astimezone(self.zone), language=self._language())

    def short(self, moment: datetime) -> str:
        """As short as a list needs: 14:00 today, Fri 10:00 within six days, else 14 Dec."""
        day, away = self._day(moment)
        if away == 0:
            return self.clock(moment)
        if 0 < away < 7:
            return f"{_spoken(day, 'EEE', self._language())} {self.clock(moment)}"
        return self.on(moment)

    def when(self, moment: datetime) -> str:
        """today 14:00, tomorrow 12:00, yesterday 9:10, Wed 17:00; the date with its time beyond a week."""
        return self._when(moment, self.at(moment))

    def slot_when(self, starts_at: datetime, ends_at: datetime) -> str:
        """The same of a window: today 11–12, Mon 9–10."""
        span = self._span(starts_at, ends_at)
        return self._when(ends_at, in_a_sentence(span, language=self._language()))

    def slot(self, starts_at: datetime, ends_at: datetime) -> str:
        """A window as short as a list needs: 11–12 today, Mon 9–10 within six days, else the date."""
        day, away = self._day(ends_at)
        if not 0 <= away < 7:
            return self.on(ends_at)
        span = self._span(starts_at, ends_at)
        return f"{_spoken(day, 'EEE', self._language())} {span}" if away else span

    def day(self, moment: datetime) -> str:
        """today, tomorrow, yesterday, else the date."""
        _, away = self._day(moment)
        named = {0: gettext("today"), 1: gettext("tomorrow"), -1: gettext("yesterday")}
        return named.get(away) or self.on(moment)

    def on(self, moment: datetime) -> str:
        """16 Nov; with the year when it is not this one."""
        day, _ = self._day(moment)
        spoken = self._say(day, _DAY_AND_MONTH)
        return spoken if day.year == self.now.astimezone(self.zone).year else f"{spoken} {day.year}"

    def date_and_weekday(self, moment: datetime) -> str:
        """Thu 19 Nov."""
        return self.date_and_weekday_of(self._day(moment)[0])

    def date_and_weekday_of(self, day: date) -> str:
        """Thu 19 Nov of a day; with the year when it is not this one."""
        spoken = self._say(day, _WEEKDAY_TOO)
        return spoken if day.year == self.now.astimezone(self.zone).year else f"{spoken} {day.year}"

    def by(self, moment: datetime, *, whole_day: bool = False) -> str:
        """How a promise says its time: today by 14:00, Tuesday 24 November by 16:00, during Tuesday 24 November."""
        day, away = self._day(moment)
        words = {"clock": self.at(moment), "day": day_in_full(day, language=self._language())}
        if whole_day:
            return {0: gettext("during today"), 1: gettext("during tomorrow")}.get(
                away, gettext("during %(day)s") % words
            )
        if away == 0:
            return gettext("today by %(clock)s") % words
        if away == 1:
            return gettext("tomorrow by %(clock)s") % words
        return gettext("%(day)s by %(clock)s") % words

    def left(self, moment: datetime) -> str:
        """Time left, for lists: 38 min, 1 h 08, 21 h, 25 d; empty when it has gone."""
        minutes = self._minutes_left(moment)
        if minutes <= 0:
            return ""
        if minutes < 60:
            return gettext("%(minutes)s min") % {"minutes": minutes}
        if minutes < 360:
            return gettext("%(hours)s h %(minutes)s") % {"hours": minutes // 60, "minutes": f"{minutes % 60:02}"}
        if minutes < 48 * 60:
            return gettext("%(hours)s h") % {"hours": minutes // 60}
        return gettext("%(days)s d") % {"days": minutes // 1440}

    def number_and_unit(self, moment: datetime) -> tuple[str, str]:
        """One number and one unit, for the big ring: minutes to 120, then hours to 48, then days."""
        minutes = max(0, self._minutes_left(moment))
        if minutes <= 120:
            return str(minutes), gettext("min")
        if minutes <= 48 * 60:
            return str(minutes // 60), ngettext("hour", "hours", minutes // 60)
        return str(minutes // 1440), ngettext("day", "days", minutes // 1440)

    def ago(self, moment: datetime) -> str:
        """How long since, for states of channels: 40 s ago, 5 min ago, 3 h ago, else when."""
        seconds = int((self.now - moment).total_seconds())
        if seconds < 60:
            return gettext("%(seconds)s s ago") % {"seconds": max(0, seconds)}
        if seconds < 3600:
            return gettext("%(minutes)s min ago") % {"minutes": seconds // 60}
        return self.when(moment)

    def _when(self, moment: datetime, clock: str) -> str:
        day, away = self._day(moment)
        at = {"clock": clock}
        if away == 0:
            return gettext("today %(clock)s") % at
        if away == 1:
            return gettext("tomorrow %(clock)s") % at
        if away == -1:
            return gettext("yesterday %(clock)s") % at
        if -7 < away < 7:
            return f"{_spoken(day, 'EEE', self._language())} {clock}"
        return f"{self.on(moment)} {clock}"

    def _span(self, starts_at: datetime, ends_at: datetime) -> str:
        both = [at.astimezone(self.zone) for at in (starts_at, ends_at)]
        whole = all(at.minute == 0 for at in both)
        return "–".join(str(at.hour) if whole else self.clock(at) for at in both)

    def _language(self) -> str:
        return self.language or active_language()

    def _say(self, day: date, patterns: dict[str, str]) -> str:
        language = self._language()
        return _spoken(day, patterns[language], language)

    def _minutes_left(self, moment: datetime) -> int:
        return -((self.now - moment) // timedelta(minutes=1))

    def _day(self, moment: datetime) -> tuple[date, int]:
        day = moment.astimezone(self.zone).date()
        return day, (day - self.now.astimezone(self.zone).date()).days


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone `name`; UTC when the system does not know it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def weekday(number: int) -> str:
    """The name of a weekday, 0 for Monday."""
    return _spoken(date(2024, 1, 1) + timedelta(days=number), "EEEE", active_language())


@lru_cache(maxsize=4096)
def _spoken(day: date, pattern: str, language: str) -> str:
    return format_date(day, pattern, locale="en_GB" if language == "en" else language)


def active_language() -> str:
    """The language that is active, if it is one of ours; else English."""
    language = get_language()
    return language if language in _DAY_AND_MONTH else "en"
