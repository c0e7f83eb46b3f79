"""A scenario: who asks, who works, how long things take, how long people wait. Read from a TOML file."""

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from math import gamma, log
from pathlib import Path
from typing import Any, Final


class BadScenario(Exception):
    """The file says something that can't be simulated; the text says what and where."""


class Shape(StrEnum):
    """How a time is spread around its mean."""

    FIXED = "fixed"
    EXPONENTIAL = "exponential"
    LOGNORMAL = "lognormal"
    WEIBULL = "weibull"


@dataclass(frozen=True)
class Spread:
    """A time in minutes: its mean, and how it is spread. `parameter` is the sigma of the logarithm (lognormal) or the
    exponent (Weibull: below 1 the impatient leave at once and the rest stay).
    """

    mean: float
    shape: Shape = Shape.EXPONENTIAL
    parameter: float = 1.0

    def draw(self, dice: random.Random) -> float:
        """One time, in minutes."""
        if self.shape is Shape.FIXED:
            return self.mean
        if self.shape is Shape.EXPONENTIAL:
            return dice.expovariate(1 / self.mean)
        if self.shape is Shape.LOGNORMAL:
            return dice.lognormvariate(log(self.mean) - self.parameter**2 / 2, self.parameter)
        return dice.weibullvariate(self.mean / gamma(1 + 1 / self.parameter), self.parameter)


class Channel(StrEnum):
    """Whether people wait on the line, or for a message."""

    PHONE = "phone"
    MAIL = "mail"


@dataclass(frozen=True, kw_only=True)
class Stream:
    """People who ask for one kind of thing: how many a day, when, how long it takes, how long they wait.

    `within` is the working time of the fixed service level. `by_hour` weighs the hours of the local day. Who hung up,
    was sent away or missed our call calls again with the chance `calls_again`, after `again_after` minutes, at most
    `tries` times in all.
    """

    name: str
    channel: Channel
    per_day: float
    by_hour: tuple[float, ...]
    handling: Spread
    within: timedelta
    patience: Spread | None = None
    priority: int = 1
    calls_again: float = 0.0
    again_after: float = 30.0
    tries: int = 1


@dataclass(frozen=True)
class Shift:
    """So many people who work from one wall-clock time to another on every open day."""

    people: int
    starts: time
    ends: time


