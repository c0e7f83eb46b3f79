"""The grammar of times: walks over the words of a sentence once and gives every time it tells, in order.

What is tried at a word looks a bounded number of words ahead, so that the time taken is linear in the words.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from holdord.listening.times import Vocabulary
from holdord.listening.times.day_words import DayWords
from holdord.listening.times.days import Days, Reckoning
from holdord.listening.times.lengths import Lengths
from holdord.listening.times.walk import UP_TO, Mention, Read, Walk
from holdord.listening.times.words import Token

_MARKS: Final = (
    "latest", "within", "before", "by", "not_before", "in", "start", "origin", "between", "on", "the", "weak_at", "for",
)  # fmt: skip
_BEGINNINGS: Final = frozenset(
    [
        "at", "between", "day", "end", "every", "few", "half", "half_hour", "hour", "last", "middle", "month", "next",
        "number", "ordinal", "part", "quarter", "span", "this", "three_quarters", "week_number", "weekday",
        "weekday_part", "weekday_past", "weekday_short", "window",
    ]
)  # fmt: skip
"""The kinds of phrases one of which every time begins with that does not begin with a number in digits."""
_FILLERS: Final = (*_MARKS, "of", "at")
_MOST_MARKS: Final = 5
_MOST_BETWEEN: Final = 4
"""Small words between the parts of one time."""


class Grammar(Walk):
    """Reads one sentence."""

    def __init__(
        self, tokens: Sequence[Token], vocabulary: Vocabulary, reckoning: Reckoning, written_at: datetime
    ) -> None:
        forms = [token.form for token in tokens]
        meanings = [vocabulary.meanings_at(forms, at) for at in range(len(tokens))]
        super().__init__(tokens, meanings, vocabulary, reckoning)
        self.days = DayWords(tokens, meanings, vocabulary, reckoning)
        self.lengths = Lengths(self.days, written_at)

    def mentions(self) -> list[Mention]:
        """Every time told, in order; none overlaps another."""
        found: list[Mention] = []
        at = 0
        while at < len(self.tokens):
            if not (self.meanings[at] or self.tokens[at].form[0].isdigit()):
                at += 1  # no word of time begins here, as with most words
                continue
            skipped = self.after(at, "skip")
            if skipped is not None:
                at = skipped
            elif (mention := self._mention(at)) is not None:
                found.append(mention)
                at = mention.end
            else:
                at += 1
        return found

    def _mention(self, start: int) -> Mention | None:
        marks: set[str] = set()
        at = start
        for _ in range(_MOST_MARKS):
            read = self._core(at, marks, None)
            if read is not None:
                mention = replace(read[0], start=start, end=read[1], marks=frozenset(marks) | read[0].marks)
                return self._with_what_follows(mention)
            kinds, after = self._marks_at(at, _MARKS)
            if not kinds or after >= len(self.tokens) or self.tokens[after].opens:
                return None
            if "skip" in self.meanings[after]:
                return None
            if (
                at == start
                and "the" in kinds
                and self._marks_at(after, _MARKS)[0]
                and self._core(after, kinds, None) is None
            ):
                start, kinds = after, set()  # "Du får den på lørdag": what is got, not when
            marks |= kinds
            at = after
        return None

    def _with_what_follows(self, mention: Mention) -> Mention:
        """Joins what stands beside it: "Friday" + "between 8 and 12" + "in the afternoon"."""
        grown = True
        while grown and mention.end < len(self.tokens) and mention.end - mention.start < 24:
            grown = False
            at, marks = mention.end, set[str]()
            for _ in range(4):
                if at >= len(self.tokens) or (
                    self.tokens[at].opens not in ("", ",", "(") and not self.tokens[at].is_number
                ):
                    break
                if "skip" in self.meanings[at]:
                    break
                read = self._core(at, marks, mention)
                if read is not None:
                    joined = self._joined(mention, read[0], marks)
                    if joined is not None:
                        mention = replace(joined, end=read[1])
                        grown = True
                    break
                kinds, after = self._marks_at(at, (*_FILLERS, "or", *(["and"] if "between" in mention.marks else [])))
                if not kinds:
                    break
                marks |= kinds
                at = after
        latest = self.after(mention.end, "latest")
        if latest is not None and self.ends_clause(latest):  # "Friday at the latest"
            return replace(mention, end=latest, marks=mention.marks | {"latest"})
        return mention

    def _joined(self, one: Mention, other: Mention, marks: set[str]) -> Mention | None:
        """Both as one time, or None if they are two."""
        if one.moment or other.moment:
            return None
        if other.is_unclear and other.days is None:
            return replace(one, is_unclear=True)
        if other.clock is not None and other.days is None:
            if one.clock is not None or one.is_unclear:
                return None
            if "not_before" in marks and not UP_TO & marks:
                return one
            return replace(one, clock=other.clock, part=one.part or other.part, marks=one.marks | (marks & UP_TO))
        if other.part is not None and other.days is None:
            return replace(one, part=other.part) if one.part is None else None
        if other.days is None:
            return None
        if one.days is None:
            return replace(
                one, days=other.days, part=one.part or other.part, marks=one.marks | marks,
                is_unclear=one.is_unclear or other.is_unclear,
            )  # fmt: skip
        days = self._days_together(one, other, marks)
        if days is None:
            return None
        return replace(one, days=days, part=one.part or other.part, is_unclear=days.unclear, is_length=one.is_length)

    def _days_together(self, one: Mention, other: Mention, marks: set[str]) -> Days | None:
        first, second = one.days, other.days
        assert first is not None
        assert second is not None
        if "or" in marks or ("between" in one.marks and "and" in marks):
            if first.unclear or second.unclear:
                return self.reckoning.unclear
            if second.last < first.last and first.weekday is not None and second.weekday is not None:
                second = replace(second, last=second.last + timedelta(days=7))
            return replace(second, first=min(first.first, second.first)) if second.last >= first.last else None
        if one.part == "close" or other.part == "close":
            return second if one.part == "close" else first
        if (first.weekday is not None or first.is_counted) and other.is_length and "in" in marks:
            ahead = second.last - self.reckoning.today
            return replace(first, first=first.first + ahead, last=first.last + ahead) if ahead.days % 7 == 0 else None
        if one.is_length and second.is_counted:
            ahead = first.last - self.reckoning.today
            return replace(second, first=second.first + ahead, last=second.last + ahead)
        if first.unclear or second.unclear:
            return self.reckoning.unclear if first.weekday is not None and second.kind == "window" else None
        if first.weekday is not None and second.kind == "window":
            return self.reckoning.weekday_in(first.weekday, second)
        if first.kind == "window" and second.weekday is not None:
            return self.reckoning.weekday_in(second.weekday, first)
        if first.kind == "point" and second.kind == "point":
            if first.weekday is not None and second.weekday is None:
                agrees = second.last.weekday() == first.weekday
                return replace(second, weekday=first.weekday) if agrees else self.reckoning.unclear
            return first if first.last == second.last else None
        return second if second.first <= first.last and second.kind == "end" and first.kind == "end" else None

    def _core(self, at: int, marks: set[str], joins: Mention | None) -> Read | None:
        """The time that begins right at a word."""
        if at >= len(self.tokens) or not (self.is_number(at) or _BEGINNINGS & self.meanings[at].keys()):
            return None
        clock = self.days.clocks.read(at, marks, has_day=joins is not None and joins.days is not None)
        phrase = self.days.phrase(at, marks, joins)
        length = self.lengths.read(at, marks, joins)
        if (
            length is not None
            and (clock is None or length[1] >= clock[1])
            and (phrase is None or length[1] >= phrase[1])
        ):
            return length
        if clock is not None and (phrase is None or clock[1] >= phrase[1]):
            read, after = clock
            mention = Mention(at, after, clock=read, is_unclear=read is None)
            return mention, after
        return phrase or self.days.date(at, marks, joins)

    def _marks_at(self, at: int, kinds: Sequence[str]) -> tuple[set[str], int]:
        """The kinds of the longest marking phrase here, and the word after it."""
        if at >= len(self.tokens):
            return set(), at
        here = self.meanings[at]
        ends = {kind: here[kind][1] for kind in kinds if kind in here}
        longest = max(ends.values(), default=at)
        return {kind for kind, end in ends.items() if end == longest}, longest
