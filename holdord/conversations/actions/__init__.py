"""What happens to conversations. One function is one thing that happens, in one transaction."""

from holdord.conversations.actions.asking import (
    ask,
    confirm,
    decline,
    dismiss_request,
    fulfil,
    withdraw,
)
from holdord.conversations.actions.chatting import (
    agent_types,
    can_be_shown,
    is_here,
    mail_unread,
    shown,
    signed_in_elsewhere,
    visitor_is_here,
)
from holdord.conversations.actions.closing import (
    CannotClose,
    accept_solution,
    close,
    leave_closed,
    not_only_thanks,
    reopen,
    say_effort,
)
from holdord.conversations.actions.correcting import correct_fact
from holdord.conversations.actions.delivering import (
    accepted,
    bounced,
    claim,
    failed,
    gave_up_not_knowing,
    retry,
    show_delay,
    try_later,
)
from holdord.conversations.actions.dismissing import dismiss, undo_dismissal, written_by_a_person
from holdord.conversations.actions.elsewhere import record_answer_given_elsewhere
from holdord.conversations.actions.hearing import hear, words_of
from holdord.conversations.actions.holding import hold
from holdord.conversations.actions.picturing import forget_originals, incoming_file, prepare_picture
from holdord.conversations.actions.receiving import AlreadyReceived, receive
from holdord.conversations.actions.sending_anyway import send_anyway
from holdord.conversations.actions.standing import (
    NotLater,
    TakenByAnother,
    hand_over,
    replace_case_link,
    snooze,
    take,
    wake,
)
from holdord.conversations.actions.taking_back import AlreadyDecided, still_asked
from holdord.conversations.actions.writing import (
    NoAddress,
    NothingToSend,
    TooLateToUndo,
    begin,
    note,
    reply,
    save_draft,
    send_automatically,
    undo_reply,
)

__all__ = [
    "AlreadyDecided",
    "AlreadyReceived",
    "CannotClose",
    "NoAddress",
    "NotLater",
    "NothingToSend",
    "TakenByAnother",
    "TooLateToUndo",
    "accept_solution",
    "accepted",
    "agent_types",
    "ask",
    "begin",
    "bounced",
    "can_be_shown",
    "claim",
    "close",
    "confirm",
    "correct_fact",
    "decline",
    "dismiss",
    "dismiss_request",
    "failed",
    "forget_originals",
    "fulfil",
    "gave_up_not_knowing",
    "hand_over",
    "hear",
    "hold",
    "incoming_file",
    "is_here",
    "leave_closed",
    "mail_unread",
    "not_only_thanks",
    "note",
    "prepare_picture",
    "receive",
    "record_answer_given_elsewhere",
    "reopen",
    "replace_case_link",
    "reply",
    "retry",
    "save_draft",
    "say_effort",
    "send_anyway",
    "send_automatically",
    "show_delay",
    "shown",
    "signed_in_elsewhere",
    "snooze",
    "still_asked",
    "take",
    "try_later",
    "undo_dismissal",
    "undo_reply",
    "visitor_is_here",
    "wake",
    "withdraw",
    "words_of",
    "written_by_a_person",
]
