"""A chat as its visitor sees it: what was said, oldest first, and by when a person answers."""

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from holdord.conversations.models import Conversation, Kind, Message, Participant
from holdord.people.models import IdentityKind
from holdord.portal.file_rows import FileRow, file_rows
from holdord.portal.messages import from_customer, from_us
from holdord.promises.queries import running_answer
from holdord.web.letters import paragraphs
from holdord.web.times import Times

MOST = 200


@dataclass(slots=True)
class SaidRow:
    """One message; `mine` are the visitor's."""

    pk: int
    who: str
    when: str
    when_iso: str
    text: str
    lang: str
    mine: bool
    files: list[FileRow] = field(default_factory=list)


def said(participant: Participant, times: Times) -> list[SaidRow]:
    """What was said, without notes and what strangers wrote; letters of the desk itself where no mail brings them."""
    theirs, ours = from_customer(participant.conversation), _ours(participant)
    conversation = participant.conversation
    rows = [*theirs.order_by("-pk")[:MOST], *ours.select_related("author").order_by("-pk")[:MOST]]
    files = file_rows(participant, [row.pk for row in rows])
    return [_row(row, conversation, times, files.get(row.pk, [])) for row in sorted(rows, key=lambda row: row.pk)]


def newest(participant: Participant) -> int:
    """The newest message of ours, by its number; 0 when there is none."""
    return _ours(participant).order_by("-pk").values_list("pk", flat=True).first() or 0


def _ours(participant: Participant) -> QuerySet[Message]:
    return from_us(participant.conversation).filter(Q(is_automatic=False) | Q(identity__kind=IdentityKind.CHAT))


def answered_by(conversation: Conversation, times: Times) -> str:
    """By when a person answers; empty when nothing is owed."""
    promise = running_answer(conversation)
    return times.by(promise.due_at) if promise else ""


def _row(message: Message, conversation: Conversation, times: Times, files: list[FileRow]) -> SaidRow:
    mine = message.kind == Kind.INBOUND
    author = message.author.first_name if message.author else ""
    return SaidRow(
        pk=message.pk,
        who=_("You") if mine else author or conversation.inbox.name,
        when=times.when(message.at),
        when_iso=message.at.isoformat(timespec="seconds"),
        text=paragraphs(message.reply_text or message.text),
        lang=message.language or conversation.language,
        mine=mine,
        files=files,
    )
