"""Finding what can't be read anywhere: how many call, and how long they wait, so that a line shows known figures."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from holdord.simulation.measures import mean_of, measures
from holdord.simulation.orders import FirstComeFirstServed
from holdord.simulation.running import run_once
from holdord.simulation.scenario import Channel, Scenario, Stream


@dataclass(frozen=True)
class Calibrated:
    """The scenario whose line shows what was asked for, and what it shows: the share of calls that reach a person, and
    the minutes that those waited.
    """

    scenario: Scenario
    reached: float
    waited: float


class NotFound(Exception):
    """No number of callers and no patience shows these figures."""


def calibrate(
    scenario: Scenario,
    *,
    reached: float,
    waited: float,
    runs: int = 10,
    tolerance: float = 0.02,
    say: Callable[[str], None] = lambda _: None,
) -> Calibrated:
    """Change how many call a day and how patient they are until first come, first served shows that `reached` of the
    calls get through after `waited` minutes on average, each within `tolerance` of what was asked for; staff and
    everything else stay as they are. Raises NotFound.

    More callers lower the share that is reached; more patience lets those who are reached have waited longer. Each
    round corrects both by a part of what is missing: the callers by little, for near a full desk a few more callers
    make a long line.
    """
    for _ in range(80):
        shown, wait = _shows(scenario, runs)
        say(f"{100 * shown:.1f} % reached after {wait:.1f} minutes: {_said(scenario)}")
        if abs(shown - reached) <= tolerance * reached and abs(wait - waited) <= tolerance * waited:
            return Calibrated(scenario, shown, wait)
        scenario = _changed(scenario, callers=(shown / reached) ** 0.15, patience=(waited / max(wait, 0.1)) ** 0.5)
    raise NotFound(f"{100 * shown:.1f} % after {wait:.1f} minutes is as near as it gets")


def _shows(scenario: Scenario, runs: int) -> tuple[float, float]:
    found = [
        measures(run_once(scenario, FirstComeFirstServed, seed=scenario.seed, run=run), Channel.PHONE)
        for run in range(runs)
    ]
    reached, waited = mean_of(one.tries_reached for one in found), mean_of(one.waited for one in found)
    return (reached.mean if reached else 1.0), (waited.mean if waited else 0.0)


def _changed(scenario: Scenario, *, callers: float, patience: float) -> Scenario:
    return replace(scenario, streams=tuple(_as_changed(stream, callers, patience) for stream in scenario.streams))


def _as_changed(stream: Stream, callers: float, patience: float) -> Stream:
    if stream.channel is not Channel.PHONE or stream.patience is None:
        return stream
    waits = replace(stream.patience, mean=stream.patience.mean * patience)
    return replace(stream, per_day=stream.per_day * callers, patience=waits)


def _said(scenario: Scenario) -> str:
    calls = [stream for stream in scenario.streams if stream.channel is Channel.PHONE and stream.patience]
    return ", ".join(
        f"{stream.name}: per_day = {stream.per_day:.0f}, patience.mean = {stream.patience.mean:.1f}"
        for stream in calls
        if stream.patience
    )
