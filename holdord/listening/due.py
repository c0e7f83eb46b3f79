"""By when: the times a sentence tells, and which of them is the due time of a promise.

The clock time if it is said, the end of a window, else the day. What could mean two times is none, and what is over is
never due: finding nothing costs a question, inventing something costs a broken promise. Linear in the words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from holdord.kernel.languages import closest
from holdord.kernel.working_time import Calendar
from holdord.listening.text import Sentence
from holdord.listening.times import Vocabulary, vocabulary
from holdord.listening.times.clocks import PART_ENDS, Clock, moment_of, told
from holdord.listening.times.days import Days, Reckoning
from holdord.listening.times.grammar import Grammar
from holdord.listening.times.walk import UP_TO, Mention
from holdord.listening.times.words import Token, tokens_of

_SUFFIXED: Final = frozenset(["da", "nb", "sv"])
"""The languages that hang "the" on the noun."""
_PAST_REACHES: Final = 6
"""Words after a verb in the past that still belong to it."""
_FRAGMENT: Final = 2
"""Words beside a time up to which a clause says nothing of its own."""


@dataclass(frozen=True, slots=True)
class Due:
    """A time that was told: a moment where the clock or a length in hours was, else a day of the desk's zone.

    `start` and `end` are the characters of the original that tell it.
    """

    at: datetime | None
    on: date
    start: int
    end: int
    is_past: bool = False


def find_due(
    sentence: Sentence,
    *,
    language: str,
    written_at: datetime,
    calendar: Calendar,
    near: tuple[int, int] | None = None,
) -> Due | None:
    """By when what the sentence promises is due; None if it doesn't say so clearly.

    `near` is the span of the promise's clause: a time told elsewhere in the sentence is not its.
    """
    read = _Told.read(sentence, language, written_at, calendar)
    return read.due(near) if read is not None else None


def times_in(sentence: Sentence, *, language: str, written_at: datetime, calendar: Calendar) -> list[Due]:
    """Every time that is told clearly, in order, whatever it is the time of; with whether it is past."""
    read = _Told.read(sentence, language, written_at, calendar)
    return read.all() if read is not None else []


class _Told:
    """The times of one sentence, what stands together joined."""

    def __init__(
        self, tokens: Sequence[Token], words: Vocabulary, written_at: datetime, calendar: Calendar, language: str
    ) -> None:
        self.tokens, self.words, self.calendar, self.language = tokens, words, calendar, language
        self.now = calendar.local(written_at)
        self.grammar = Grammar(tokens, words, Reckoning(self.now.date(), calendar, language), self.now)
        self.mentions = self._joined(self.grammar.mentions())

    @classmethod
    def read(cls, sentence: Sentence, language: str, written_at: datetime, calendar: Calendar) -> "_Told | None":
        """None for a language that isn't known."""
        known = closest(language)
        if known is None:
            return None
        return cls(tokens_of(sentence), vocabulary(known), written_at, calendar, known)

    def all(self) -> list[Due]:
        """Every time that is clear."""
        return [due for at in range(len(self.mentions)) if (due := self._resolved(at)) is not None]

    def due(self, near: tuple[int, int] | None) -> Due | None:
        """The time of the clause."""
        candidates = [at for at in self._belonging(near) if not self._is_of_something_else(at)]
        candidates = self._without_what_it_is_for(candidates)
        candidates = [at for at in candidates if self.mentions[at].is_unclear or not self._is_over(at)]
        if not candidates:
            return None
        first = candidates[0]
        limits = [at for at in candidates[1:] if self._is_limit_of(at, first)]
        chosen = limits[-1] if limits else first
        if self.mentions[chosen].is_length and self._awaits_something(chosen):
            return None
        return self._resolved(chosen)

    def _is_limit_of(self, later: int, first: int) -> bool:
        """Whether a time says the latest for the first: "in a few days, on Friday at the latest"."""
        mention = self.mentions[later]
        apart = self._clause(later) - self._clause(first)
        return "latest" in mention.marks and apart <= 1 and (apart == 0 or self._is_fragment(self._clause(later)))

    # Joining what is told apart: "Kl. 19 ringer jeg til dig i aften".

    def _joined(self, mentions: Iterable[Mention]) -> list[Mention]:
        self._alone: list[Mention] = list(mentions)
        self._words_beside = self._count_words_beside(self._alone)
        joined: list[Mention] = []
        for mention in self._alone:
            together = self._together(joined[-1], mention) if joined else None
            if together is not None:
                joined[-1] = replace(together, end=mention.end)
            else:
                joined.append(mention)
        return joined

    def _together(self, one: Mention, other: Mention) -> Mention | None:
        if one.is_unclear or other.is_unclear or one.moment or other.moment or not self._are_neighbours(one, other):
            return None
        if one.days is not None and other.days is not None:
            if one.days.last != other.days.last or one.days.kind == "window":
                return None
            return replace(one, clock=one.clock or other.clock, part=one.part or other.part)
        if other.days is not None:
            if self._is_attribute(other):
                return None
            return replace(
                one, days=other.days, part=one.part or other.part, is_length=other.is_length,
                marks=one.marks | other.marks,
            )  # fmt: skip
        if "not_before" in other.marks and not UP_TO & other.marks:
            return one
        if one.clock is not None and other.clock is not None:
            return replace(one, clock=other.clock) if "latest" in other.marks else None
        if one.days is None or self._is_attribute(one):
            return None
        return replace(one, clock=one.clock or other.clock, part=one.part or other.part)

    def _are_neighbours(self, one: Mention, other: Mention) -> bool:
        """In one clause, or the one beside it that says nothing else; not parted by "and"."""
        first, second = self.tokens[one.end - 1].clause, self.tokens[other.start].clause
        if second - first > 1:
            return False
        if second != first and not (self._is_fragment(first) or self._is_fragment(second)):
            return False
        between = self.tokens[one.end : min(other.start, one.end + 30)]
        return all(token.form not in self.words.lists["conjunction"] for token in between)

    def _count_words_beside(self, mentions: Iterable[Mention]) -> dict[int, int]:
        """By clause, how many words tell no time."""
        taken = {at for mention in mentions for at in range(mention.start, mention.end)}
        counted: dict[int, int] = {}
        for at, token in enumerate(self.tokens):
            counted[token.clause] = counted.get(token.clause, 0) + (at not in taken)
        return counted

    def _is_fragment(self, clause: int) -> bool:
        return self._words_beside.get(clause, 0) <= _FRAGMENT

    def _clause(self, at: int) -> int:
        return self.tokens[self.mentions[at].start].clause

    # Which of them is the promise's.

    def _belonging(self, near: tuple[int, int] | None) -> list[int]:
        """The times in the clauses of the span; else those of a clause beside them that says nothing else."""
        every = list(range(len(self.mentions)))
        if near is None:
            return every
        clauses = {token.clause for token in self.tokens if token.start < near[1] and token.end > near[0]}
        inside = [at for at in every if self._clauses_of(at) & clauses]
        if inside or not clauses:
            return inside
        beside = {min(clauses) - 1, max(clauses) + 1}
        return [at for at in every if any(map(self._is_fragment, self._clauses_of(at) & beside))]

    def _clauses_of(self, at: int) -> set[int]:
        mention = self.mentions[at]
        return {self.tokens[mention.start].clause, self.tokens[mention.end - 1].clause}

    def _is_of_something_else(self, at: int) -> bool:
        return self._is_attribute(self.mentions[at])

    def _is_attribute(self, mention: Mention) -> bool:
        """Whether a time tells which thing is meant: "the parcel from 3 March", "your wedding on Saturday"."""
        opens_clause = mention.start == 0 or self.tokens[mention.start - 1].clause != self.tokens[mention.start].clause
        if opens_clause or mention.marks & UP_TO:
            return False
        is_counted = mention.days is not None and mention.days.is_counted
        if "origin" in mention.marks and not is_counted and mention.days is not None:
            return True
        before = self.tokens[mention.start - 1].form
        if before not in self.words.lists["event"] and not before.endswith(self.words.events):
            return False
        articles = {token.form for token in self.tokens[max(0, mention.start - 3) : mention.start - 1]}
        if articles & self.words.lists["indefinite"]:
            return False
        is_definite = self.language in _SUFFIXED and before.endswith(("en", "et", "an", "na", "sa"))
        return is_definite or bool(articles & self.words.lists["definite"])

    def _without_what_it_is_for(self, candidates: list[int]) -> list[int]:
        """Of two times in a clause the first is not the promise's if it follows "for your ..."."""
        if len(candidates) < 2:
            return candidates
        first, second = self.mentions[candidates[0]], self.mentions[candidates[1]]
        if self._clause(candidates[0]) != self._clause(candidates[1]) or not self._are_neighbours(first, second):
            return candidates
        before = range(max(0, first.start - 4), max(0, first.start - 1))
        is_for = any("for" in self.grammar.meanings[at] for at in before)
        return candidates[1:] if is_for else candidates

    def _awaits_something(self, at: int) -> bool:
        """Whether the sentence has a condition that a length counts from: "once it is in, within five days"."""
        starts = {mention.start for mention in self._alone}
        for index, token in enumerate(self.tokens):
            opens = index == 0 or self.tokens[index - 1].clause != token.clause or index == self.mentions[at].end
            here = self.grammar.meanings[index]
            if opens and "opener" in here and "opener_not" not in here and index not in starts:
                return True
        return False

    # From what is told to when it is.

    def _is_over(self, at: int) -> bool:
        due = self._resolved(at)
        return due is None or due.is_past

    def _resolved(self, at: int) -> Due | None:
        mention = self.mentions[at]
        if mention.is_unclear:
            return None
        start, end = self.tokens[mention.start].start, self.tokens[mention.end - 1].end
        if mention.moment is not None:
            return Due(mention.moment, mention.moment.date(), start, end)
        days = mention.days or self._day_of_clock(at)
        if days is None:
            return None
        on = _last_day(days, mention)
        if on is None:
            return None
        past = on < self.now.date() or self._is_told_as_past(mention)
        if mention.clock is None:
            part_is_over = on == self.now.date() and self.now.hour >= PART_ENDS.get(mention.part or "", 24)
            return Due(None, on, start, end, past or part_is_over)
        clock = self._clock_meant(mention.clock, mention.part, on)
        if clock is None:
            return None
        if clock.hour >= 24:
            return Due(None, on, start, end, past)
        moment = moment_of(days.last, clock.minutes, self.calendar.zone)
        return Due(moment, moment.date(), start, end, past or moment <= self.now)

    def _clock_meant(self, clock: Clock, part: str | None, on: date) -> Clock | None:
        """Said of today after the hour has passed, a spoken hour is that of the evening."""
        meant = told(clock, part, self.language)
        is_spoken = clock.is_word or self.language == "en"
        if meant is None or on != self.now.date() or clock.is_sure or part or not is_spoken or meant.hour >= 12:
            return meant
        return replace(meant, hour=meant.hour + 12) if meant.minutes <= self.now.hour * 60 + self.now.minute else meant

    def _day_of_clock(self, at: int) -> Days | None:
        """The day of a clock time told alone: that of the time before it in the sentence, else today if still ahead."""
        mention = self.mentions[at]
        if mention.clock is None or "not_before" in mention.marks:
            return None
        for earlier in reversed(self.mentions[max(0, at - 3) : at]):
            if earlier.is_unclear:
                return None
            if earlier.days is not None and not self._is_attribute(earlier):
                return earlier.days if earlier.days.kind == "point" and earlier.days.last >= self.now.date() else None
        clock = told(mention.clock, mention.part, self.language)
        if clock is None or clock.minutes <= self.now.hour * 60 + self.now.minute:
            return None
        return Days(self.now.date(), self.now.date())

    def _is_told_as_past(self, mention: Mention) -> bool:
        """Whether a verb in the past stands before it, as in "was with you on Monday"."""
        if mention.days is not None and mention.days.is_counted:
            return False
        for at in range(mention.start - 1, max(-1, mention.start - 1 - _PAST_REACHES), -1):
            token = self.tokens[at]
            if token.clause != self.tokens[mention.start].clause or token.form in self.words.lists["past_undone"]:
                return False
            if token.form in self.words.lists["past_verb"]:
                return True
        return False


def _last_day(days: Days, mention: Mention) -> date | None:
    """The day by which a window is over; "before Christmas" and "before Friday" are over the day before."""
    before, limits = "before" in mention.marks, UP_TO & mention.marks
    if "not_before" in mention.marks and not limits:
        return None if mention.clock is None or not days.is_counted else days.last
    if mention.clock is not None:
        return days.last if days.kind in ("point", "end") else None
    is_aim = bool(limits) or "for" in mention.marks
    match days.kind:
        case "feast":
            return days.first - timedelta(days=1) if is_aim else None
        case "weekend":
            return days.first - timedelta(days=1) if is_aim else days.last
        case "window":
            return days.last if not before else None
        case "point" if before:
            return days.first - timedelta(days=1)
        case _:
            return days.last
