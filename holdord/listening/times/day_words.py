"""Days among words: "tomorrow", "Friday next week", "end of March", "uge 12", "12/3", "the 1st of next month"."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from holdord.listening.times import Vocabulary
from holdord.listening.times.clock_words import ClockWords
from holdord.listening.times.days import Days, Reckoning
from holdord.listening.times.walk import UP_TO, Mention, Read, Walk, told_days
from holdord.listening.times.words import Token, date_in, day_and_month_in, last_day_in

_LIMITS: Final = frozenset(["by", "before", "latest", "within"])
_AIMED: Final = frozenset([*_LIMITS, "on", "in", "for", "not_before", "start"])
"""Without one of these a bare "weekend" or "the day" tells no time."""
_SOON: Final = timedelta(days=100)
"""Up to when "in May" is a time ahead; else it is rather told of the past."""


class DayWords(Walk):
    """Reads days in one sentence."""

    def __init__(
        self,
        tokens: Sequence[Token],
        meanings: Sequence[Mapping[str, tuple[str, int]]],
        vocabulary: Vocabulary,
        reckoning: Reckoning,
    ) -> None:
        super().__init__(tokens, meanings, vocabulary, reckoning)
        self.clocks = ClockWords(tokens, meanings, vocabulary, reckoning)

    def phrase(self, at: int, marks: set[str], joins: Mention | None) -> Read | None:
        """The longest of the phrases that mean days, and the words built with weekdays and ends."""
        has_day = joins is not None and joins.days is not None
        reads = (
            self.named(at, marks, has_day=has_day), self._window(at, marks), self.weekday(at), self._built(at),
            self._numbered_week(at), self._month_alone(at, marks),
        )  # fmt: skip
        return max((read for read in reads if read is not None), key=lambda read: read[1], default=None)

    def named(self, at: int, marks: set[str] | frozenset[str] = frozenset(), *, has_day: bool = False) -> Read | None:
        """ "Tomorrow", "tonight", "in the morning". Beside a day the German "morgen" is the morning."""
        day, part = self.meanings[at].get("day"), self.meanings[at].get("part")
        if day is not None and day[0] == "0 close" and not (marks & _AIMED or has_day):
            day = None
        if day is not None and (part is None or part[1] < day[1] or (part[1] == day[1] and not has_day)):
            ahead, _, told_part = day[0].partition(" ")
            days = self.reckoning.closing() if told_part == "close" else self.reckoning.ahead(int(ahead))
            return told_days(at, day[1], days, told_part or None)
        if part is not None:
            return Mention(at, part[1], part=part[0]), part[1]
        return None

    def _window(self, at: int, marks: set[str]) -> Read | None:
        found = self.meanings[at].get("window")
        if found is None or (found[0] in ("week 0", "weekend") and found[1] == at + 1 and not marks & _AIMED):
            return None
        days = self._window_meant(found[0], marks)
        return told_days(at, found[1], days) if days is not None else None

    def _window_meant(self, meaning: str, marks: set[str]) -> Days | None:
        kind, _, ahead = meaning.partition(" ")
        reckon = self.reckoning
        match kind:
            case "week":
                return reckon.week(int(ahead))
            case "month":
                return reckon.month(int(ahead)) if int(ahead) or marks & {"within", "on", "in"} else None
            case "year":
                return reckon.year(int(ahead)) if marks & {"within", "before", "by"} else None
            case "week_end":
                return reckon.end_of(reckon.week(int(ahead)))
            case "month_end":
                return reckon.end_of(reckon.month(int(ahead)))
            case "month_turn":
                return reckon.end_of(reckon.month(0)) if marks & {*UP_TO, "for"} else reckon.unclear
            case "year_end":
                return reckon.end_of(reckon.year(int(ahead)))
            case "weekend":
                return reckon.weekend()
            case "christmas":
                return reckon.feast(12, 25 if reckon.language == "en" else 24)
            case "new_year":
                return reckon.feast(1, 1)
            case "easter":
                return reckon.from_easter(int(ahead))
            case "unclear":
                return reckon.unclear
        month, _, day = kind.partition("-")
        return reckon.named_day(int(month), int(day))

    def weekday(self, at: int) -> Read | None:
        here = self.meanings[at]
        if (past := here.get("weekday_past")) is not None:
            return told_days(at, past[1], self.reckoning.last_weekday(int(past[0])))
        if (joined := here.get("weekday_part")) is not None:
            weekday, part = joined[0].split()
            return told_days(at, joined[1], self.reckoning.weekday(int(weekday)), part)
        if (full := here.get("weekday")) is not None:
            return told_days(at, *self._weeks_on(full[1], self.reckoning.weekday(int(full[0]))))
        if (short := here.get("weekday_short")) is not None and self._is_day_or_clock(short[1]):
            return told_days(at, short[1], self.reckoning.weekday(int(short[0])))
        return None

    def _weeks_on(self, after: int, days: Days) -> tuple[int, Days]:
        """The British "Tuesday week"."""
        for kind, ahead in (("and_after", 7), ("fortnight_after", 14)):
            end = self.after(after, kind)
            if end is not None and not self.is_number(end):
                ahead_by = timedelta(days=ahead)
                return end, replace(days, first=days.first + ahead_by, last=days.last + ahead_by)
        return after, days

    def _is_day_or_clock(self, at: int) -> bool:
        """Whether what follows "man", "so" or "sat" shows that it is a weekday: "man. d. 3", "sat 9am"."""
        if at >= len(self.tokens) or self.tokens[at].opens:
            return False
        if "part" in self.meanings[at] or self.clocks.read(at, set(), has_day=False) is not None:
            return True
        after_at = self.after(at, "weak_at")
        if after_at is not None and self.clocks.read(after_at, {"weak_at"}, has_day=True) is not None:
            return True
        after = self.after(at, "the") or at
        return self.is_number(after) and (after > at or self.date(at, set(), None) is not None)

    def _built(self, at: int) -> Read | None:
        """ "End of March", "next Friday", "every Monday"."""
        for kind in ("end", "middle", "next", "this", "last", "every"):
            after = self.after(at, kind)
            if after is None or after >= len(self.tokens):
                continue
            weekday = self.meanings[after].get("weekday") or self.meanings[after].get("weekday_part")
            if kind in ("end", "middle"):
                read = self._end_of(at, after, kind) or self._end_of(at, self.after(after, "the") or after, kind)
                if read is not None:
                    return read
            elif weekday is not None:
                number, _, part = weekday[0].partition(" ")
                return told_days(at, weekday[1], self._near_weekday(kind, int(number)), part or None)
            elif kind == "last" and "window" in self.meanings[after]:
                return told_days(at, self.meanings[after]["window"][1], self.reckoning.ahead(-1))
            elif kind == "every" and "unit" in self.meanings[after]:
                return told_days(at, self.meanings[after]["unit"][1], self.reckoning.unclear)
            elif kind == "next" and "month" in self.meanings[after]:
                return told_days(at, self.meanings[after]["month"][1], self.reckoning.unclear)
        return None

    def _near_weekday(self, kind: str, weekday: int) -> Days:
        reckon = self.reckoning
        if kind == "next":
            return reckon.next_weekday(weekday)
        if kind == "last":
            return reckon.last_weekday(weekday)
        is_clear = kind == "this" and weekday != reckon.today.weekday()
        return reckon.weekday(weekday) if is_clear else reckon.unclear

    def _end_of(self, at: int, after: int, kind: str) -> Read | None:
        if after >= len(self.tokens):
            return None
        month, window = self.meanings[after].get("month"), self.meanings[after].get("window")
        if window is not None:
            days, after = self._window_meant(window[0], {"within"}), window[1]
        elif month is not None:
            year, after = self._year(month[1])
            days = self.reckoning.named_month(int(month[0]), year)
        else:
            return None
        if days is None or days.kind != "window" or kind == "middle":
            return told_days(at, after, self.reckoning.unclear)
        return told_days(at, after, self.reckoning.end_of(days))

    def _numbered_week(self, at: int) -> Read | None:
        after = self.after(at, "week_number")
        if after is None or not self.is_number(after):
            return None
        first, _, last = self.form(after).partition("-")
        if not (first.isdecimal() and len(first) < 3 and (last or first).isdecimal() and len(last) < 3):
            return None
        after += 1
        following = self.after(after, "or")
        if not last and following is not None and self.form(following).isdecimal():
            last, after = self.form(following), following + 1
        days = self.reckoning.week_number(int(first), int(last) if last else None)
        return told_days(at, after, days or self.reckoning.unclear)

    def _month_alone(self, at: int, marks: set[str]) -> Read | None:
        month = self.meanings[at].get("month")
        is_whole = len(self.form(at)) > 3 or self.form(at) in ("maj", "mai", "may")
        if month is None or not is_whole or not marks & {"on", "in", *_LIMITS}:
            return None
        if self.is_number(month[1]) and not self.form(month[1]).startswith("20"):
            return None
        year, after = self._year(month[1])
        days = self.reckoning.named_month(int(month[0]), year)
        ahead = days.first - self.reckoning.today
        if year is None and not marks & _LIMITS and not timedelta() < ahead < _SOON:
            return None
        return told_days(at, after, days)

    def date(self, at: int, marks: set[str], joins: Mention | None) -> Read | None:
        """ "12 March", "May 3rd", "12/3", "the 3rd", "the 1st of next month"."""
        month = self.meanings[at].get("month")
        if month is not None:
            following = self.after(month[1], "the") or month[1]
            day = self._day_number(following)
            if self.reckoning.language != "en" or day is None:
                return None
            return self._dated(at, day[1], day[0], int(month[0]))
        form = self.form(at)
        is_marked = "the" in marks or (joins is not None and joins.days is not None and joins.days.weekday is not None)
        if self.tokens[at].is_number and not form.isdecimal():
            month = self.meanings[at + 1].get("month") if at + 1 < len(self.tokens) else None
            if month is not None and (last_day := last_day_in(form)) is not None:
                return self._dated(at, month[1], last_day, int(month[0]))
            days = date_in(form, self.reckoning)
            if days is None and (is_marked or self.clocks.is_free(at + 1)):
                days = day_and_month_in(form, self.reckoning, is_marked=is_marked)
            return told_days(at, at + 1, days) if days is not None else None
        day = self._day_number(at)
        return self._numbered_day(at, day, is_marked=is_marked) if day is not None else None

    def _numbered_day(self, at: int, day: tuple[int, int], *, is_marked: bool) -> Read | None:
        number, after = day
        if self.is_number(after) and (larger := self._day_number(after)) is not None and larger[0] > number:
            gap = self.tokens[after].start - self.tokens[after - 1].end
            if gap == len(".-") or self.tokens[after].opens:  # "9.-12. marts", "9.–12. marts"
                until = self._numbered_day(after, larger, is_marked=is_marked)
                return (replace(until[0], start=at), until[1]) if until is not None else None
        of = self.after(after, "of") or after
        for following in (after, after + 1, of, self.after(of, "the") or of):
            if following >= len(self.tokens) or (following == after + 1 and following > of):
                continue
            month, window = self.meanings[following].get("month"), self.meanings[following].get("window")
            if month is not None:
                return self._dated(at, month[1], number, int(month[0]))
            if window is not None and window[0].startswith("month "):
                days = self._in_month(number, int(window[0].split()[1]))
                return told_days(at, window[1], days) if days is not None else None
        if not self._stands_alone(at, after, is_marked=is_marked):
            return None
        return told_days(at, after, self.reckoning.day_of_month(number))

    def _in_month(self, number: int, ahead: int) -> Days | None:
        found = self.reckoning.day_in_month(number, self.reckoning.month(ahead))
        if found is not None and not ahead and found.last < self.reckoning.today:
            return self.reckoning.day_in_month(number, self.reckoning.month(1))
        return found

    def _stands_alone(self, at: int, after: int, *, is_marked: bool) -> bool:
        """Whether a number without a month is a day of the month."""
        if self.counts(after):
            return False
        token = self.tokens[at]
        if not token.is_number:
            return is_marked and self.reckoning.language == "de" and self.clocks.is_free(after)
        return token.is_ordinal or is_marked

    def _dated(self, at: int, after: int, day: int, month: int) -> Read | None:
        year, after = self._year(after)
        days = self.reckoning.dated(day, month, year)
        return told_days(at, after, days) if days is not None else None

    def _year(self, at: int) -> tuple[int | None, int]:
        is_year = at < len(self.tokens) and len(self.form(at)) == 4 and self.form(at).isdecimal()
        return (int(self.form(at)), at + 1) if is_year and self.form(at).startswith("20") else (None, at)

    def _day_number(self, at: int) -> tuple[int, int] | None:
        if at >= len(self.tokens):
            return None
        form = self.form(at)
        if form.isdecimal():
            return (int(form), at + 1) if len(form) < 3 and 1 <= int(form) <= 31 else None
        ordinal = self.meanings[at].get("ordinal")
        return (int(ordinal[0]), ordinal[1]) if ordinal is not None else None
