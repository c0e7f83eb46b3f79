"""What every event has, and the register of who reacts to which. Plain Python."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that happened, named in the past tense. Fields are ids, enums, numbers and times, never personal text.

    `at` is when; `by_id` the agent who did it, None for the desk itself or a customer.
    """

    at: datetime
    conversation_id: int | None = None
    by_id: int | None = None

    seen_by_customer: ClassVar[bool] = False
    """Whether the case page changes by it."""


Event = TypeVar("Event", bound=Happening)
_reactions: dict[type[Happening], list[Callable[[Any], None]]] = {}


def on(kind: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Let the decorated function run, in the same transaction, when an event of this kind is announced."""

    def register(reaction: Callable[[Event], None]) -> Callable[[Event], None]:
        _reactions.setdefault(kind, []).append(reaction)
        return reaction

    return register


def reactions_to(event: Happening) -> list[Callable[[Any], None]]:
    """Who reacts to this event, in the order of registration."""
    return _reactions.get(type(event), [])
