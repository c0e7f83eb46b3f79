"""What others may react to."""

from dataclasses import dataclass

from holdord.history.events import Happening


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Happening):
    """Two customers were found to be one."""

    kept_id: int
    absorbed_id: int


@dataclass(frozen=True, kw_only=True)
class MergeUndone(Happening):
    """They were two after all."""

    kept_id: int
    absorbed_id: int


@dataclass(frozen=True, kw_only=True)
class SenderBlocked(Happening):
    """A sender's mail is dismissed from now on."""

    blocked_id: int


@dataclass(frozen=True, kw_only=True)
class SenderUnblocked(Happening):
    """A sender's mail is let in again."""

    blocked_id: int


@dataclass(frozen=True, kw_only=True)
class ApiTokenMade(Happening):
    """A program was given access."""

    token_id: int


@dataclass(frozen=True, kw_only=True)
class ApiTokenRevoked(Happening):
    """A program's access ended."""

    token_id: int
