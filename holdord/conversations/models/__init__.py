"""The tables of this package, by subject."""

from holdord.conversations.models.conversation import Conversation, Fact, Participant, Status
from holdord.conversations.models.meaning import Alike, Meaning
from holdord.conversations.models.message import Attachment, Channel, Draft, Kind, Message, Picture, Trust
from holdord.conversations.models.outbox import Outgoing, OutgoingState
from holdord.conversations.models.presence import Presence
from holdord.conversations.models.request import Heard, Request, RequestKind, RequestState, SentAnyway
from holdord.conversations.models.states import Closing, Dismissal, DismissalReason, EffortSaid, HandOver, Snooze

__all__ = [
    "Alike",
    "Attachment",
    "Channel",
    "Closing",
    "Conversation",
    "Dismissal",
    "DismissalReason",
    "Draft",
    "EffortSaid",
    "Fact",
    "HandOver",
    "Heard",
    "Kind",
    "Meaning",
    "Message",
    "Outgoing",
    "OutgoingState",
    "Participant",
    "Picture",
    "Presence",
    "Request",
    "RequestKind",
    "RequestState",
    "SentAnyway",
    "Snooze",
    "Status",
    "Trust",
]
