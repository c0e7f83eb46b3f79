"""What chance decides, drawn before anything runs: every order meets the same people at the same times (common random
numbers), so that what differs between the orders is the orders.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from holdord.simulation.house import House
from holdord.simulation.scenario import Scenario, Stream


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a person would do, calling for the nth time: how long they would wait on the line, whether they would take
    a call-back, answer it, and call again, how many minutes later.
    """

    patience: float
    accepts: bool
    picks_up: bool
    calls_again: bool
    after: float


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A person with a question, at so many minutes from the beginning; the answer takes `handling` minutes of work."""

    number: int
    stream: Stream
    at: float
    handling: float
    attempts: tuple[Attempt, ...]
    is_counted: bool


def inquiries(scenario: Scenario, house: House, *, seed: int, run: int) -> list[Inquiry]:
    """Everybody who asks in this run, in order of time. The same for the same seed and run."""
    found: list[Inquiry] = []
    for stream in scenario.streams:
        # A generator of its own for each stream and run: another stream in the file changes nothing for this one.
        dice = random.Random(f"{seed}:{run}:{stream.name}")  # noqa: S311 - repeatable on purpose
        for number, day in enumerate(house.days):
            is_counted = scenario.warm_up_days <= number < scenario.warm_up_days + scenario.days
            found += [_inquiry(scenario, stream, at, is_counted, dice) for at in _arrivals(stream, day, house, dice)]
    found.sort(key=lambda inquiry: inquiry.at)
    return [
        Inquiry(number, one.stream, one.at, one.handling, one.attempts, one.is_counted)
        for number, one in enumerate(found)
    ]


def _arrivals(stream: Stream, day: date, house: House, dice: random.Random) -> list[float]:
    """A Poisson stream whose rate changes with the hour. Nobody calls before the line opens, nor when it is closed."""
    zone = ZoneInfo(house.scenario.zone)
    times = []
    whole = sum(stream.by_hour)
    for hour, weight in enumerate(stream.by_hour):
        per_minute = stream.per_day * weight / whole / 60
        begins = house.minutes(datetime.combine(day, time(hour), zone))
        gone = dice.expovariate(per_minute) if per_minute else 60.0
        while gone < 60:
            times.append(begins + gone)
            gone += dice.expovariate(per_minute)
    return times


def _inquiry(scenario: Scenario, stream: Stream, at: float, is_counted: bool, dice: random.Random) -> Inquiry:
    offer = scenario.call_backs
    attempts = tuple(
        Attempt(
            patience=stream.patience.draw(dice) if stream.patience else float("inf"),
            accepts=dice.random() < (offer.accepts if offer else 0.0),
            picks_up=dice.random() < (offer.picks_up if offer else 1.0),
            calls_again=dice.random() < stream.calls_again,
            after=dice.expovariate(1 / stream.again_after),
        )
        for _ in range(stream.tries)
    )
    return Inquiry(0, stream, at, stream.handling.draw(dice), attempts, is_counted)


def who_is_sick(scenario: Scenario, house: House, *, seed: int, run: int) -> list[set[int]]:
    """For each day, the numbers of the people who do not come; known in the morning, when the desk opens."""
    dice = random.Random(f"{seed}:{run}:sick")  # noqa: S311 - repeatable on purpose
    people = sum(shift.people for shift in scenario.shifts)
    return [{number for number in range(people) if dice.random() < scenario.sick} for _ in house.days]
