"""What others may react to."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from holdord.history.events import Happening


@dataclass(frozen=True, kw_only=True)
class RecoveryOpened(Happening):
    """Something went wrong for a customer, and is being made right."""

    recovery_id: int
    promise_id: int
    apology_due_at: datetime
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class Apologised(Happening):
    """A person wrote to the customer after we had broken our word."""

    recovery_id: int
    seen_by_customer: ClassVar[bool] = True
