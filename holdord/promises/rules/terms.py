"""What is to be promised, before it is: a value that is checked against capacity and then given."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from holdord.kernel.moments import Precision
from holdord.promises.rules.states import Kind


@dataclass(frozen=True, kw_only=True)
class Terms:
    """One promise to be given.

    `due_at` None asks for the earliest time that holds. `earliest_at` begins a window that ends when it is due. `work`
    is drawn from the team's minutes, `places` (a pool's key in the database, amount) from counted pools. A promise by
    the day is due at closing time and breaks at local midnight.
    """

    kind: Kind
    what: str = ""
    due_at: datetime | None = None
    earliest_at: datetime | None = None
    precision: Precision = Precision.MINUTE
    work: timedelta = timedelta()
    places: tuple[tuple[int, int], ...] = ()
    is_customers_deadline: bool = False

    def at(self, due_at: datetime, earliest_at: datetime | None) -> "Terms":
        """The same, at another time."""
        return replace(self, due_at=due_at, earliest_at=earliest_at)


@dataclass(frozen=True)
class Time:
    """A time that can be promised: when it is due, and where its window begins if it has one."""

    due_at: datetime
    earliest_at: datetime | None = None