@dataclass(frozen=True, kw_only=True)
class CallBacks:
    """What is offered instead of waiting: slots of so many minutes, filled with this share of the staff's minutes.

    A caller is offered the first slot with a place that begins within `offered_days`, and takes it with the chance
    `accepts`; called in the slot, they answer with the chance `picks_up`.
    """

    slot_minutes: int
    share: float
    accepts: float
    picks_up: float = 1.0
    notice_minutes: int = 30
    offered_days: int = 3


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Everything that is simulated. Inquiries of the first days (`warm_up_days`) and of the last (`cool_down_days`)
    arrive but are not counted: the desk is neither empty at the beginning nor without newcomers at the end.
    """

    name: str
    zone: str
    opens: time
    closes: time
    weekdays: tuple[int, ...]
    starts_on: date
    days: int
    warm_up_days: int
    cool_down_days: int
    runs: int
    seed: int
    sick: float
    shifts: tuple[Shift, ...]
    streams: tuple[Stream, ...]
    call_backs: CallBacks | None = None

    @property
    def all_days(self) -> int:
        """The open days that are simulated, counted or not."""
        return self.warm_up_days + self.days + self.cool_down_days


SHIPPED: Final = Path(__file__).parent / "data"
"""The scenarios that come with the desk."""


def read(name: str) -> Scenario:
    """The scenario of a file, or of this name among those that come with the desk. Raises BadScenario."""
    path = next((path for path in (Path(name), SHIPPED / name, SHIPPED / f"{name}.toml") if path.is_file()), None)
    if path is None:
        known = ", ".join(sorted(shipped.stem for shipped in SHIPPED.glob("*.toml")))
        raise BadScenario(f"there is no file {name}; with the desk come: {known}")
    try:
        return scenario_of(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise BadScenario(f"{path} is no TOML: {error}") from error


def scenario_of(found: Mapping[str, Any]) -> Scenario:
    """A scenario from what a TOML file holds. Raises BadScenario."""
    try:
        return _checked(_scenario(found))
    except (KeyError, TypeError, ValueError) as error:
        missing = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise BadScenario(missing) from error


def _scenario(found: Mapping[str, Any]) -> Scenario:
    desk = found["desk"]
    opens, closes = _wall(desk["opens"]), _wall(desk["closes"])
    return Scenario(
        name=found["name"],
        zone=desk.get("zone", "Europe/Copenhagen"),
        opens=opens,
        closes=closes,
        weekdays=tuple(desk.get("weekdays", range(5))),
        starts_on=found.get("starts_on", date(2026, 3, 2)),
        days=int(found.get("days", 5)),
        warm_up_days=int(found.get("warm_up_days", 1)),
        cool_down_days=int(found.get("cool_down_days", 3)),
        runs=int(found.get("runs", 20)),
        seed=int(found.get("seed", 1)),
        sick=float(found.get("sick", 0.0)),
        shifts=tuple(
            Shift(int(row["people"]), _wall(row.get("from", desk["opens"])), _wall(row.get("until", desk["closes"])))
            for row in found["staff"]
        ),
        streams=tuple(_stream(row) for row in found["inquiries"]),
        call_backs=_call_backs(found["call_backs"]) if "call_backs" in found else None,
    )


def _stream(row: Mapping[str, Any]) -> Stream:
    weights = row.get("by_hour", {})
    return Stream(
        name=row["name"],
        channel=Channel(row["channel"]),
        per_day=float(row["per_day"]),
        by_hour=tuple(float(weights.get(str(hour), 0.0 if weights else 1.0)) for hour in range(24)),
        handling=_spread(row["handling"], Shape.LOGNORMAL),
        within=timedelta(minutes=float(row["within_minutes"])),
        patience=_spread(row["patience"], Shape.EXPONENTIAL) if "patience" in row else None,
        priority=int(row.get("priority", 1)),
        calls_again=float(row.get("calls_again", 0.0)),
        again_after=float(row.get("again_after", 30.0)),
        tries=int(row.get("tries", 1)),
    )


def _spread(row: Mapping[str, Any], shape: Shape) -> Spread:
    return Spread(float(row["mean"]), Shape(row.get("shape", shape.value)), float(row.get("parameter", 1.0)))


def _call_backs(row: Mapping[str, Any]) -> CallBacks:
    return CallBacks(
        slot_minutes=int(row["slot_minutes"]),
        share=float(row["share"]),
        accepts=float(row["accepts"]),
        picks_up=float(row.get("picks_up", 1.0)),
        notice_minutes=int(row.get("notice_minutes", 30)),
        offered_days=int(row.get("offered_days", 3)),
    )


def _wall(written: object) -> time:
    """A wall-clock time, written as 09:00 with or without quotes. 24:00 is the end of the day."""
    if isinstance(written, time):
        return written
    return time.max if str(written) == "24:00" else time.fromisoformat(str(written))


def _checked(scenario: Scenario) -> Scenario:
    chances = [scenario.sick, *(stream.calls_again for stream in scenario.streams)]
    if scenario.call_backs:
        chances += [scenario.call_backs.accepts, scenario.call_backs.picks_up, scenario.call_backs.share]
    times = [spread.mean for stream in scenario.streams for spread in (stream.handling, stream.patience) if spread]
    complaints = {
        "the desk closes after it opens": scenario.opens >= scenario.closes,
        "a chance or a share lies between 0 and 1": any(not 0 <= chance <= 1 for chance in chances),
        "a time has a mean above 0": any(mean <= 0 for mean in times),
        "people arrive: per_day is above 0": any(stream.per_day <= 0 for stream in scenario.streams),
        "somebody works: staff has people": not any(shift.people > 0 for shift in scenario.shifts),
        "a shift ends after it begins": any(shift.starts >= shift.ends for shift in scenario.shifts),
        "weekdays are numbers from 0, Monday, to 6": not set(scenario.weekdays) <= set(range(7))
        or not scenario.weekdays,
        "at least one day and one run": scenario.days < 1 or scenario.runs < 1,
        "somebody asks: there are inquiries": not scenario.streams,
        "names of inquiries differ": len({stream.name for stream in scenario.streams}) < len(scenario.streams),
    }
    for rule, is_broken in complaints.items():
        if is_broken:
            raise BadScenario(rule)
    return scenario
