"""What falls due in each span of a day or week, against what there is room for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from holdord.kernel.working_time import Supply
from holdord.promises.rules.capacity import Slot
from holdord.promises.rules.load import Load, day_of


@dataclass(frozen=True, slots=True)
class Room:
    """A span, the capacity it has, what falls due in it, and how much of that does not fit."""

    starts_at: datetime
    ends_at: datetime
    capacity: float
    due: float
    over: float


def rooms(
    edges: Sequence[datetime], *, now: datetime, load: Load, supply: Supply, spent: float | None = None
) -> list[Room]:
    """The spans between `edges` (in order), a due time at an edge belonging to the span that ends there.

    `over` is by how much what is due by any time in the span exceeds what can be done until then, beyond what was over
    already before: the rule of `rules.fits`, shown where it breaks. `spent` as there. O(days + due times).
    """
    gone = supply.until(now) if spent is None else spent
    owed, entries = _between(load, edges[0], edges[-1])
    worst = 0.0
    at, found = 0, []
    for starts_at, ends_at in pairwise(edges):
        due, excess = 0.0, worst
        while at < len(entries) and entries[at][0] <= ends_at:
            due_at, amount = entries[at]
            owed, due, at = owed + amount, due + amount, at + 1
            if due_at > now:
                excess = max(excess, owed - (supply.until(due_at) - gone))
        over = min(due, max(0.0, excess) - max(0.0, worst))
        found.append(Room(starts_at, ends_at, supply.until(ends_at) - supply.until(starts_at), due, over))
        worst = excess
    return found


def _between(load: Load, begin: datetime, end: datetime) -> tuple[float, list[tuple[datetime, float]]]:
    """What is due by `begin`, and the due times after it until `end`. Days before are not looked into."""
    first, last = day_of(begin), day_of(end)
    entries = load.entries_of(day for day in load.days if first <= day.on <= last)
    owed = sum(day.total for day in load.days if day.on < first)
    owed += sum(amount for due_at, amount in entries if due_at <= begin)
    return owed, [(due_at, amount) for due_at, amount in entries if begin < due_at <= end]


def rooms_in_slots(edges: Sequence[datetime], *, slots: Sequence[Slot], load: Load) -> list[Room]:
    """The same for places that serve just their own slot: each slot that is overbooked is over by itself."""
    taken = dict(_between(load, edges[0], edges[-1])[1])
    found = []
    for starts_at, ends_at in pairwise(edges):
        own = [slot for slot in slots if starts_at < slot.ends_at <= ends_at]
        due = {ends: amount for ends, amount in taken.items() if starts_at < ends <= ends_at}
        free = {slot.ends_at: slot.free for slot in own}
        over = sum(max(0.0, amount - free.get(ends, 0)) for ends, amount in due.items())
        found.append(Room(starts_at, ends_at, sum(free.values()), sum(due.values()), over))
    return found
