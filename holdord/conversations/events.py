"""What others may react to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from holdord.history.events import Happening, unwritten


@dataclass(frozen=True, kw_only=True)
class InquiryReceived(Happening):
    """A person wrote to us and nobody has answered this yet.

    `acknowledge` is False for mail that must not be acknowledged (machine mail, caps, old mail): the answer is owed all
    the same. `asked_at` is when it reached us. `message` and `participant` (its author) are the rows themselves.
    """

    message_id: int
    opened: bool
    acknowledge: bool
    asked_at: datetime
    promised_due_at: datetime | None = None
    message: Any = unwritten()
    participant: Any = unwritten()
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class MachineMailReceived(Happening):
    """Mail that no person wrote was put with the conversation. It reopens nothing and stops no clock."""

    message_id: int
    machine: str


@dataclass(frozen=True, kw_only=True)
class PicturePrepared(Happening):
    """A picture that came or goes with a message can be shown now, or it turned out that it can't."""

    message_id: int
    attachment_id: int
    is_ready: bool
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class ClosingProposed(Happening):
    """After "thanks!" alone the desk proposes to leave a conversation closed."""

    message_id: int


@dataclass(frozen=True, kw_only=True)
class ConversationReopened(Happening):
    """A closed conversation is open again: the customer wrote, or the closing was undone."""

    by_customer: bool
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class ConversationTaken(Happening):
    """A person answers for it now, or (owner None) the team again."""

    owner_id: int | None
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class ConversationHandedOver(Happening):
    """It went to another team or person."""

    hand_over_id: int
    from_team_id: int
    to_team_id: int
    to_agent_id: int | None
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Happening):
    """An internal note."""

    message_id: int


@dataclass(frozen=True, kw_only=True)
class ReplyQueued(Happening):
    """A person's reply is in the outbox, inside its undo window. `handling_seconds` since they opened it, if known."""

    message_id: int
    is_answer: bool
    handling_seconds: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReplyUndone(Happening):
    """A reply was taken back before it left."""

    message_id: int


@dataclass(frozen=True, kw_only=True)
class ReplyAccepted(Happening):
    """Our outgoing mail server took a message (or the customer was shown it). `at` is when."""

    message_id: int
    is_answer: bool
    is_automatic: bool
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class ReplyTriedAgain(Happening):
    """Somebody sends a message once more that did not get through. A reaction may refuse: then it stays where it is."""

    message_id: int


@dataclass(frozen=True, kw_only=True)
class SendingDelayed(Happening):
    """A message could not be sent yet; it is tried again."""

    message_id: int


@dataclass(frozen=True, kw_only=True)
class SendingFailed(Happening):
    """A message will not arrive, or nobody can know: the customer has no answer from it.

    `how` is failed, unknown or bounced.
    """

    message_id: int
    is_answer: bool
    how: str


@dataclass(frozen=True, kw_only=True)
class ConversationClosing(Happening):
    """A conversation is about to be closed. A reaction may refuse by raising CannotClose; then nothing happens."""


@dataclass(frozen=True, kw_only=True)
class ConversationClosed(Happening):
    """A conversation was closed, with a reason the customer gets."""

    closing_id: int
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class EffortTold(Happening):
    """A customer said how easy it was to get help, 1 to 5."""

    score: int


@dataclass(frozen=True, kw_only=True)
class SolutionAccepted(Happening):
    """The customer said on the case page that it works now."""

    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class ConversationSnoozed(Happening):
    """Out of sight until a time; no clock stops."""

    until: datetime


@dataclass(frozen=True, kw_only=True)
class ConversationWoken(Happening):
    """Back from snoozing."""


@dataclass(frozen=True, kw_only=True)
class ConversationDismissed(Happening):
    """Not for us: spam, newsletter, misdirected, blocked."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class DismissalUndone(Happening):
    """It was for us after all."""


@dataclass(frozen=True, kw_only=True)
class ConversationBegun(Happening):
    """An agent wrote first."""

    message_id: int
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class CaseLinkReplaced(Happening):
    """Every case link given so far to this participant is worthless now."""

    participant_id: int
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class FactCorrected(Happening):
    """The customer corrected what they had told us, or took it back."""

    fact_id: int
    by_fact_id: int | None
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class RequestMade(Happening):
    """A message asks for something to be done, the `said`th time."""

    request_id: int
    request_kind: str
    said: int


@dataclass(frozen=True, kw_only=True)
class RequestTakenBack(Happening):
    """A message seems to take a request back; a person decides."""

    request_id: int


@dataclass(frozen=True, kw_only=True)
class RequestSettled(Happening):
    """A person or the customer confirmed a request, or it ended: dismissed, fulfilled, declined, withdrawn."""

    request_id: int
    state: str
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class SentAgainstTheGuard(Happening):
    """A person sent a reply that the guard would have stopped, and said why."""

    message_id: int
    slips: tuple[str, ...]
