"""What happens to what customers ask for. One function is one thing that happens, in one transaction."""

from holdord.fulfilment.actions.beginning import DoneAlready, ask_for, carry_out
from holdord.fulfilment.actions.erasing import destroy, own_identities
from holdord.fulfilment.actions.proving import (
    NoProof,
    TooManyCodes,
    WrongCode,
    prove_by_code,
    prove_by_fact,
    send_code,
)
from holdord.fulfilment.actions.setting_up import new_secret, set_executor
from holdord.fulfilment.actions.settling import by_hand, settle, told
from holdord.fulfilment.actions.trying import claim_next, try_again
from holdord.fulfilment.actions.undoing import TooLateToUndo, drop, undo

__all__ = [
    "DoneAlready",
    "NoProof",
    "TooLateToUndo",
    "TooManyCodes",
    "WrongCode",
    "ask_for",
    "by_hand",
    "carry_out",
    "claim_next",
    "destroy",
    "drop",
    "new_secret",
    "own_identities",
    "prove_by_code",
    "prove_by_fact",
    "send_code",
    "set_executor",
    "settle",
    "told",
    "try_again",
    "undo",
]
