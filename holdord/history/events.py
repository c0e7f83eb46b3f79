"""What every event has, and the register of who reacts to which. Plain Python."""

from collections.abc import Callable
from dataclasses import dataclass, field
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

    @property
    def about(self) -> int:
        """The conversation it is about, for events that always have one."""
        assert self.conversation_id is not None
        return self.conversation_id


def unwritten() -> Any:
    """A field that is handed to the reactions in the same transaction, so that they need not look it up, and is no part
    of the history.
    """
    return field(compare=False, repr=False, metadata={"unwritten": True})


Reaction = TypeVar("Reaction", bound=Callable[[Any], None])
_reactions: dict[type[Happening], list[Callable[[Any], None]]] = {}


def on(*kinds: type[Happening]) -> Callable[[Reaction], Reaction]:
    """Let the decorated function run, in the same transaction, when an event of one of these kinds is announced."""

    def register(reaction: Reaction) -> Reaction:
        for kind in kinds:
            _reactions.setdefault(kind, []).append(reaction)
        return reaction

    return register


def reactions_to(event: Happening) -> list[Callable[[Any], None]]:
    """Who reacts to this event, in the order of registration."""
    return _reactions.get(type(event), [])
