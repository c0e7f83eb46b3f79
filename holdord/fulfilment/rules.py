"""What is decided about deeds: how an answer is read, when to try again, how long something can be undone."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final


class Way(StrEnum):
    """How requests of a kind are carried out."""

    WEBHOOK = "webhook"
    TASK = "task"
    HERE = "here"


class Direction(StrEnum):
    """Doing it, or taking it back."""

    DO = "do"
    UNDO = "undo"


class DeedState(StrEnum):
    """Where a deed stands. `by_hand` waits for a person; `dropped` was taken back before it began."""

    WAITING = "waiting"
    BY_HAND = "by_hand"
    DONE = "done"
    REFUSED = "refused"
    DROPPED = "dropped"


UNDER_WAY: Final = (DeedState.WAITING.value, DeedState.BY_HAND.value)


class Outcome(StrEnum):
    """What one call told us. `absent`: the other side never heard of it; `unsure`: it may have; `unreached`: it can't
    have; `wrong`: it won't understand, however often we ask.
    """

    DONE = "done"
    REFUSED = "refused"
    PENDING = "pending"
    ABSENT = "absent"
    UNSURE = "unsure"
    UNREACHED = "unreached"
    WRONG = "wrong"


@dataclass(frozen=True)
class Told:
    """What the other side said. `fault` is one word for the administrator, `reason` and `instead` the customer's."""

    outcome: Outcome
    fault: str = ""
    effective_at: datetime | None = None
    undo_until: datetime | None = None
    reason: str = ""
    instead: str = ""
    reference: str = ""


NEEDS_A_CODE: Final = frozenset({"export", "erase"})
"""What a private link does not suffice for: a fresh code by mail as well (decisions 15)."""


def read_answer(status: int, body: bytes, *, looked_up: bool) -> Told:
    """What an answer of HTTP status `status` tells of a deed (docs/executors.md)."""
    if status in (404, 410) and looked_up:
        return Told(Outcome.ABSENT)
    if status in (408, 409, 425, 429) or status >= 500:
        return Told(Outcome.UNSURE, f"http_{status}")
    if not 200 <= status < 300:
        # A look-up that isn't offered is no reason to stop: the same key may be sent again.
        return Told(Outcome.ABSENT if looked_up and status in (405, 501) else Outcome.WRONG, f"http_{status}")
    try:
        said = json.loads(body or b"{}")
        outcome = Outcome(said["result"]) if isinstance(said, dict) else None
    except (ValueError, KeyError, RecursionError):
        outcome = None
    if outcome not in (Outcome.DONE, Outcome.REFUSED, Outcome.PENDING):
        return Told(Outcome.PENDING if status == 202 else Outcome.WRONG, "not_understood")
    if outcome is Outcome.REFUSED and not _words(said, "reason"):
        return Told(Outcome.WRONG, "no_reason")
    return Told(
        outcome,
        effective_at=_moment(said, "effective_at"),
        undo_until=_moment(said, "undo_until"),
        reason=_words(said, "reason"),
        instead=_words(said, "instead"),
        reference=_words(said, "reference", 120),
    )


def _words(said: Mapping[str, Any], name: str, most: int = 300) -> str:
    value = said.get(name)
    if not isinstance(value, str):
        return ""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())[:most]


def _moment(said: Mapping[str, Any], name: str) -> datetime | None:
    value = said.get(name)
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None or found.tzinfo is None or not 2000 <= found.year <= 9000:
        return None
    return found


_PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (1, 3, 10, 30, 60, 300, 900))


def next_try(tries: int, *, now: datetime) -> datetime:
    """When to try again after `tries` calls: soon at first, then every quarter of an hour."""
    return now + _PAUSES[min(max(tries, 1), len(_PAUSES)) - 1]


_PATIENCE: Final = {"block": timedelta(minutes=2), "unblock": timedelta(minutes=10)}
_USUAL_PATIENCE: Final = timedelta(hours=1)
_PENDING_PATIENCE: Final = timedelta(hours=24)


def patience(kind: str, *, pending: bool) -> timedelta:
    """How long a system may be silent before a person sees to it; `pending` says that it took the request on."""
    return _PENDING_PATIENCE if pending else _PATIENCE.get(kind, _USUAL_PATIENCE)


def undo_until(told: datetime | None, hours: int, *, now: datetime) -> datetime | None:
    """Until when a deed that is done now can be undone: what its executor says, else the hours it was set up with."""
    until = told or (now + timedelta(hours=hours) if hours else None)
    return until if until is not None and until > now else None


class ProofKind(StrEnum):
    """How somebody showed who they are: with a code sent to an address of theirs, or by a fact only they know."""

    CODE = "code"
    FACT = "fact"


PROOFS_FOR: Final = {
    # To block harms nobody for long, and waiting may: a fact suffices. What opens or discloses takes a code.
    "block": (ProofKind.CODE, ProofKind.FACT),
    "unblock": (ProofKind.CODE,),
    "export": (ProofKind.CODE,),
    "erase": (ProofKind.CODE,),
}
"""Which proofs count before an agent does this in a customer's name (decisions 17). Other kinds need none."""

PROOF_HOLDS: Final = timedelta(minutes=30)
CODE_HOLDS: Final = timedelta(minutes=15)
CODE_TRIES: Final = 5
CODES_AT_ONCE: Final = 3
"""Codes that may be sent about one conversation within CODE_HOLDS."""

COVER: Final = "• • • • • •"
"""What stands for a code in everything that is kept; the mail alone has the code."""


@dataclass(frozen=True, slots=True)
class OneContact:
    """Of the cancellations carried out, how many their customers asked for once: the pledge "cancelled within one
    contact", measured.
    """

    carried_out: int
    within_one: int

    @property
    def percent(self) -> int | None:
        """The share in whole percent, rounded down: 99.6 % is not all; None when none was carried out."""
        return 100 * self.within_one // self.carried_out if self.carried_out else None


def within_one_contact(said: Iterable[int]) -> OneContact:
    """`said` counts, for each cancellation carried out, the messages and presses that asked for it."""
    counts = list(said)
    return OneContact(len(counts), sum(count <= 1 for count in counts))
