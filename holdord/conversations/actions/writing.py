"""People and the desk write: replies, notes, letters that go by themselves."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from holdord.conversations import search
from holdord.conversations.events import (
    ConversationBegun,
    ConversationReopened,
    NoteWritten,
    ReplyQueued,
    ReplyUndone,
)
from holdord.conversations.models import (
    Attachment,
    Channel,
    Closing,
    Conversation,
    Draft,
    Kind,
    Message,
    Outgoing,
    OutgoingState,
    Participant,
    Picture,
    Status,
    Trust,
)
from holdord.conversations.rules import IncomingFile, clean_subject, language_of, subject_for_reply
from holdord.history.actions import announce
from holdord.history.finding import Find
from holdord.history.rows import LookUp
from holdord.people.actions import recognise
from holdord.people.models import Agent, Identity, IdentityKind, Inbox


class NothingToSend(Exception):
    """The text is empty and nothing is attached."""


class NoAddress(Exception):
    """The customer has no address that mail can reach."""


class TooLateToUndo(Exception):
    """The message left already."""


@transaction.atomic
def reply(
    conversation: Conversation,
    *,
    by: Agent,
    text: str,
    seen: Message | None,
    not_before: datetime,
    now: datetime,
    is_answer: bool = True,
    to: Identity | None = None,
    cc: Sequence[str] = (),
    files: Sequence[IncomingFile] = (),
    opened_at: datetime | None = None,
) -> Message:
    """Queue an agent's reply to the customer; it leaves at `not_before`, the end of the undo window.

    `seen` is the newest message the author had on the screen: what came after it is not answered by this. `is_answer`
    False is an update that does not answer yet. `opened_at` is when the author opened the conversation, to measure how
    long answers take. Raises NothingToSend, NoAddress.
    """
    if not text.strip() and not files:
        raise NothingToSend
    identity = to or reachable_identity(conversation)
    if identity is None:
        raise NoAddress
    message = _write_out(
        conversation, text=text, by=by, identity=identity, now=now, seen=seen, is_answer=is_answer, files=files
    )
    Outgoing.objects.create(
        message=message, to=identity.address, cc=list(cc), not_before=not_before, next_attempt_at=not_before
    )
    Draft.objects.filter(conversation=conversation, agent=by).delete()
    after_writing(conversation, by=by, is_answer=is_answer, now=now)
    announce(
        ReplyQueued(
            at=now,
            conversation_id=conversation.pk,
            by_id=by.pk,
            message_id=message.pk,
            is_answer=is_answer,
            handling_seconds=int((now - opened_at).total_seconds()) if opened_at else None,
        )
    )
    return message


@transaction.atomic
def undo_reply(message: Message, *, by: Agent, now: datetime) -> Draft:
    """Take a reply back before it leaves; its text is a draft again. Raises TooLateToUndo.

    The sender and this race by one conditional UPDATE: only one of them gets the message.
    """
    if not Outgoing.objects.filter(message=message, state=OutgoingState.QUEUED, attempts=0).update(
        state=OutgoingState.UNDONE
    ):
        raise TooLateToUndo
    Conversation.objects.filter(pk=message.conversation_id, status=Status.WAITING).update(
        status=Status.OPEN, changed_at=now
    )
    draft, _ = Draft.objects.update_or_create(
        conversation_id=message.conversation_id, agent=by, defaults={"text": message.text, "saved_at": now}
    )
    search.forget(message)
    announce(ReplyUndone(at=now, conversation_id=message.conversation_id, by_id=by.pk, message_id=message.pk))
    return draft


@transaction.atomic
def note(
    conversation: Conversation, *, by: Agent, text: str, now: datetime, files: Sequence[IncomingFile] = ()
) -> Message:
    """Write an internal note; no customer ever sees it. Raises NothingToSend."""
    if not text.strip() and not files:
        raise NothingToSend
    message = Message.objects.create(
        conversation=conversation,
        kind=Kind.NOTE,
        channel=conversation.channel,
        author=by,
        text=text,
        language=by.language,
        at=now,
        trust=Trust.VERIFIED,
    )
    attach(message, files)
    search.index(message)
    Conversation.objects.filter(pk=conversation.pk).update(changed_at=now)
    announce(NoteWritten(at=now, conversation_id=conversation.pk, by_id=by.pk, message_id=message.pk))
    return message


@transaction.atomic
def begin(
    *,
    inbox: Inbox,
    by: Agent,
    address: str,
    name: str,
    subject: str,
    text: str,
    not_before: datetime,
    now: datetime,
    language: str = "",
    files: Sequence[IncomingFile] = (),
) -> Conversation:
    """An agent writes first: a new conversation that waits for the customer. Raises NothingToSend."""
    if not text.strip() and not files:
        raise NothingToSend
    identity = recognise(kind=IdentityKind.EMAIL, address=address, name=name, inbox=inbox, now=now)
    conversation = Conversation.objects.create(
        inbox=inbox,
        team_id=inbox.team_id,
        owner=by,
        owned_since=now,
        customer=identity.customer,
        subject=clean_subject(subject),
        language=language_of(
            customer=language or identity.customer.language, form="", detected="", inbox=inbox.language
        ),
        channel=Channel.EMAIL,
        status=Status.WAITING,
        opened_at=now,
        changed_at=now,
    )
    Participant.objects.create(conversation=conversation, identity=identity, is_customer=True, joined_at=now)
    message = _write_out(
        conversation, text=text, by=by, identity=identity, now=now, seen=None, is_answer=False, files=files
    )
    Outgoing.objects.create(message=message, to=identity.address, not_before=not_before, next_attempt_at=not_before)
    announce(ConversationBegun(at=now, conversation_id=conversation.pk, by_id=by.pk, message_id=message.pk))
    return conversation


@transaction.atomic(savepoint=False)
def send_automatically(
    conversation: Conversation, *, text: str, now: datetime, to: Identity | None = None, subject: str = ""
) -> Message | None:
    """Queue a letter that the desk writes by itself; it is never an answer. None if there is nobody to write to."""
    identity = to or reachable_identity(conversation)
    if identity is None:
        return None
    message = _write_out(
        conversation, text=text, by=None, identity=identity, now=now, seen=None, is_answer=False, subject=subject
    )
    Outgoing.objects.create(message=message, to=identity.address, not_before=now, next_attempt_at=now)
    return message


@transaction.atomic
def save_draft(conversation: Conversation, *, by: Agent, text: str, now: datetime) -> Draft | None:
    """Keep what an agent is writing; an empty text throws the draft away."""
    if not text.strip():
        Draft.objects.filter(conversation=conversation, agent=by).delete()
        return None
    return Draft.objects.update_or_create(
        conversation=conversation, agent=by, defaults={"text": text, "saved_at": now}
    )[0]


def reachable_identity(conversation: Conversation) -> Identity | None:
    """The customer's address to write to: the one they wrote from last, else one that mail reaches."""
    wrote_from = _WROTE_FROM.row(conversation.pk, conversation.customer_id)
    if wrote_from is not None:
        return _IDENTITY.first(*wrote_from)
    own = Identity.objects.filter(customer=conversation.customer_id, kind=IdentityKind.EMAIL, bounced_at__isnull=True)
    return own.filter(participations__conversation=conversation).first() or own.first()


