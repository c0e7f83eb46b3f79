"""What each figure aims at, and whether it is far off: for machines that test, which are slow and busy.

Far off is what is five times off its aim and also five times its floor: the floor is measured in the same run, and when
the database alone takes that long the machine is to blame.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from holdord.config.bench.measuring import Figure


class Budget(NamedTuple):
    """What is aimed at (in the figure's unit; at least that much for rates), and how many times off it is a failure."""

    aim: float
    times_off: float = 5


BUDGETS = {
    "start, until SMTP answers": Budget(1),
    "start, until the first page": Budget(1),
    "next up, whole page": Budget(10),
    "next up, the list alone": Budget(10),
    "conversation of 20 opened": Budget(10),
    "conversation of 200 opened": Budget(10),
    "conversation of 20, whole page": Budget(10),
    "conversation of 200, whole page": Budget(10),
    "search, rare word": Budget(10),
    "search, common word": Budget(10),
    "search, common beginning": Budget(10),
    "a reply": Budget(10),
    "the guard while typing": Budget(50),
    "live, commit to the open page": Budget(10),
    "a tick of the clock": Budget(1),
    "earliest_keepable, load known": Budget(1),
    "earliest_keepable, load read anew": Budget(
        20
    ),  # once in a process, and docs/benchmarks.md says what it would take
    "a promise given": Budget(10),
    "a pool cut": Budget(5),
    "the clock with": Budget(1),
    # Memory does not depend on how busy a machine is.
    "memory after": Budget(120, times_off=1.1),
    # Four connections, the server and its readers share what cores there are.
    "mail accepted": Budget(300, times_off=10),
    "mail in, everything done": Budget(300, times_off=10),
    "mail out": Budget(100),
}


def far_off(figures: Iterable["Figure"]) -> list[str]:
    """A sentence for each figure that is far off its aim, or that has none."""
    return [said for figure in figures if (said := _verdict(figure))]


def _verdict(figure: "Figure") -> str:
    budget = next((budget for name, budget in BUDGETS.items() if figure.what.startswith(name)), None)
    if budget is None:
        return f"{figure.what}: nobody has said what it should be"
    is_rate = figure.unit.endswith("/s")
    worst = budget.aim / budget.times_off if is_rate else budget.aim * budget.times_off
    if figure.value >= worst if is_rate else figure.value <= worst:
        return ""
    if figure.ratio is not None and figure.ratio <= budget.times_off:
        return ""
    return f"{figure.what}: {figure.value:.2f} {figure.unit}, at {'least' if is_rate else 'most'} {worst:.2f}"
