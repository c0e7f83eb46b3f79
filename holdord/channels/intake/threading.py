"""Which conversation a mail belongs to, in the order of certainty. A guessed number lets nobody in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from holdord.channels.email import tokens
from holdord.channels.email.reading import ReadMail
from holdord.channels.intake.rules import numbers_in_subject
from holdord.channels.queries import tag_of
from holdord.conversations.models import Conversation, Message, Participant, Status
from holdord.conversations.rules import clean_subject
from holdord.history.rows import LookUp
from holdord.people.models import Identity

LOOKS_BACK = timedelta(days=90)
"""How old a conversation may be that a mail with the same subject "may belong to"."""

_MOST_REFERENCES = 50


@dataclass(frozen=True)
class Place:
    """Where a mail belongs; without a conversation it opens one, which `may_belong_to` another."""

    conversation: Conversation | None = None
    may_belong_to: Conversation | None = None


def customers_with(address: str) -> list[int]:
    """The customers who are known by this address: none, one, or one for each inbox that keeps its customers apart."""
    return [customer_id for (customer_id,) in _CUSTOMER_OF.rows(address.lower())] if address else []


def place_of(
    mail: ReadMail,
    *,
    envelope_to: list[str],
    sender: str,
    sender_is_verified: bool,
    now: datetime,
    customers: Sequence[int] = (),
) -> Place:
    """The place of `mail`, which came from the address `sender` that these customers are known by."""
    certain = (
        _by_reply_address([*envelope_to, *(address.address for address in (*mail.to, *mail.cc))])
        or _by_our_id(_ids(mail))
        or _by_foreign_id(_ids(mail))
        or _by_body(mail)
    )
    if certain:
        conversation = _existing(certain)
        if conversation:
            return Place(conversation)
    return _by_number(mail, sender, sender_is_verified) or Place(may_belong_to=_similar(mail, customers, now))


def _ids(mail: ReadMail) -> list[str]:
    newest_first = [mail.in_reply_to, *reversed(mail.references[-_MOST_REFERENCES:]), mail.bounced_message_id]
    return [found for found in newest_first if found]


def _by_reply_address(addresses: list[str]) -> int | None:
    for address in addresses:
        found = tokens.conversation_of_reply_token(tag_of(address))
        if found is not None:
            return found
    return None


def _by_our_id(ids: list[str]) -> int | None:
    for text in ids:
        key = tokens.message_of_message_id(text)
        if key is not None:
            found = Message.objects.filter(pk=key).values_list("conversation_id", flat=True).first()
            if found is not None:
                return found
    return None


def _by_foreign_id(ids: list[str]) -> int | None:
    if not ids:
        return None
    known = dict(Message.objects.with_id(*ids).order_by("-pk").values_list("message_id", "conversation_id"))
    return next((known[text] for text in ids if text in known), None)


def _by_body(mail: ReadMail) -> int | None:
    return next(iter(tokens.conversations_in_body(f"{mail.text}\n{mail.html or ''}")), None)


def _by_number(mail: ReadMail, sender: str, sender_is_verified: bool) -> Place | None:
    numbers = numbers_in_subject(mail.subject)
    if not numbers or not sender:
        return None
    takes_part = Participant.objects.filter(
        conversation_id__in=numbers, identity__kind="email", identity__address=sender.lower()
    ).exclude(conversation__status=Status.ERASED)
    found = takes_part.select_related("conversation").order_by("-conversation_id").first()
    if found is None:
        return None
    # Anyone can write a From: without our own receiver's word it is a suggestion.
    return Place(found.conversation) if sender_is_verified else Place(may_belong_to=found.conversation)


def _similar(mail: ReadMail, customers: Sequence[int], now: datetime) -> Conversation | None:
    words = clean_subject(mail.subject)
    if not words:
        return None
    for customer_id in customers:
        found = _SIMILAR.row(customer_id, words, now - LOOKS_BACK)
        if found is not None:
            return Conversation.objects.get(pk=found[0])
    return None


_CUSTOMER_OF = LookUp(
    lambda address: Identity.objects.filter(kind="email", address=address).values_list("customer_id"), str
)
_SIMILAR = LookUp(
    lambda customer, words, since: (
        Conversation.objects.filter(customer=customer, subject=words, changed_at__gte=since)
        .exclude(status=Status.ERASED)
        .order_by("-changed_at")
        .values_list("pk")[:1]
    ),
    int,
    str,
    datetime,
)


def _existing(conversation_id: int) -> Conversation | None:
    # What was erased is seen by nobody: mail that answers it opens a case of its own.
    kept = Conversation.objects.exclude(status=Status.ERASED)
    return kept.filter(pk=conversation_id).select_related("customer", "inbox").first()
