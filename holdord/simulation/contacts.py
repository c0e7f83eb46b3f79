"""One try of a person to reach us, and how it went."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from holdord.promises.rules import Slot
from holdord.simulation.drawing import Attempt, Inquiry
from holdord.simulation.scenario import Channel


class Outcome(StrEnum):
    """How far a try has come. The last four are ends, but who waits when the simulation ends is waiting still."""

    WAITING = "waiting"
    TO_BE_CALLED = "to_be_called"
    IN_HAND = "in_hand"
    REACHED = "reached"
    ABANDONED = "abandoned"
    SENT_AWAY = "sent_away"
    NOT_THERE = "not_there"


OPEN = frozenset({Outcome.WAITING, Outcome.TO_BE_CALLED})
"""Nobody works on it yet."""


@dataclass(eq=False, slots=True)
class Contact:
    """A call or a mail, at so many minutes from the beginning.

    `due_at` is the time it was given and has now, `first_due_at` the one it was given first, `told_at` when the person
    heard of another. `reached_at` is when somebody spoke to them, or when their mail was answered; `on_the_line` the
    minutes they held the phone.
    """

    inquiry: Inquiry
    number: int
    at: float
    outcome: Outcome = Outcome.WAITING
    due_at: datetime | None = None
    first_due_at: datetime | None = None
    risky_from: datetime | None = None
    told_at: datetime | None = None
    reached_at: float | None = None
    on_the_line: float = 0.0
    slot: Slot | None = None
    order: int = field(default=0)

    @property
    def attempt(self) -> Attempt:
        """What this person would do this time."""
        return self.inquiry.attempts[self.number]

    @property
    def is_call(self) -> bool:
        """Whether somebody holds a phone."""
        return self.inquiry.stream.channel is Channel.PHONE

    @property
    def is_open(self) -> bool:
        """Whether nobody works on it yet."""
        return self.outcome in OPEN
