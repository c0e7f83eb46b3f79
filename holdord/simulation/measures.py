"""What the runs showed: shares and minutes of each run, and their means with 95 % confidence intervals."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from math import sqrt
from statistics import fmean, median, quantiles, stdev
from typing import Final

from holdord.simulation.contacts import Contact, Outcome
from holdord.simulation.running import ORDERS, Ran, run_once
from holdord.simulation.scenario import Channel, Scenario


@dataclass(frozen=True)
class Measures:
    """One channel in one run. Shares from 0 to 1, times in minutes; None where nobody was there to measure.

    `people_reached`: of the people who asked, whoever spoke to somebody or got an answer in the end. `tries_reached`,
    `abandoned`: of all calls or mails. `waited`: how long those held the line who were reached by it. `kept`: of the
    times that were given, those kept at the first word. `told`: of the others, those whose person heard of it before.
    `median`, `longest`: from the first try until reached; the second is the 95th percentile. `on_the_line`: what a
    person held the phone in all their calls together.
    """

    people_reached: float | None
    tries_reached: float | None
    abandoned: float | None
    waited: float | None
    kept: float | None
    told: float | None
    median: float | None
    longest: float | None
    on_the_line: float | None


def measures(ran: Ran, channel: Channel) -> Measures:
    """What one run showed on one channel, of the people who count."""
    tries = [one for one in ran.contacts if one.inquiry.is_counted and one.inquiry.stream.channel is channel]
    people: defaultdict[int, list[Contact]] = defaultdict(list)
    for one in tries:
        people[one.inquiry.number].append(one)
    reached = [one for one in tries if one.reached_at is not None and one.outcome is not Outcome.NOT_THERE]
    by_line = [one.on_the_line for one in reached if one.is_call and one.slot is None]
    spans = [one.reached_at - one.inquiry.at for one in reached if one.reached_at is not None]
    given = [
        one for one in tries if one.first_due_at is not None and ran.house.minutes(one.first_due_at) < ran.ended_at
    ]
    late = [one for one in given if not _is_kept(one, ran)]
    told = [one for one in late if one.told_at and one.first_due_at and one.told_at < one.first_due_at]
    return Measures(
        people_reached=_share(len({one.inquiry.number for one in reached}), len(people)),
        tries_reached=_share(len(reached), len(tries)),
        abandoned=_share(sum(one.outcome in (Outcome.ABANDONED, Outcome.SENT_AWAY) for one in tries), len(tries)),
        waited=fmean(by_line) if by_line else None,
        kept=_share(len(given) - len(late), len(given)),
        told=_share(len(told), len(late)),
        median=median(spans) if spans else None,
        longest=quantiles(spans, n=20)[-1] if len(spans) > 1 else None,
        on_the_line=_share(sum(one.on_the_line for one in tries), len(people)) if channel is Channel.PHONE else None,
    )


def _is_kept(one: Contact, ran: Ran) -> bool:
    assert one.first_due_at is not None
    # Somebody who was called in time and did not answer was called in time.
    return one.reached_at is not None and one.reached_at <= ran.house.minutes(one.first_due_at)


def _share(some: float, of_all: int) -> float | None:
    return some / of_all if of_all else None


@dataclass(frozen=True)
class Mean:
    """A mean over runs and half the width of its 95 % confidence interval (None for a single run)."""

    mean: float
    within: float | None


def mean_of(values: Iterable[float | None]) -> Mean | None:
    """The mean of the runs that had a value; None if none had."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    return Mean(fmean(known), _student(len(known) - 1) * stdev(known) / sqrt(len(known)) if len(known) > 1 else None)


_STUDENT: Final = (
    (1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (6, 2.447), (7, 2.365), (8, 2.306), (9, 2.262),
    (10, 2.228), (12, 2.179), (15, 2.131), (20, 2.086), (30, 2.042), (60, 2.000), (120, 1.980),
)  # fmt: skip
"""The 97.5th percentile of Student's t by degrees of freedom; between them that of the fewer, which is the wider."""


def _student(freedom: int) -> float:
    for (known, quantile), (following, _) in pairwise((*_STUDENT, (1_000_000, 1.96))):
        if known <= freedom < following:
            return quantile
    return 1.96


@dataclass(frozen=True)
class Comparison:
    """A scenario under every order: by order and channel each run's measures, and how busy people were."""

    scenario: Scenario
    seed: int
    found: Mapping[str, Mapping[Channel, Sequence[Measures]]]
    busy: Mapping[str, Sequence[float]]

    @property
    def channels(self) -> list[Channel]:
        """Those that the scenario has, in order."""
        return [channel for channel in Channel if any(stream.channel is channel for stream in self.scenario.streams)]

    def mean(self, order: str, channel: Channel, measure: str) -> Mean | None:
        """One figure of the table."""
        return mean_of(getattr(one, measure) for one in self.found[order][channel])

    def gain(self, order: str, than: str, channel: Channel, measure: str) -> Mean | None:
        """How much more an order has than another, run by run: both met the same people."""
        pairs = zip(self.found[order][channel], self.found[than][channel], strict=True)
        both = ((getattr(one, measure), getattr(other, measure)) for one, other in pairs)
        return mean_of(None if one is None or other is None else one - other for one, other in both)

    def as_values(self) -> dict[str, object]:
        """For JSON: every figure with its interval."""
        return {
            "scenario": self.scenario.name,
            "seed": self.seed,
            "runs": len(next(iter(self.busy.values()))),
            "orders": {
                order: {
                    "busy": _values(mean_of(self.busy[order])),
                    **{
                        channel.value: {
                            field.name: _values(self.mean(order, channel, field.name)) for field in fields(Measures)
                        }
                        for channel in self.channels
                    },
                }
                for order in self.found
            },
        }


def _values(found: Mean | None) -> dict[str, float | None] | None:
    return asdict(found) if found else None


def compare(
    scenario: Scenario, *, seed: int | None = None, runs: int | None = None, say: Callable[[str], None] = lambda _: None
) -> Comparison:
    """Run a scenario under every order, each order with the same people; progress is said."""
    seed, runs = scenario.seed if seed is None else seed, runs or scenario.runs
    channels = [channel for channel in Channel if any(stream.channel is channel for stream in scenario.streams)]
    found: dict[str, dict[Channel, list[Measures]]] = {
        order.name: {channel: [] for channel in channels} for order in ORDERS
    }
    busy: dict[str, list[float]] = {order.name: [] for order in ORDERS}
    for run in range(runs):
        say(f"run {run + 1} of {runs}")
        for order in ORDERS:
            ran = run_once(scenario, order, seed=seed, run=run)
            busy[order.name].append(ran.busy)
            for channel in channels:
                found[order.name][channel].append(measures(ran, channel))
    return Comparison(scenario, seed, found, busy)
