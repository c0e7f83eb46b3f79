"""What a case has cost its customer, from what the desk itself has written down."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_NEVER_OWED = ("draft", "void")
_RUNNING = ("open", "moved")


@dataclass(frozen=True, slots=True)
class Word:
    """A promise as it was first given: `due_at` is the time that was said first, `follows` what it came in place of."""

    pk: int
    kind: str
    state: str
    given_at: datetime
    due_at: datetime
    settled_at: datetime | None = None
    follows: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What is counted: messages written, of them in a form, times asked again, codes typed in, hand-overs."""

    written: int = 0
    in_a_form: int = 0
    again: int = 0
    typed_in: int = 0
    passed_on: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    """What the customer gave: what is counted, how long they waited for answers, and how late we were.

    `late` counts what came, or is still to come, after the time said first; `late_by` is that time together. `broken`
    counts what we did not keep and nothing came in place of.
    """

    said: Said
    waited: timedelta = timedelta()
    late: int = 0
    late_by: timedelta = timedelta()
    broken: int = 0

    @property
    def is_ours_to_own(self) -> bool:
        """Whether it cost them more than writing once and waiting as long as we had said."""
        return bool(self.said.again or self.said.passed_on or self.late or self.broken)


def cost(said: Said, words: Iterable[Word], *, now: datetime) -> Cost:
    """What a case cost its customer until `now`. What follows a broken word is the same word, kept later."""
    owed = [word for word in words if word.state not in _NEVER_OWED]
    after = {word.follows: word for word in owed if word.follows is not None}
    known = {word.pk for word in owed}
    found = Cost(said, waited=_waited(owed, now))
    for word in owed:
        if word.follows in known:
            continue
        last = word
        while last.pk in after:
            last = after[last.pk]
        if last.state == "broken":
            found = replace(found, broken=found.broken + 1)
        elif (late := _end(last, now) - word.due_at) > timedelta():
            found = replace(found, late=found.late + 1, late_by=found.late_by + late)
    return found


def _waited(owed: list[Word], now: datetime) -> timedelta:
    spans = (_end(word, now) - word.given_at for word in owed if word.kind == "answer")
    return sum((span for span in spans if span > timedelta()), timedelta())


def _end(word: Word, now: datetime) -> datetime:
    return now if word.state in _RUNNING or word.settled_at is None else word.settled_at
