"""A message comes in."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from holdord.conversations import search
from holdord.conversations.actions.writing import attach
from holdord.conversations.events import (
    ClosingProposed,
    ConversationReopened,
    ConversationWoken,
    InquiryReceived,
    MachineMailReceived,
)
from holdord.conversations.models import (
    Closing,
    Conversation,
    Dismissal,
    Fact,
    Kind,
    Message,
    Participant,
    Status,
)
from holdord.conversations.rules import Incoming, clean_subject, language_of
from holdord.history.actions import announce
from holdord.history.rows import LookUp
from holdord.kernel.languages import closest
from holdord.people.actions import recognise
from holdord.people.models import Identity

_WITH_MESSAGE_ID = LookUp(lambda key: Message.objects.with_id(key).values_list("pk", "body_hash"), str)


class AlreadyReceived(Exception):
    """This very mail is here already; `message` is it."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.pk)
        self.message = message


def receive(incoming: Incoming, *, now: datetime, index: Callable[[Message], None] = search.index) -> Message:
    """Put a message into its conversation, or open one for it, and announce what follows from it.

    Mail from people reopens, wakes and asks for an answer; machine mail does none of it. "Thanks!" alone proposes to
    leave a closed conversation closed. Who receives many in one transaction gives an `index` that keeps the messages,
    to make them findable at its end. Raises AlreadyReceived for the same mail a second time.
    """
    namesakes = _WITH_MESSAGE_ID.rows(incoming.message_id[:998]) if incoming.message_id else ()
    for pk, body_hash in namesakes:
        if body_hash == incoming.body_hash:
            raise AlreadyReceived(Message.objects.get(pk=pk))
    try:
        with transaction.atomic(savepoint=False):
            message = _receive(incoming, defects=["same_id_other_body"] if namesakes else [], now=now)
            index(message)
            return message
    except IntegrityError:
        # Two at once with the same mail, or a form sent by a double click: the second finds the first.
        if transaction.get_connection().in_atomic_block:
            raise
        same = Message.objects.with_id(incoming.message_id[:998]).filter(body_hash=incoming.body_hash).first()
        if not incoming.message_id or same is None:
            raise
        raise AlreadyReceived(same) from None


def _receive(incoming: Incoming, *, defects: list[str], now: datetime) -> Message:
    identity = recognise(
        kind=incoming.address_kind,
        address=incoming.address,
        name=incoming.name,
        language=_told_language(incoming),
        inbox=incoming.inbox,
        now=now,
    )
    opened = incoming.conversation is None
    conversation = incoming.conversation or _open(incoming, identity, now=now)
    participant, joined = _take_part(conversation, identity, opened=opened, now=now)
    by_stranger = joined and not participant.is_customer
    message = _write(incoming, conversation, identity, by_stranger=by_stranger, defects=defects)
    if incoming.machine:
        _touch(conversation, now=now)
        announce(
            MachineMailReceived(
                at=now, conversation_id=conversation.pk, message_id=message.pk, machine=incoming.machine
            )
        )
    elif incoming.is_history:
        _file_away(conversation, opened=opened)
    elif incoming.dismissed_as:
        _dismiss_on_arrival(conversation, incoming.dismissed_as, now=now)
    elif not opened and _is_thanks_after_the_end(incoming, conversation):
        Conversation.objects.filter(pk=conversation.pk).update(closing_proposed_by=message, changed_at=now)
        announce(ClosingProposed(at=now, conversation_id=conversation.pk, message_id=message.pk))
    else:
        if not opened:
            _bring_back(conversation, now=now)
        announce(
            InquiryReceived(
                at=now,
                conversation_id=conversation.pk,
                message_id=message.pk,
                opened=opened,
                acknowledge=incoming.may_acknowledge,
                asked_at=incoming.at,
                promised_due_at=incoming.promised_due_at,
                message=message,
                participant=participant,
            )
        )
    return message


def _told_language(incoming: Incoming) -> str:
    """The language a new customer is known to read: what they chose or wrote, not what a machine wrote."""
    if incoming.machine:
        return ""
    return closest(incoming.known_language) or closest(incoming.detected_language) or ""


