"""The earlier messages of a long conversation, a line each: who, when, and how it begins. A line opens its message."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Substr

from holdord.conversations.models import Conversation, Kind, Message, OutgoingState
from holdord.desk.list_rows import CHANNEL_ICONS
from holdord.history.rows import LookUp
from holdord.web.letters import first_words
from holdord.web.times import Times

IN_FULL = 30
"""The newest messages, which are shown whole."""

LINES = 50
"""How many more are lines; the earlier ones are a click away."""

SHOWN = 200
"""Messages on a page that folds none."""

UNSENT = {OutgoingState.FAILED, OutgoingState.UNKNOWN}


@dataclass(frozen=True, slots=True)
class FoldedRow:
    """One message as a line. `unsent` when the customer never got it."""

    pk: int
    at: datetime
    when: str
    when_iso: str
    icon: str
    author: str
    words: str
    lang: str
    unsent: bool
    kind: str = "line"
    buttons: tuple[()] = ()

    @property
    def anchor(self) -> str:
        """Where links to the message lead."""
        return f"message-{self.pk}"

    @property
    def href(self) -> str:
        """The page with this message, and all after it, in full."""
        return f"?message={self.pk}#{self.anchor}"


def written(conversation: int, before: int) -> QuerySet[Message]:
    """The messages before message `before` that were not taken back, newest first."""
    rows = Message.objects.filter(conversation=conversation, pk__lt=before)
    return rows.exclude(outgoing__state=OutgoingState.UNDONE).order_by("-at", "-pk")


def folded(conversation: Conversation, times: Times, *, before: int) -> list[FoldedRow]:
    """What comes before the messages in full, oldest first; one more than `LINES` when there are more."""
    rows = _FOLDED.rows(conversation.pk, before)
    return [_line(*row, conversation=conversation, times=times) for row in reversed(rows)]


_FOLDED = LookUp(
    lambda conversation, before: (
        written(conversation, before)
        .annotate(beginning=Substr("reply_text", 1, 240), whole=Substr("text", 1, 240))
        .values_list(
            "pk", "kind", "channel", "at", "language", "is_automatic", "author__name", "identity__customer_id",
            "identity__name", "identity__address", "outgoing__state", "beginning", "whole",
        )[IN_FULL : IN_FULL + LINES + 1]
    ),
    int,
    int,
)  # fmt: skip


def _line(
    pk: int, kind: str, channel: str, at: datetime, language: str, is_automatic: bool, author: str | None,
    customer_id: int | None, name: str | None, address: str | None, state: str | None, beginning: str, whole: str,
    *, conversation: Conversation, times: Times,
) -> FoldedRow:  # fmt: skip
    return FoldedRow(
        pk=pk,
        at=at,
        when=times.when(at),
        when_iso=at.isoformat(timespec="seconds"),
        icon="told" if kind == Kind.NOTE else CHANNEL_ICONS.get(channel, "mail"),
        author=author_of(kind, author, customer_id, name or address, conversation),
        words=first_words(beginning or whole, 100) or "…",
        lang=language or conversation.language,
        unsent=state in UNSENT and not is_automatic,
    )


def author_of(
    kind: str, author: str | None, customer_id: int | None, sender: str | None, conversation: Conversation
) -> str:
    """Who wrote a message: a person of ours, the desk itself, the customer, or another `sender`."""
    if author:
        return author
    if kind == Kind.OUTBOUND:
        return conversation.inbox.name
    if customer_id == conversation.customer_id and conversation.customer.name:
        return conversation.customer.name
    return sender or "?"
