"""Simulate a desk."""

import argparse
import json
import sys
from importlib.util import find_spec
from pathlib import Path

HELP = """Work off the people of a scenario in simulated time, by this desk's own rules and by three plain orders (first
come, first served; by priority; by a fixed service level), each order with the same people at the same times. Prints
what share was reached, how long they waited, which times were kept and who was told before late, with 95 % confidence
intervals. SCENARIO is a TOML file or the name of one that comes with the desk; docs/simulation.md describes them."""
EXAMPLES = """examples:
  holdord simulate story-9
  holdord simulate story-9 --runs 5 --plot story-9.svg
  holdord simulate ours.toml --json
  holdord simulate ours.toml --calibrate 43 28      which callers make a line show 43 % reached after 28 minutes
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "scenario", metavar="SCENARIO", help="a TOML file, or the name of a scenario that comes with us"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw the comparison")
    parser.add_argument("--seed", type=int, help="other people than those of the scenario's own seed")
    parser.add_argument("--runs", type=int, help="how many times (as the scenario says)")
    parser.add_argument(
        "--calibrate",
        nargs=2,
        type=float,
        metavar=("PERCENT", "MINUTES"),
        help="find how many must call, and how patient they must be, for a line to show these figures",
    )


def run(options: argparse.Namespace) -> int:
    if find_spec("simpy") is None:
        sys.stderr.write("holdord: simulating needs SimPy: pip install 'holdord[simulate]'\n")
        return 2
    from holdord.simulation.scenario import BadScenario, read  # noqa: PLC0415 - after SimPy is known to be there

    try:
        scenario = read(options.scenario)
    except BadScenario as complaint:
        sys.stderr.write(f"holdord: {complaint}\n")
        return 2
    if options.runs is not None and options.runs < 1:
        sys.stderr.write("holdord: at least one run\n")
        return 2
    return _calibrate(scenario, options) if options.calibrate else _compare(scenario, options)


def _compare(scenario: object, options: argparse.Namespace) -> int:
    from holdord.simulation.measures import compare  # noqa: PLC0415 - needs SimPy
    from holdord.simulation.scenario import Scenario  # noqa: PLC0415 - see above
    from holdord.simulation.showing import picture, table  # noqa: PLC0415 - needs SimPy

    assert isinstance(scenario, Scenario)
    comparison = compare(scenario, seed=options.seed, runs=options.runs, say=_progress)
    if options.plot:
        options.plot.write_text(picture(comparison), encoding="utf-8")
    if options.json:
        sys.stdout.write(json.dumps(comparison.as_values()) + "\n")
        return 0
    runs = options.runs or scenario.runs
    sys.stdout.write(
        f"{scenario.name}\n{scenario.days} days, {runs} runs, seed {comparison.seed}; means ± 95 % confidence\n"
    )
    sys.stdout.write(f"\n{table(comparison)}\n")
    return 0


def _calibrate(scenario: object, options: argparse.Namespace) -> int:
    from holdord.simulation.calibrating import NotFound, calibrate  # noqa: PLC0415 - needs SimPy
    from holdord.simulation.scenario import Scenario  # noqa: PLC0415 - see above

    assert isinstance(scenario, Scenario)
    percent, minutes = options.calibrate
    try:
        calibrate(scenario, reached=percent / 100, waited=minutes, runs=options.runs or 10, say=_line)
    except NotFound as complaint:
        sys.stderr.write(f"holdord: {complaint}\n")
        return 1
    return 0


def _line(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text}   ")