def _take_part(
    conversation: Conversation, identity: Identity, *, opened: bool, now: datetime
) -> tuple[Participant, bool]:
    """The participant of this identity, and whether they just joined."""
    if not opened:
        known = Participant.objects.filter(conversation=conversation, identity=identity).first()
        if known is not None:
            return known, False
    joined = Participant.objects.create_unless_there(
        conversation=conversation,
        identity=identity,
        is_customer=identity.customer_id == conversation.customer_id,
        joined_at=now,
    )
    return joined or Participant.objects.get(conversation=conversation, identity=identity), joined is not None


def _open(incoming: Incoming, identity: Identity, *, now: datetime) -> Conversation:
    customer = identity.customer
    language = language_of(
        customer=customer.language,
        form=incoming.known_language,
        detected=incoming.detected_language,
        inbox=incoming.inbox.language,
    )
    return Conversation.objects.create(
        inbox=incoming.inbox,
        team_id=incoming.inbox.team_id,
        customer=customer,
        subject=clean_subject(incoming.subject),
        language=language,
        channel=incoming.channel,
        may_belong_to=incoming.may_belong_to,
        opened_at=now,
        changed_at=now,
    )


def _write(
    incoming: Incoming, conversation: Conversation, identity: Identity, *, by_stranger: bool, defects: list[str]
) -> Message:
    message = Message.objects.create(
        conversation=conversation,
        kind=Kind.INBOUND,
        channel=incoming.channel,
        identity=identity,
        subject=incoming.subject[:998],
        text=incoming.text,
        reply_text=incoming.reply_text if incoming.reply_text.strip() != incoming.text.strip() else "",
        html=incoming.html,
        language=incoming.detected_language or incoming.known_language or conversation.language,
        at=incoming.at,
        written_at=incoming.written_at,
        message_id=incoming.message_id[:998],
        references=list(incoming.references),
        body_hash=incoming.body_hash,
        machine=incoming.machine,
        trust=incoming.trust,
        by_stranger=by_stranger,
        looks_forged=incoming.looks_forged,
        subject_changed=_subject_changed(incoming, conversation),
        defects=[*incoming.defects, *defects],
    )
    attach(message, incoming.files)
    for label, value in incoming.facts:
        Fact.objects.create(conversation=conversation, message=message, label=label[:120], value=value, at=incoming.at)
    return message


def _subject_changed(incoming: Incoming, conversation: Conversation) -> bool:
    words = clean_subject(incoming.subject)
    return bool(words) and words.casefold() != clean_subject(conversation.subject).casefold()


def _is_thanks_after_the_end(incoming: Incoming, conversation: Conversation) -> bool:
    return incoming.is_only_thanks and conversation.status in {Status.CLOSED, Status.WAITING}


def _bring_back(conversation: Conversation, *, now: datetime) -> None:
    was = conversation.status
    conversation.status, conversation.snoozed_until, conversation.changed_at = Status.OPEN, None, now
    conversation.closing_proposed_by = None
    conversation.save(update_fields=["status", "snoozed_until", "changed_at", "closing_proposed_by"])
    if was == Status.CLOSED:
        Closing.objects.filter(conversation=conversation, ended_at__isnull=True).update(ended_at=now)
        announce(ConversationReopened(at=now, conversation_id=conversation.pk, by_customer=True))
    elif was == Status.SNOOZED:
        announce(ConversationWoken(at=now, conversation_id=conversation.pk))
    elif was == Status.DISMISSED:
        Dismissal.objects.filter(conversation=conversation, ended_at__isnull=True).update(ended_at=now)


def _dismiss_on_arrival(conversation: Conversation, reason: str, *, now: datetime) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(status=Status.DISMISSED, snoozed_until=None, changed_at=now)
    Dismissal.objects.get_or_create(conversation=conversation, ended_at=None, defaults={"at": now, "reason": reason})


def _file_away(conversation: Conversation, *, opened: bool) -> None:
    # Old mail from an import: it can be found and read, and asks nothing of anybody.
    if opened:
        Conversation.objects.filter(pk=conversation.pk).update(status=Status.CLOSED)


def _touch(conversation: Conversation, *, now: datetime) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(changed_at=now)
