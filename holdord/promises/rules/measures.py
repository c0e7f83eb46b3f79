"""How well we keep our word, counted. The definitions stand in docs/promises.md, "Measures"."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Miss:
    """A promise that missed its first time (`due_at`), and when its customer was told of that, if they were."""

    due_at: datetime
    told_at: datetime | None = None

    @property
    def was_told_before(self) -> bool:
        """The customer heard it from us before it was late."""
        return self.told_at is not None and self.told_at < self.due_at


@dataclass(frozen=True, slots=True)
class Told:
    """Of the promises late in a span, how many were told before."""

    late: int
    told: int

    @property
    def percent(self) -> int | None:
        """The share in whole percent, rounded down: 99.6 % is not all; None when none was late."""
        return 100 * self.told // self.late if self.late else None


def told_by_span(misses: Iterable[Miss], edges: Sequence[datetime]) -> list[Told]:
    """Told before late, for each span (half-open) between `edges`, by the first time that was missed.

    Whoever is not told counts when that time has passed; so `misses` must not hold what may still be told.
    """
    late, told = [0] * (len(edges) - 1), [0] * (len(edges) - 1)
    for miss in misses:
        span = bisect_right(edges, miss.due_at) - 1
        if 0 <= span < len(late):
            late[span] += 1
            told[span] += miss.was_told_before
    return [Told(*both) for both in zip(late, told, strict=True)]


@dataclass(frozen=True, slots=True)
class Kept:
    """Of the promises that ended kept or broken: how many were kept at their first time, and how many at all."""

    at_first: int
    at_all: int
    broken: int

    @property
    def percents(self) -> tuple[int, int] | None:
        """Both kept rates in whole percent, rounded down; None when nothing ended."""
        ended = self.at_all + self.broken
        return (100 * self.at_first // ended, 100 * self.at_all // ended) if ended else None
