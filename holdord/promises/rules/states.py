"""What is promised, where a promise stands, and which state may follow which."""

from enum import StrEnum
from typing import Final

from holdord.kernel.moments import Precision


class Kind(StrEnum):
    """What is promised."""

    ANSWER = "answer"
    CALLBACK = "callback"
    UPDATE = "update"
    DELIVERY = "delivery"
    REFUND = "refund"
    FIX = "fix"
    VISIT = "visit"
    OTHER = "other"


BY_THE_DAY: Final = frozenset({Kind.DELIVERY, Kind.REFUND})
"""What is promised for a day; everything else is promised for a minute."""


def usual_precision(kind: Kind) -> Precision:
    """How exactly a promise of this kind is meant, unless somebody says otherwise."""
    return Precision.DAY if kind in BY_THE_DAY else Precision.MINUTE


class Source(StrEnum):
    """How a promise came about."""

    PLEDGE = "pledge"
    AGENT = "agent"
    PHONE = "phone"
    FEED = "feed"
    CUSTOMER = "customer"
    PROGRAM = "program"


class Choice(StrEnum):
    """What a customer can choose when a promise will be late."""

    KEEP = "keep"
    OTHER_TIME = "other_time"
    MONEY_BACK = "money_back"
    LET_GO = "let_go"


def choices_for(kind: Kind) -> list[Choice]:
    """What the customer of a late promise of this kind is offered. An answer has no date to choose, and money goes back
    for what was bought.
    """
    if kind in (Kind.DELIVERY, Kind.VISIT):
        return [Choice.KEEP, Choice.OTHER_TIME, Choice.MONEY_BACK, Choice.LET_GO]
    if kind is Kind.CALLBACK:
        return [Choice.KEEP, Choice.OTHER_TIME, Choice.LET_GO]
    return [Choice.KEEP, Choice.LET_GO]


class PoolKind(StrEnum):
    """What a capacity pool counts.

    minutes: working minutes of a team; unused they lapse. flow: places in each slot (parcels a day) that may be used
    for anything due later; unused they lapse. slots: places in each slot for just this slot (call-backs, visits).
    stock: pieces that arrive and wait until they are taken.
    """

    MINUTES = "minutes"
    FLOW = "flow"
    SLOTS = "slots"
    STOCK = "stock"


class State(StrEnum):
    """Where a promise stands. "At risk" is not a state: it is how an open promise looks from its warning on."""

    DRAFT = "draft"
    OPEN = "open"
    MOVED = "moved"
    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"
    VOID = "void"


RUNNING: Final = frozenset({State.OPEN, State.MOVED})
"""The states in which the clock runs."""

ENDED: Final = frozenset({State.KEPT, State.BROKEN, State.RELEASED, State.VOID})
"""The states of a promise that runs no more."""

MOVES: Final[dict[State, dict[State, str]]] = {
    State.DRAFT: {State.OPEN: "the message was accepted", State.VOID: "taken back, or never sent"},
    State.OPEN: {
        State.MOVED: "a new time",
        State.KEPT: "done in time",
        State.BROKEN: "the time passed",
        State.RELEASED: "the customer's word",
        State.VOID: "never owed",
    },
    State.MOVED: {
        State.MOVED: "another new time",
        State.OPEN: "the move was taken back before it left",
        State.KEPT: "done by the new time",
        State.BROKEN: "the new time passed, or the customer was not told before the old one",
        State.RELEASED: "the customer's word",
        State.VOID: "never owed",
    },
    State.KEPT: {
        State.OPEN: "the answer bounced",
        State.MOVED: "the answer bounced",
        State.BROKEN: "the answer bounced, too late or after a newer question",
    },
    State.BROKEN: {},
    State.RELEASED: {},
    State.VOID: {},
}
"""Which state may follow which, and why. Kept runs again for one cause alone: the answer bounced."""


NEVER_SAID: Final = ("undone", "left_out", "not_sent")
"""Why a draft became void: its reply did not leave, so that nobody was promised anything."""


def may_become(state: State) -> frozenset[State]:
    """The states from which a promise may become `state`: the condition of every UPDATE that makes it so."""
    return frozenset(earlier for earlier, later in MOVES.items() if state in later)


def diagram() -> str:
    """The moves as a Mermaid state diagram, for the docs."""
    lines = ["stateDiagram-v2", "    [*] --> draft: in an unsent reply", "    [*] --> open: given"]
    lines += [f"    {earlier} --> {later}: {why}" for earlier, moves in MOVES.items() for later, why in moves.items()]
    lines += [f"    {state} --> [*]" for state in State if state in ENDED]
    return "\n".join(lines)
