"""What others may react to."""

from dataclasses import dataclass
from typing import ClassVar

from holdord.history.events import Happening


@dataclass(frozen=True, kw_only=True)
class RecoveryOpened(Happening):
    """Something went wrong for a customer, and is being made right."""

    recovery_id: int
    promise_id: int
    seen_by_customer: ClassVar[bool] = True
