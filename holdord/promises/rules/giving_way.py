"""Who gives way when a pool can no longer do all that was promised on it: a rule that can be told to anyone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from operator import attrgetter


@dataclass(frozen=True, slots=True)
class Claim:
    """What one promise takes of a pool: `amount` by `due_at`. `is_protected` says that the time is the customer's own
    deadline (a wedding on Saturday).
    """

    key: int
    due_at: datetime
    amount: float
    given_at: datetime
    is_protected: bool = False


def give_way(claims: Sequence[Claim], capacity_until: Callable[[datetime], float]) -> list[Claim]:
    """The claims that give way so that the rest fits: for every due time, what is due by then ≤ `capacity_until` it.

    The rule: whoever was promised first keeps their place. Going through the due times in order, while more is due than
    can be done, the promise given last gives way; one with the customer's own deadline only when no other is left. For
    places of one each this moves as few promises as can be, and exactly those that came last (jobs with deadlines form
    a matroid: Lawler 1976, ch. 7). For work of different sizes it may free more than needed at first; a second pass
    then gives places back, to who was promised first. In order of giving. O(n log n), the second pass O(n) for each
    promise that gave way.
    """
    out: list[Claim] = []
    staying: list[tuple[bool, float, int, Claim]] = []
    owed = 0.0
    for claim in sorted(claims, key=attrgetter("due_at")):
        # The heap gives the one to leave first: unprotected before protected, and of those the one given last.
        heappush(staying, (claim.is_protected, -claim.given_at.timestamp(), -claim.key, claim))
        owed += claim.amount
        room = capacity_until(claim.due_at)
        while owed > room + 1e-6 and staying:
            leaving = heappop(staying)[-1]
            owed -= leaving.amount
            out.append(leaving)
    if len({claim.amount for claim in out}) > 1:
        out = _without_those_that_still_fit([entry[-1] for entry in staying], out, capacity_until)
    return sorted(out, key=lambda claim: (claim.given_at, claim.key))


def _without_those_that_still_fit(
    staying: list[Claim], out: list[Claim], capacity_until: Callable[[datetime], float]
) -> list[Claim]:
    moments = sorted({claim.due_at for claim in (*staying, *out)})
    position = {moment: at for at, moment in enumerate(moments)}
    due = [0.0] * len(moments)
    for claim in staying:
        due[position[claim.due_at]] += claim.amount
    room, owed = [], 0.0
    for moment, amount in zip(moments, due, strict=True):
        owed += amount
        room.append(capacity_until(moment) - owed)
    gone = []
    for claim in sorted(out, key=lambda claim: (not claim.is_protected, claim.given_at, claim.key)):
        first = position[claim.due_at]
        if min(room[first:]) + 1e-6 >= claim.amount:
            room[first:] = [left - claim.amount for left in room[first:]]
        else:
            gone.append(claim)
    return gone


def by_due_time(claims: Iterable[Claim]) -> dict[datetime, list[Claim]]:
    """The claims of each due time, in the order given."""
    found: dict[datetime, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.due_at, []).append(claim)
    return found
