"""Lengths of time among words: "two hours", "inden for tre arbejdsdage", "a few days", "a week on Monday"."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from holdord.listening.times.day_words import DayWords
from holdord.listening.times.walk import Mention, Read, Walk, told_days
from holdord.listening.times.words import amount_in


class Lengths(Walk):
    """Reads lengths in one sentence, counted from the moment of writing."""

    def __init__(self, days: DayWords, written_at: datetime) -> None:
        super().__init__(days.tokens, days.meanings, days.vocabulary, days.reckoning)
        self.days = days
        self.written_at = written_at

    def read(self, at: int, marks: set[str], joins: Mention | None) -> Read | None:
        """ "Two hours", "en halv time"; "a few days" is unclear."""
        read = self._amount(at)
        if read is None:
            return None
        number, unit, after = read
        is_meant = bool(marks & {"in", "within", "latest"})
        if number is None:
            return told_days(at, after, self.reckoning.unclear) if is_meant else None
        counted_from = self._from_now(after)
        if counted_from is not None:
            after = counted_from
        elif self._counts_from_else(after):
            return told_days(at, after, self.reckoning.unclear) if is_meant else None
        elif not is_meant:
            is_weeks = unit == "week" or (unit == "day" and number % 7 == 0)
            return self._weeks_before_a_day(at, after, int(number), unit) if is_weeks and joins is None else None
        return self._reckoned(at, after, number, unit)

    def _reckoned(self, at: int, after: int, number: float, unit: str) -> Read | None:
        if unit in ("minute", "hour"):
            if number > 24 * 60:
                return None
            passes = timedelta(minutes=number * (60 if unit == "hour" else 1))
            moment = (self.written_at.astimezone(UTC) + passes).astimezone(self.written_at.tzinfo)
            return Mention(at, after, moment=moment, is_length=True), after
        days = self.reckoning.after(int(number), unit) if number == int(number) else self.reckoning.unclear
        return Mention(at, after, days=days, is_length=True, is_unclear=days.unclear), after

    def _weeks_before_a_day(self, at: int, after: int, number: int, unit: str) -> Read | None:
        """ "A week on Monday", "a week tomorrow"."""
        following = self.after(after, "on") or after
        if self.reckoning.language != "en" or following >= len(self.tokens):
            return None
        day = self.days.named(following) or self.days.weekday(following)
        if day is None or day[0].days is None or day[0].days.last < self.reckoning.today:
            return None
        ahead = timedelta(days=number * (7 if unit == "week" else 1))
        days = replace(day[0].days, first=day[0].days.first + ahead, last=day[0].days.last + ahead)
        return told_days(at, day[1], days, day[0].part)

    def _amount(self, at: int) -> tuple[float | None, str, int] | None:
        """A number with its unit, and the word after them; no number for "a few"."""
        here = self.meanings[at]
        if "span" in here:
            number, unit = here["span"][0].split()
            return float(number), unit, here["span"][1]
        if "few" in here and (unit_after := self._unit(here["few"][1])) is not None:
            return None, *unit_after
        amount = self._number(at)
        if amount is None:
            return None
        number_told, after = amount
        if after + 1 < len(self.tokens) and (self.after(after, "or") is not None or self._is_dashed(after)):
            larger = self._number(after if self._is_dashed(after) else after + 1)
            if larger is None or larger[0] <= number_told:
                return None
            number_told, after = larger
        if after < len(self.tokens) and self.form(after) == "½":
            number_told, after = number_told + 0.5, after + 1
        unit_found = self._unit(after)
        return (number_told, *unit_found) if unit_found is not None else None

    def _is_dashed(self, at: int) -> bool:
        return self.tokens[at].is_number and self.tokens[at].opens in ("–", "—", "-")

    def _number(self, at: int) -> tuple[float, int] | None:
        if at >= len(self.tokens):
            return None
        if self.tokens[at].is_number:
            amount = amount_in(self.form(at)) if not self.tokens[at].is_ordinal else None
            return (amount, at + 1) if amount is not None else None
        number = self.meanings[at].get("number")
        return (float(number[0]), number[1]) if number is not None else None

    def _unit(self, at: int) -> tuple[str, int] | None:
        if at >= len(self.tokens) or (self.tokens[at].opens and not self.tokens[at].is_number):
            return None
        return self.meanings[at].get("unit")

    def _from_now(self, at: int) -> int | None:
        """ "From now", "från idag"."""
        after = self.after(at, "relative")
        return self.after(after, "now") if after is not None else None

    def _counts_from_else(self, at: int) -> bool:
        """ "Of receipt", "efter levering": the length counts from what we don't know."""
        after = self.after(at, "relative")
        if after is None or after >= len(self.tokens) or self.tokens[at].opens or self.tokens[after].opens:
            return False
        return "skip" not in self.meanings[at] and self.days.clocks.read(after, {"before"}, has_day=True) is None
