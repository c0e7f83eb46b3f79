"""What others may react to."""

from dataclasses import dataclass

from holdord.history.events import Happening


@dataclass(frozen=True, kw_only=True)
class EditionPublished(Happening):
    """Others can read this document in this language, as it is written now."""

    document_id: int
    document_kind: str
    language: str


@dataclass(frozen=True, kw_only=True)
class IncidentOver(Happening):
    """A known incident is over (`is_over`), or goes on after all."""

    document_id: int
    is_over: bool


@dataclass(frozen=True, kw_only=True)
class EditionWithdrawn(Happening):
    """Others can't read it any more."""

    document_id: int
    document_kind: str
    language: str
