"""Walking over the words of a sentence with what their phrases mean; the readers of times build on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from holdord.listening.times import Vocabulary
from holdord.listening.times.clocks import Clock
from holdord.listening.times.days import Days, Reckoning
from holdord.listening.times.words import Token

UP_TO: Final = frozenset(["before", "by", "latest"])
"""The marks of a limit."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A time as it is told. `start` and `end` count words; `marks` are the kinds of words before it: "by"."""

    start: int
    end: int
    marks: frozenset[str] = frozenset()
    days: Days | None = None
    clock: Clock | None = None
    part: str | None = None
    moment: datetime | None = None
    is_unclear: bool = False
    is_length: bool = False
    """A length of time: in a sentence with a condition it counts from what is awaited."""


Read = tuple[Mention, int]
"""What was read, and the word after it."""


def told_days(at: int, after: int, days: Days, part: str | None = None) -> Read:
    """Days, as they are told by the words from `at` to `after`."""
    return Mention(at, after, days=days, part=part, is_unclear=days.unclear), after


class Walk:
    """The words of one sentence. `meanings` says of each word which phrases begin there."""

    def __init__(
        self,
        tokens: Sequence[Token],
        meanings: Sequence[Mapping[str, tuple[str, int]]],
        vocabulary: Vocabulary,
        reckoning: Reckoning,
    ) -> None:
        self.tokens = tokens
        self.meanings = meanings
        self.vocabulary = vocabulary
        self.reckoning = reckoning
        self.language = reckoning.language

    def after(self, at: int, kind: str) -> int | None:
        """The word after a phrase of this kind, if one begins here."""
        found = self.meanings[at].get(kind) if at < len(self.tokens) else None
        return found[1] if found is not None else None

    def is_number(self, at: int) -> bool:
        """Whether there is a number in digits here."""
        return at < len(self.tokens) and self.tokens[at].is_number

    def form(self, at: int) -> str:
        """The word; nothing behind the last."""
        return self.tokens[at].form if at < len(self.tokens) else ""

    def ends_clause(self, at: int) -> bool:
        """Whether a clause ends before this word."""
        return at >= len(self.tokens) or self.tokens[at].opens != ""

    def counts(self, at: int) -> bool:
        """Whether the word is something that a number before it counts: "the 3rd parcel", "12 people"."""
        if self.ends_clause(at):
            return False
        is_unit = "unit" in self.meanings[at] and "uhr" not in self.meanings[at]
        return is_unit or self.tokens[at].form in self.vocabulary.lists["counted"]
