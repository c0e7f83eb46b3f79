"""Days that times are told by: weekdays, dates, weeks, months and feasts, seen from the day of writing."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from holdord.kernel.working_time import Calendar

_AHEAD: Final = 305
"""Days ahead up to which a date without a year is meant; a later one is the one that has just passed."""
_FEASTED: Final = timedelta(days=10)
_FARTHEST: Final = 3 * 366
_WORKDAYS: Final = range(5)


@dataclass(frozen=True, slots=True)
class Days:
    """A day, or a window of days. `last` is when it is over.

    `kind` says what "before" makes of it: "point" the day before, "end" nothing, "feast" the day before and never the
    days themselves, "weekend" likewise but for "on", "window" can't be told. `unclear` windows are never due.
    """

    first: date
    last: date
    kind: str = "point"
    weekday: int | None = None
    is_counted: bool = False
    """Counted from the day of writing ("tomorrow"), not from the calendar."""
    unclear: bool = False


@dataclass(frozen=True)
class Reckoning:
    """Reckons days from `today`; working days by the calendar."""

    today: date
    calendar: Calendar
    language: str

    @property
    def unclear(self) -> Days:
        """A time that was said but that nobody could name."""
        return Days(self.today, self.today, unclear=True)

    def ahead(self, days: int) -> Days:
        """So many days from today."""
        return self._day(self.today + timedelta(days=days), is_counted=True)

    def closing(self) -> Days:
        """The end of today."""
        return Days(self.today, self.today, "end", is_counted=True)

    def _day(self, day: date, **told: object) -> Days:
        return replace(Days(day, day), **told)  # type: ignore[arg-type]

    def weekday(self, weekday: int) -> Days:
        """The next such day; never today."""
        ahead = (weekday - self.today.weekday() - 1) % 7 + 1
        return self._day(self.today + timedelta(days=ahead), weekday=weekday)

    def next_weekday(self, weekday: int) -> Days:
        """ "Next Friday": the coming one to some, that of next week to others; clear only where they are the same."""
        return self.weekday(weekday) if weekday <= self.today.weekday() else self.unclear

    def last_weekday(self, weekday: int) -> Days:
        """The last such day before today."""
        back = (self.today.weekday() - weekday - 1) % 7 + 1
        return self._day(self.today - timedelta(days=back), weekday=weekday)

    def weekday_in(self, weekday: int, days: Days) -> Days:
        """Such a day within a window that has but one of it."""
        found = days.first + timedelta(days=(weekday - days.first.weekday()) % 7)
        return self._day(found, weekday=weekday) if found <= days.last < found + timedelta(days=7) else self.unclear

    def day_of_month(self, day: int) -> Days:
        """ "The 15th": of this month or of the next that has one. Today's number can mean today or a month ahead."""
        if day == self.today.day:
            return self.unclear
        month = self.today.replace(day=1)
        for _ in range(3):
            if day <= monthrange(month.year, month.month)[1] and month.replace(day=day) > self.today:
                return self._day(month.replace(day=day))
            month = (month + timedelta(days=32)).replace(day=1)
        return self.unclear

    def dated(self, day: int, month: int, year: int | None) -> Days | None:
        """A date; None if there is no such. Without a year the one that is nearest, rather ahead than past."""
        if not 1 <= month <= 12 or not 1 <= day <= 31:
            return None
        if year is not None:
            return self._exact(day, month, year)
        for candidate in (self.today.year - 1, self.today.year, self.today.year + 1):
            found = self._exact(day, month, candidate)
            if found and timedelta(days=_AHEAD - 366) < found.last - self.today <= timedelta(days=_AHEAD):
                return found
        return None

    def _exact(self, day: int, month: int, year: int) -> Days | None:
        year += 2000 if year < 100 else 0
        try:
            found = date(year, month, day)
        except ValueError:
            return None
        return self._day(found) if abs((found - self.today).days) <= _FARTHEST else None

    def day_in_month(self, day: int, month: Days) -> Days | None:
        """ "The 1st of next month"."""
        return self._exact(day, month.first.month, month.first.year)

    def week_number(self, number: int, last: int | None = None) -> Days | None:
        """The ISO week of this year, or of the next if it is over."""
        if not 1 <= number <= (last or number) <= 53:
            return None
        for year in (self.today.isocalendar().year, self.today.isocalendar().year + 1):
            try:
                first, until = date.fromisocalendar(year, number, 1), date.fromisocalendar(year, last or number, 5)
            except ValueError:
                continue
            if until >= self.today:
                return Days(first, until, "window")
        return None

    def week(self, ahead: int) -> Days:
        """A week, from Monday; it is over on Friday. This week can't be told on its weekend."""
        monday = self.today + timedelta(days=7 * ahead - self.today.weekday())
        if not ahead and self.today.weekday() not in _WORKDAYS:
            return self.unclear
        return Days(monday, monday + timedelta(days=4), "window")

    def month(self, ahead: int) -> Days:
        """A month."""
        months = self.today.year * 12 + self.today.month - 1 + ahead
        return self.named_month(months % 12 + 1, months // 12)

    def named_month(self, month: int, year: int | None = None) -> Days:
        """A month by its name: this year's, or the next's if it is over."""
        year = year or self.today.year + (month < self.today.month)
        return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "window")

    def year(self, ahead: int) -> Days:
        """A year."""
        return Days(date(self.today.year + ahead, 1, 1), date(self.today.year + ahead, 12, 31), "window")

    def end_of(self, days: Days) -> Days:
        """The last day of a window: of a week Friday, of a month its last."""
        return replace(days, first=days.last, kind="end")

    def weekend(self) -> Days:
        """The coming Saturday and Sunday. On a weekend it can't be told which is meant."""
        if self.today.weekday() not in _WORKDAYS:
            return self.unclear
        saturday = self.today + timedelta(days=5 - self.today.weekday())
        return Days(saturday, saturday + timedelta(days=1), "weekend")

    def feast(self, month: int, day: int) -> Days:
        """The next time such a day comes, as what other days come before; unclear while it is being kept."""
        for year in (self.today.year, self.today.year + 1):
            found = date(year, month, day)
            if timedelta() <= self.today - found < _FEASTED:
                return self.unclear
            if found > self.today:
                break
        return Days(found, found, "feast")

    def named_day(self, month: int, day: int) -> Days:
        """ "Christmas Eve": the next one, today's included."""
        found = date(self.today.year, month, day)
        return self._day(found if found >= self.today else found.replace(year=found.year + 1))

    def from_easter(self, days: int) -> Days:
        """A day of Easter: the next one, today's included."""
        from dateutil.easter import easter  # noqa: PLC0415 - as in kernel.public_holidays: needed once a year

        for year in (self.today.year, self.today.year + 1):
            found: date = easter(year) + timedelta(days=days)
            if found >= self.today:
                break
        return self._day(found)

    def after(self, number: int, unit: str) -> Days:
        """So many days, working days, weeks or months from today; unclear if farther than anyone promises."""
        if number > _FARTHEST // {"week": 7, "month": 31}.get(unit, 1):
            return self.unclear
        if unit == "working_day":
            return self._working_day(number)
        if unit == "month":
            month = self.month(number)
            return self._day(month.first.replace(day=min(self.today.day, month.last.day)))
        return self._day(self.today + timedelta(days=number * (7 if unit == "week" else 1)))

    def _working_day(self, number: int) -> Days:
        """The working day after so many; the day of writing does not count."""
        day, left = self.today, number
        for _ in range(2 * _FARTHEST):
            if not left:
                return self._day(day)
            day += timedelta(days=1)
            left -= self._is_working_day(day)
        return self.unclear

    def _is_working_day(self, day: date) -> bool:
        week = self.calendar.week
        has_hours = bool(week[day.weekday()]) if len(week) == 7 and any(week) else day.weekday() in _WORKDAYS
        return has_hours and not self.calendar.closed(day)
