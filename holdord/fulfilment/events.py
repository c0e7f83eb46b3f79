"""What others may react to."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from holdord.history.events import Happening


@dataclass(frozen=True, kw_only=True)
class DeedBegun(Happening):
    """What a customer asked for is being carried out, or taken back. `direction` is do or undo; `way` webhook, task or
    here.
    """

    deed_id: int
    request_id: int
    request_kind: str
    direction: str
    way: str
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class DeedDone(Happening):
    """It is done, by the word of who did it. `undo_until` is None when it can't be undone."""

    deed_id: int
    request_id: int
    request_kind: str
    direction: str
    undo_until: datetime | None
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class DeedRefused(Happening):
    """It won't be done; the customer gets the reason."""

    deed_id: int
    request_id: int
    request_kind: str
    direction: str
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class DeedHandedToAPerson(Happening):
    """The system did not do it in time, or can't: a person does. `fault` is one word."""

    deed_id: int
    request_id: int
    request_kind: str
    fault: str
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class ProofGiven(Happening):
    """Somebody proved who they are, so that `for_kind` may be done. `kind` is code or fact."""

    proof_id: int
    kind: str
    for_kind: str


@dataclass(frozen=True, kw_only=True)
class CasesDestroyed(Happening):
    """What was erased is destroyed for good. `conversations` are those whose words must go everywhere, `identities` the
    addresses that were theirs alone.
    """

    erasure_id: int
    conversations: tuple[int, ...]
    identities: tuple[int, ...]
