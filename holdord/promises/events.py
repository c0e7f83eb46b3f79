"""What others may react to."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from holdord.history.events import Happening


@dataclass(frozen=True, kw_only=True)
class PromiseGiven(Happening):
    """A customer was promised something."""

    promise_id: int
    kind: str
    due_at: datetime
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class PromiseKept(Happening):
    """We did what we had promised, in time."""

    promise_id: int
    kind: str
    due_at: datetime
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class PromiseReopened(Happening):
    """What kept the promise never arrived (it bounced): it runs again."""

    promise_id: int
    kind: str
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class PromiseMoved(Happening):
    """A promise runs on with a new time."""

    promise_id: int
    kind: str
    old_due_at: datetime
    new_due_at: datetime
    automatic: bool
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class PromiseBroken(Happening):
    """The due time passed and the promise was not kept: who owed it, how late it was when it broke, and what it had
    cost the customer until then: how often they had to write, over how many days.
    """

    promise_id: int
    kind: str
    due_at: datetime
    owner_id: int | None
    late_minutes: int
    contacts: int
    days: int
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class PromiseReleased(Happening):
    """The customer let it go."""

    promise_id: int
    kind: str
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class PromiseVoided(Happening):
    """It was never owed: spam, a duplicate, merged away, undone."""

    promise_id: int
    kind: str
    reason: str
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class PromiseAtRisk(Happening):
    """Somebody was warned that a promise may break: its owner first, then the lead."""

    promise_id: int
    kind: str
    due_at: datetime
    level: str
    warned_id: int | None


@dataclass(frozen=True, kw_only=True)
class MoveTakenBack(Happening):
    """A reply that gave a promise a new time was undone before it left: the old time counts again."""

    promise_id: int
    due_at: datetime
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class AlternativeChosen(Happening):
    """The customer said on the case page what shall become of a late promise."""

    promise_id: int
    choice: str
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class PoolOverpromised(Happening):
    """A pool has become smaller than what was promised on it: so many promises more no longer fit."""

    pool_id: int
    promises: int


@dataclass(frozen=True, kw_only=True)
class PoolChanged(Happening):
    """A pool was given other places."""

    pool_id: int
    places: int


@dataclass(frozen=True, kw_only=True)
class TellingBegun(Happening):
    """A lead lets many customers be told that what they were promised will be late."""

    telling_id: int
    pool_id: int
    promises: int
