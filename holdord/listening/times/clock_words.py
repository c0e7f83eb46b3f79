"""Times of the clock among words: "kl. 14", "quarter past ten", "zwischen 8 und 12 Uhr", "before twelve"."""

from dataclasses import replace
from typing import Final

from holdord.listening.times.clocks import Clock, end_of_range
from holdord.listening.times.walk import UP_TO, Walk
from holdord.listening.times.words import clock_in, clocks_in, is_dash

_FULL_FIVES: Final = (5, 10, 20, 25)
_BEFORE_A_TIME: Final = (
    "day", "part", "weekday", "weekday_part", "on", "the", "before", "by", "latest", "window", "at",
)  # fmt: skip

Hour = tuple[Clock, int]
"""A clock and the word after it."""

ClockRead = tuple[Clock | None, int]
"""A clock and the word after it; no clock where it can't be told which half of the day is meant."""


class ClockWords(Walk):
    """Reads times of the clock in one sentence."""

    def read(self, at: int, marks: set[str] | frozenset[str], *, has_day: bool) -> ClockRead | None:
        """The time of the clock that begins at a word.

        A bare number is one only after "at", or where `marks` or a day beside it say so and it counts nothing.
        """
        if at >= len(self.tokens):
            return None
        begins = self.after(at, "at")
        has_at = begins is not None
        begins = at if begins is None else self.after(begins, "weak_at") or begins
        if begins >= len(self.tokens):
            return None
        read = self._range(begins, marks, has_at=has_at, has_day=has_day)
        if read is None:
            read = self._named(begins, marks) or self._spoken(begins)
        if read is None:
            read = self._plain(begins, marks, has_at=has_at, has_day=has_day)
        return read

    def _range(self, at: int, marks: set[str] | frozenset[str], *, has_at: bool, has_day: bool) -> ClockRead | None:
        """The end of a window: "8-12", "between 8 and 12", "fra 8 til 12"."""
        begins = self.after(at, "between")
        is_between = begins is not None or "between" in marks
        begins = at if begins is None else begins
        begins = self.after(begins, "at") or begins
        if begins >= len(self.tokens):
            return None
        both = clocks_in(self.tokens[begins].form)
        if both is not None:
            first, (last, ends) = both[0], self._suffixed(both[1], begins + 1)
        elif (unclear := self._minutes_or_range(begins)) is not None and not is_between:
            return unclear
        else:
            read = self._two(begins, is_between=is_between)
            if read is None:
                return None
            first, last, ends = read
        is_told = has_at or has_day or last.is_sure or ends > begins + 1 + (both is None) * 2
        if both is not None and not (is_told or is_between) and not self._has_uhr(ends):
            return None
        if not (has_at or has_day or self._has_uhr(ends - 1)) and not self.is_free(ends):
            return None
        part = self.meanings[ends].get("part", ("", 0))[0] if ends < len(self.tokens) else None
        return end_of_range(first, last, part, self.language), ends

    def _minutes_or_range(self, at: int) -> ClockRead | None:
        """The English "10 to 11" in digits can be a time and a window."""
        form = self.tokens[at].form
        if self.language != "en" or not form.isdecimal() or int(form) not in _FULL_FIVES or at + 2 >= len(self.tokens):
            return None
        last = self._hour(at + 2) if self.tokens[at + 1].form == "to" else None
        return (None, last[1]) if last is not None and not last[0].is_sure else None

    def _two(self, at: int, *, is_between: bool) -> tuple[Clock, Clock, int] | None:
        first = self._hour(at)
        if first is None:
            return None
        middle = first[1]
        if middle >= len(self.tokens):
            return None
        is_glued = first[1] > at + 1 and self.tokens[middle].start == self.tokens[middle - 1].end + 1  # "8am-12pm"
        if (is_dash(self.tokens[middle]) or is_glued) and self.tokens[middle].is_number:
            begins = middle
        else:
            joint = self.after(middle, "and" if is_between else "till")
            if joint is None or not (is_between or first[0].has_minutes or first[1] > at + 1 or self._before(at, "at")):
                return None
            begins = joint
        begins = self.after(begins, "at") or begins
        last = self._hour(begins)
        return (first[0], last[0], last[1]) if last is not None else None

    def _before(self, at: int, kind: str) -> bool:
        return at > 0 and kind in self.meanings[at - 1]

    def _named(self, at: int, marks: set[str] | frozenset[str]) -> Hour | None:
        """Noon and midnight. Where noon is a meal too, or a part of the day, it has to be a limit."""
        found = self.meanings[at].get("hour")
        if found is None or not (self.language == "en" or marks & UP_TO):
            return None
        return Clock(int(found[0]), is_sure=True), found[1]

    def _spoken(self, at: int) -> Hour | None:
        """ "Halv tre", "kvart i elleve", "twenty past four", "drei viertel vier"."""
        return self._half(at) or self._minutes_off(at) or self._quarters_of(at)

    def _half(self, at: int) -> Hour | None:
        together = self.meanings[at].get("half_hour")
        if together is not None:
            return Clock(int(together[0]), is_word=True).plus(-30), together[1]
        after = self.after(at, "half")
        hour = self._spoken_hour(after) if after is not None else None
        if hour is None:
            return None
        return hour[0].plus(30 if self.language == "en" else -30), hour[1]

    def _minutes_off(self, at: int) -> Hour | None:
        quarter, number = self.after(at, "quarter"), self.meanings[at].get("number")
        form = self.tokens[at].form
        if quarter is not None:
            minutes, after = 15, quarter
        elif number is not None and number[0].isdecimal() and number[0] in map(str, _FULL_FIVES):
            minutes, after = int(number[0]), number[1]
        elif form.isdecimal() and len(form) < 3 and int(form) in _FULL_FIVES:
            minutes, after = int(form), at + 1
        else:
            return None
        to, past = self.after(after, "to"), self.after(after, "past")
        if to is not None and not (self.language == "en" and self.tokens[at].is_number):
            begins, sign = to, -1
        elif past is not None:
            begins, sign = past, 1
        else:
            return None
        hour = (self._half(begins) if self.language != "en" else None) or self._spoken_hour(begins)
        if hour is None:
            return None
        return hour[0].plus(sign * minutes), hour[1]

    def _quarters_of(self, at: int) -> Hour | None:
        """The German "drei viertel vier": three quarters of the hour up to four are over."""
        if self.language != "de":
            return None
        together, after = self.after(at, "three_quarters"), self.after(at, "quarter")
        three = self.meanings[at].get("number", ("", at))
        if together is not None:
            minutes, begins = -15, together
        elif three[0] == "3" and (end := self.after(three[1], "quarter")) is not None:
            minutes, begins = -15, end
        elif after is not None:
            minutes, begins = -45, after
        else:
            return None
        hour = self._spoken_hour(begins)
        return (hour[0].plus(minutes), hour[1]) if hour is not None else None

    def _spoken_hour(self, at: int) -> Hour | None:
        """An hour of the face, one to twelve, that counts nothing."""
        if at >= len(self.tokens) or self.tokens[at].opens:
            return None
        token, number = self.tokens[at], self.meanings[at].get("number")
        if token.form.isdecimal() and len(token.form) < 3 and 1 <= int(token.form) <= 12:
            clock, after = Clock(int(token.form), is_word=True), at + 1
        elif number is not None and number[0].isdecimal() and 1 <= int(number[0]) <= 12:
            clock, after = Clock(int(number[0]), is_word=True), number[1]
        else:
            return None
        if after < len(self.tokens) and "unit" in self.meanings[after] and not self.tokens[after].opens:
            return None
        return self._suffixed(clock, after)

    def _plain(self, at: int, marks: set[str] | frozenset[str], *, has_at: bool, has_day: bool) -> ClockRead | None:
        """A number or the word for one."""
        token = self.tokens[at]
        bare_end = at + 1 if token.is_number else self.meanings[at].get("number", ("", at + 1))[1]
        read = self._hour(at, after_at=has_at)
        if read is None:
            return None
        clock, after = read
        if has_at or after > bare_end or ":" in token.form:
            return clock, after
        is_limit = bool(marks & UP_TO) or "weak_at" in marks
        if token.is_number and "." in token.form:
            is_clock = has_day and not self.counts(after) and "the" not in marks
            is_clock = is_clock or (is_limit and int(token.form.split(".")[1]) > 12 and self.is_free(after))
            return (clock, after) if is_clock else None
        if not token.is_number and token.form in self.vocabulary.lists["article_number"]:
            return None
        if "the" in marks or token.is_ordinal or self.counts(after):
            return None
        return (clock, after) if is_limit and (has_day or self.is_free(after)) and clock.hour else None

    def _hour(self, at: int, *, after_at: bool = False) -> Hour | None:
        """An hour with or without minutes, and with what tells the half of the day."""
        if at >= len(self.tokens):
            return None
        token, number = self.tokens[at], self.meanings[at].get("number")
        if token.is_number:
            clock = clock_in(token.form, after_at=after_at) if not token.is_ordinal else None
            after = at + 1
        elif number is not None and number[0].isdecimal() and int(number[0]) <= 24:
            clock, after = Clock(int(number[0]), is_sure=int(number[0]) > 12, is_word=True), number[1]
        else:
            return self._named(at, {"by"}) if "hour" in self.meanings[at] else self._spoken(at)
        if clock is None:
            return None
        return self._suffixed(clock, after)

    def _suffixed(self, clock: Clock, after: int) -> Hour:
        """With "Uhr", "o'clock", "am", "pm", "-tiden" behind it."""
        if after < len(self.tokens) and not self.tokens[after].opens:
            here = self.meanings[after]
            if "am" in here and clock.hour <= 12:
                return replace(clock, hour=clock.hour if clock.hour < 12 else 24, is_sure=True), here["am"][1]
            if "pm" in here and clock.hour <= 12:
                return replace(clock, hour=clock.hour % 12 + 12, is_sure=True), here["pm"][1]
            if "uhr" in here:
                return self._with_minutes(clock, here["uhr"][1])
        return clock, after

    def _with_minutes(self, clock: Clock, after: int) -> Hour:
        """ "14 Uhr 30"."""
        form = self.tokens[after].form if after < len(self.tokens) and not self.tokens[after].opens else ""
        if self.language == "de" and len(form) == 2 and form.isdecimal() and int(form) < 60 and not clock.has_minutes:
            return replace(clock, minute=int(form), has_minutes=True), after + 1
        return clock, after

    def _has_uhr(self, at: int) -> bool:
        return 0 <= at < len(self.tokens) and bool({"uhr", "am", "pm"} & self.meanings[at].keys())

    def is_free(self, at: int) -> bool:
        """Whether a number before this word counts nothing: a clause ends here, a time or a small word follows."""
        if at >= len(self.tokens) or self.tokens[at].opens:
            return True
        if self.counts(at):
            return False
        return self.tokens[at].form in self.vocabulary.lists["function"] or any(
            kind in self.meanings[at] for kind in _BEFORE_A_TIME
        )
