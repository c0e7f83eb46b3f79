"""How well the readers read: precision, recall and F1 by act and language, on texts they did not learn from."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from holdord.kernel.working_time import Calendar
from holdord.listening.acts import Act
from holdord.listening.bank import Labelled
from holdord.listening.reading import read

MEASURES: Final = 20
"""Per cent of the bank's skeletons that are kept from learning."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often an act was found rightly, found wrongly, missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Of what was found, how much is there."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of what is there, how much was found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right or self.wrong else 0.0


@dataclass(frozen=True)
class Measured:
    """The figures of one set."""

    lines: int
    of: Mapping[tuple[Act, str], Count]
    alarms: int
    without_act: int
    mistakes: list[tuple[Labelled, frozenset[Act]]] = field(repr=False)

    def by_act(self) -> dict[Act, Count]:
        """Over the languages."""
        return {act: _sum(count for (one, _), count in self.of.items() if one == act) for act, _ in self.of}

    def by_language(self) -> dict[str, Count]:
        """Over the acts."""
        return {code: _sum(count for (_, one), count in self.of.items() if one == code) for _, code in self.of}

    def all(self) -> Count:
        """Over everything: what the micro-averaged F1 is taken of."""
        return _sum(self.of.values())


def measure(lines: Iterable[Labelled], *, hint: bool = True, with_vectors: bool = False) -> Measured:
    """Read every line and compare with its labels. `hint` tells the reader the language, `with_vectors` reads with the
    embedding reader.
    """
    rights: Counter[tuple[Act, str]] = Counter()
    wrongs: Counter[tuple[Act, str]] = Counter()
    misses: Counter[tuple[Act, str]] = Counter()
    mistakes, number, alarms, without = [], 0, 0, 0
    for line in lines:
        known = line.language if hint else None
        found = read(line.text, line.side, _AT, CALENDAR, known, with_vectors=with_vectors).names
        number += 1
        rights.update((act, line.language) for act in found & line.acts)
        wrongs.update((act, line.language) for act in found - line.acts)
        misses.update((act, line.language) for act in line.acts - found)
        without += not line.acts
        alarms += bool(found) and not line.acts
        if found != line.acts:
            mistakes.append((line, found))
    every = {*rights, *wrongs, *misses}
    return Measured(
        number, {one: Count(rights[one], wrongs[one], misses[one]) for one in every}, alarms, without, mistakes
    )


def measure_due(lines: Iterable[Labelled]) -> tuple[int, int, int]:
    """How many due times are read exactly, how many invented (found where there is none, or another), how many missed.

    A label is a day, a day with a clock time, or "none".
    """
    exact = invented = missed = 0
    for line in lines:
        written_at = datetime.fromisoformat(line.at)
        reading = read(line.text, line.side, written_at, CALENDAR, line.language)
        found = next((promise.due for promise in reading.promises if promise.due), None)
        said = "none"
        if found:
            said = f"{found.at:%Y-%m-%dT%H:%M}" if found.at else found.on.isoformat()
        exact += said == line.due
        invented += said not in (line.due, "none")
        missed += said == "none" != line.due
    return exact, invented, missed


def _sum(counts: Iterable[Count]) -> Count:
    total = Count()
    for count in counts:
        total += count
    return total


_AT: Final = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))
CALENDAR: Final = Calendar("Europe/Copenhagen", ())
