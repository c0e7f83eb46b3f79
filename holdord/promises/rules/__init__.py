"""The functional core of promises: states and moves, the clock's stages, what holds and who gives way. Pure functions
over values.
"""

from holdord.promises.rules.capacity import (
    Slot,
    earliest_keepable,
    earliest_slot,
    fits,
    supply_of_deliveries,
    supply_of_places,
)
from holdord.promises.rules.clock import (
    OFFER_HOLDS,
    Stage,
    Stages,
    Standing,
    due_by_pledge,
    last_honest_moment,
    stages,
    standing,
    undo_until,
)
from holdord.promises.rules.giving_way import Claim, by_due_time, give_way
from holdord.promises.rules.load import Day, Load, load_by_days, load_of, owed_by, with_work, with_work_written
from holdord.promises.rules.measures import Kept, Miss, Told, told_by_span
from holdord.promises.rules.room import Room, rooms, rooms_in_slots
from holdord.promises.rules.sharing import Piece, Taker, share_out
from holdord.promises.rules.states import (
    ENDED,
    MOVES,
    NEVER_SAID,
    RUNNING,
    Choice,
    Kind,
    PoolKind,
    Source,
    State,
    choices_for,
    diagram,
    may_become,
    usual_precision,
)
from holdord.promises.rules.terms import Terms, Time

__all__ = [
    "ENDED",
    "MOVES",
    "NEVER_SAID",
    "OFFER_HOLDS",
    "RUNNING",
    "Choice",
    "Claim",
    "Day",
    "Kept",
    "Kind",
    "Load",
    "Miss",
    "Piece",
    "PoolKind",
    "Room",
    "Slot",
    "Source",
    "Stage",
    "Stages",
    "Standing",
    "State",
    "Taker",
    "Terms",
    "Time",
    "Told",
    "by_due_time",
    "choices_for",
    "diagram",
    "due_by_pledge",
    "earliest_keepable",
    "earliest_slot",
    "fits",
    "give_way",
    "last_honest_moment",
    "load_by_days",
    "load_of",
    "may_become",
    "owed_by",
    "rooms",
    "rooms_in_slots",
    "share_out",
    "stages",
    "standing",
    "supply_of_deliveries",
    "supply_of_places",
    "told_by_span",
    "undo_until",
    "usual_precision",
    "with_work",
    "with_work_written",
]
