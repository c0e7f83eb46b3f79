"""The simulated desk agrees with queueing theory where theory knows the answer."""

from datetime import date, time, timedelta
from math import factorial

import pytest

from holdord.simulation.contacts import Outcome
from holdord.simulation.measures import mean_of
from holdord.simulation.orders import FirstComeFirstServed
from holdord.simulation.running import Ran, run_once
from holdord.simulation.scenario import Channel, Scenario, Shape, Shift, Spread, Stream

PEOPLE, PER_MINUTE, HANDLING = 4, 0.7, 5.0
RUNS = 12


def a_line_that_never_closes(*, patience: float | None, per_minute: float = PER_MINUTE) -> Scenario:
    """Callers at a steady rate, day and night, and four people: M/M/4, with patience M/M/4+M."""
    return Scenario(
        name="theory",
        zone="UTC",
        opens=time(),
        closes=time.max,
        weekdays=tuple(range(7)),
        starts_on=date(2026, 3, 2),
        days=3,
        warm_up_days=1,
        cool_down_days=1,
        runs=RUNS,
        seed=4,
        sick=0.0,
        shifts=(Shift(PEOPLE, time(), time.max),),
        streams=(
            Stream(
                name="calls",
                channel=Channel.PHONE,
                per_day=per_minute * 1440,
                by_hour=(1.0,) * 24,
                handling=Spread(HANDLING, Shape.EXPONENTIAL),
                within=timedelta(minutes=10),
                patience=Spread(patience, Shape.EXPONENTIAL) if patience else None,
            ),
        ),
    )


def runs_of(scenario: Scenario) -> list[Ran]:
    return [run_once(scenario, FirstComeFirstServed, seed=scenario.seed, run=run) for run in range(RUNS)]


def erlang_c_wait(per_minute: float) -> float:
    """The mean wait of M/M/c, by Erlang's C formula."""
    offered = per_minute * HANDLING
    last = offered**PEOPLE / factorial(PEOPLE) * PEOPLE / (PEOPLE - offered)
    waits = last / (sum(offered**k / factorial(k) for k in range(PEOPLE)) + last)
    return waits * HANDLING / (PEOPLE - offered)


def erlang_a_abandons(per_minute: float, patience: float) -> float:
    """The share that hangs up in M/M/c+M: the chain of how many are there, solved by its balance."""
    weights = [1.0]
    for there in range(1, 400):
        leaves = min(there, PEOPLE) / HANDLING + max(0, there - PEOPLE) / patience
        weights.append(weights[-1] * per_minute / leaves)
    hang_up = sum(weight * max(0, there - PEOPLE) / patience for there, weight in enumerate(weights))
    return hang_up / sum(weights) / per_minute


@pytest.mark.slow
def test_without_patience_to_lose_the_wait_is_that_of_erlang_c() -> None:
    found = mean_of(
        sum(one.on_the_line for one in ran.contacts if one.inquiry.is_counted)
        / sum(one.inquiry.is_counted for one in ran.contacts)
        for ran in runs_of(a_line_that_never_closes(patience=None))
    )
    assert found is not None
    assert found.within is not None
    assert found.within < 3
    assert abs(found.mean - erlang_c_wait(PER_MINUTE)) <= 1.3 * found.within


@pytest.mark.slow
@pytest.mark.parametrize("per_minute", [0.7, 1.8])
def test_of_those_who_hang_up_there_are_as_many_as_erlang_a_says(per_minute: float) -> None:
    found = mean_of(
        sum(one.outcome is Outcome.ABANDONED for one in ran.contacts if one.inquiry.is_counted)
        / sum(one.inquiry.is_counted for one in ran.contacts)
        for ran in runs_of(a_line_that_never_closes(patience=20.0, per_minute=per_minute))
    )
    assert found is not None
    assert found.within is not None
    assert found.within < 0.02
    assert abs(found.mean - erlang_a_abandons(per_minute, 20.0)) <= 1.3 * found.within


def test_the_formulas_themselves_know_the_textbook() -> None:
    # M/M/4 offered 3.5: 60 % and more wait (C = 0.7379), 7.38 minutes with calls of five.
    assert erlang_c_wait(0.7) == pytest.approx(7.379, abs=0.01)
    # Overloaded and patient, those who can't be served leave: 1 - 1/1.75 when the load is 7 over 4.
    assert erlang_a_abandons(1.4, 500.0) == pytest.approx(1 - 4 / 7, abs=0.002)