_IDENTITY = Find(lambda pk: Identity.objects.filter(pk=pk), int)
_WROTE_FROM = LookUp(
    lambda conversation, customer: (
        Message.objects.filter(
            conversation=conversation,
            kind=Kind.INBOUND,
            machine="",
            identity__customer=customer,
            identity__kind__in=[IdentityKind.EMAIL, IdentityKind.CHAT],
            identity__bounced_at__isnull=True,
        )
        .order_by("-at", "-pk")
        .values_list("identity")[:1]
    ),
    int,
    int,
)


def _write_out(
    conversation: Conversation,
    *,
    text: str,
    by: Agent | None,
    identity: Identity,
    now: datetime,
    seen: Message | None,
    is_answer: bool,
    files: Sequence[IncomingFile] = (),
    subject: str = "",
) -> Message:
    message = Message.objects.create(
        conversation=conversation,
        kind=Kind.OUTBOUND,
        channel=Channel.CHAT if conversation.channel == Channel.CHAT else Channel.EMAIL,
        author=by,
        identity=identity,
        subject=subject or subject_for_reply(conversation.subject),
        text=text,
        language=conversation.language,
        at=now,
        is_automatic=by is None,
        is_answer=is_answer,
        seen=seen,
        trust=Trust.VERIFIED,
    )
    attach(message, files)
    if by is not None:
        search.index(message)  # what the desk writes by itself is the same every time: nobody seeks it
    return message


def attach(message: Message, files: Sequence[IncomingFile]) -> None:
    """Hang files, already kept, on a message."""
    if not files:
        return
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            blob=file.blob,
            name=file.name[:255],
            content_type=file.content_type[:127],
            content_id=file.content_id[:255],
            is_inline=file.is_inline,
            picture=Picture.WAITING if file.is_picture else Picture.NONE,
        )
        for file in files
    )


def after_writing(conversation: Conversation, *, by: Agent | None, is_answer: bool, now: datetime) -> None:
    was = conversation.status
    conversation.status = Status.WAITING if is_answer else Status.OPEN
    conversation.snoozed_until, conversation.changed_at, conversation.closing_proposed_by = None, now, None
    conversation.save(update_fields=["status", "snoozed_until", "changed_at", "closing_proposed_by"])
    if was == Status.CLOSED:
        Closing.objects.filter(conversation=conversation, ended_at__isnull=True).update(ended_at=now)
        announce(
            ConversationReopened(
                at=now, conversation_id=conversation.pk, by_id=by.pk if by else None, by_customer=False
            )
        )
