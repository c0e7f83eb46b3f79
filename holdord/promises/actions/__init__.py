"""What happens to promises. One function is one thing that happens, in one transaction."""

from holdord.promises.actions.checking import check_pool
from holdord.promises.actions.choosing import AlreadyChosen, NotOffered, choose, choose_slot
from holdord.promises.actions.giving import (
    Given,
    NoCapacity,
    NoLongerHolds,
    NotAllowed,
    NoTime,
    OfferNoLongerHolds,
    acknowledge,
    attach_drafts,
    draft_again,
    give,
    give_answer,
    give_update,
    open_drafts,
    owe_unseen,
)
from holdord.promises.actions.holding import hold_all_of
from holdord.promises.actions.measuring import measured
from holdord.promises.actions.moving import hand_to, move, move_and_tell, take_back_moves, told
from holdord.promises.actions.moving_told import move_with_letter
from holdord.promises.actions.phoning import promise_by_phone
from holdord.promises.actions.reserving import PoolIsBusy
from holdord.promises.actions.settling import (
    AlreadySettled,
    answer_arrived,
    break_promise,
    drop_draft,
    keep,
    release,
    take_back_answer,
    void,
)
from holdord.promises.actions.supplying import PoolExists, SlotsOverlap, add_pool, rename_pool, set_places
from holdord.promises.actions.telling import (
    CouldNotTell,
    NobodyToTell,
    begin_telling,
    outbox_is_full,
    put_back,
    tell_next,
)
from holdord.promises.actions.watching import look

__all__ = [
    "AlreadyChosen",
    "AlreadySettled",
    "CouldNotTell",
    "Given",
    "NoCapacity",
    "NoLongerHolds",
    "NoTime",
    "NobodyToTell",
    "NotAllowed",
    "NotOffered",
    "OfferNoLongerHolds",
    "PoolExists",
    "PoolIsBusy",
    "SlotsOverlap",
    "acknowledge",
    "add_pool",
    "answer_arrived",
    "attach_drafts",
    "begin_telling",
    "break_promise",
    "check_pool",
    "choose",
    "choose_slot",
    "draft_again",
    "drop_draft",
    "give",
    "give_answer",
    "give_update",
    "hand_to",
    "hold_all_of",
    "keep",
    "look",
    "measured",
    "move",
    "move_and_tell",
    "move_with_letter",
    "open_drafts",
    "outbox_is_full",
    "owe_unseen",
    "promise_by_phone",
    "put_back",
    "release",
    "rename_pool",
    "set_places",
    "take_back_answer",
    "take_back_moves",
    "tell_next",
    "told",
    "void",
]
