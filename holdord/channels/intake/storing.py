"""Putting a mail that was read where it belongs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection

from holdord.channels.email import tokens
from holdord.channels.email.reading import Machine, ReadMail
from holdord.channels.email.reading.sanitise import sanitise
from holdord.channels.intake import bounces, elsewhere, oversize
from holdord.channels.intake.acknowledging import may_acknowledge
from holdord.channels.intake.rules import trust_in, who_wrote
from holdord.channels.intake.threading import customers_with, place_of
from holdord.channels.models import Arrival, ArrivalState, Delivery, Transport
from holdord.conversations import actions
from holdord.conversations.models import Channel, Message
from holdord.conversations.rules import Incoming, IncomingFile
from holdord.history.rows import write
from holdord.listening.languages import detect
from holdord.listening.thanks import is_only_thanks
from holdord.people.actions import is_blocked
from holdord.people.models import Inbox

NOBODY = "unknown@invalid"
"""Who wrote a mail without any address (RFC 6761 keeps `invalid` free for this)."""


def store(
    arrival: Arrival,
    mail: ReadMail,
    inbox: Inbox,
    own_addresses: frozenset[str],
    *,
    index: Callable[[Message], None],
    now: datetime,
) -> None:
    """Make a message of `mail`, or know it again; the arrival says what became of it. In the caller's transaction, who
    makes findable what `index` is given.
    """
    if tokens.message_of_message_id(mail.message_id) is not None:
        _conclude(arrival, ArrivalState.IGNORED, None, now, why="our_own_mail")
        return
    if arrival.transport == Transport.SENT:
        answer = elsewhere.record(arrival, mail, now=now)
        _conclude(
            arrival, ArrivalState.READ if answer else ArrivalState.IGNORED, answer, now, why="" if answer else "no_case"
        )
        return
    try:
        incoming = _incoming(arrival, mail, inbox, own_addresses, now=now)
        message = actions.receive(incoming, index=index, now=now)
    except actions.AlreadyReceived as known:
        _deliver_again(known.message, arrival, now)
        _conclude(arrival, ArrivalState.IGNORED, known.message, now, why="known_already")
        return
    Delivery.objects.create(message=message, inbox=inbox, arrival=arrival, at=now)
    bounces.tell_of_bounce(mail, message.conversation, now=now)
    if arrival.truncated_from and incoming.may_acknowledge:
        oversize.tell_what_to_do(message, now=now)
    _conclude(arrival, ArrivalState.READ, message, now)


def _incoming(
    arrival: Arrival, mail: ReadMail, inbox: Inbox, own_addresses: frozenset[str], *, now: datetime
) -> Incoming:
    author = who_wrote(mail, own_addresses)
    sender = (author.address if author and "@" in author.address else "") or NOBODY
    trust = trust_in(mail.authentication, sender)
    customers = customers_with(sender)
    place = place_of(
        mail,
        envelope_to=arrival.envelope_to,
        sender=sender,
        sender_is_verified=trust == "verified",
        customers=customers,
        now=now,
    )
    acknowledge, why_not = may_acknowledge(
        mail, arrival, sender=sender, is_known=bool(customers), trust=trust, conversation=place.conversation, now=now
    )
    return Incoming(
        inbox=inbox,
        channel=Channel.EMAIL,
        address_kind="email",
        address=sender[:320],
        name=(author.name if author else "")[:200],
        at=_at(arrival, mail),
        written_at=mail.date,
        subject=mail.subject,
        text=mail.text,
        reply_text=mail.reply_text,
        html=sanitise(mail.html) if mail.html else "",
        detected_language=(detect(mail.reply_text) or detect(mail.text) or "") if mail.machine is None else "",
        message_id=mail.message_id,
        references=mail.references,
        body_hash=mail.body_hash,
        machine=str(mail.machine or ""),
        trust=trust,
        looks_forged=any(defect.startswith(_FORGED) for defect in mail.defects),
        is_only_thanks=mail.machine is None and is_only_thanks(mail.reply_text),
        is_history=arrival.transport == Transport.IMPORT,
        may_acknowledge=acknowledge and sender != NOBODY,
        dismissed_as="blocked" if mail.machine is None and is_blocked(sender, inbox) else "",
        conversation=place.conversation,
        may_belong_to=place.may_belong_to,
        files=[_file(attachment, now) for attachment in mail.attachments],
        facts=_facts(mail),
        defects=[*mail.defects, *_more_defects(arrival, mail, why_not)],
    )


_FORGED = ("several_from_headers", "several_senders", "invisible_characters_in_from", "address_in_display_name")


def _at(arrival: Arrival, mail: ReadMail) -> datetime:
    # What was imported stands at its own time; everything else at the time it reached us.
    if arrival.transport == Transport.IMPORT and mail.date:
        return min(mail.date, arrival.received_at)
    return arrival.received_at


def _facts(mail: ReadMail) -> list[tuple[str, str]]:
    if mail.machine is Machine.OUT_OF_OFFICE and mail.return_on:
        return [("back_on", mail.return_on.isoformat())]
    return []


def _more_defects(arrival: Arrival, mail: ReadMail, why_not: str) -> list[str]:
    found = [why_not] if why_not else []
    if arrival.truncated_from:
        found.append(f"too_large:{arrival.truncated_from}")
    return found


def _file(attachment: Any, now: datetime) -> IncomingFile:
    return actions.incoming_file(
        attachment.content,
        name=attachment.name,
        content_type=attachment.type,
        content_id=attachment.content_id,
        is_inline=attachment.inline,
        now=now,
    )


def _deliver_again(message: Message, arrival: Arrival, now: datetime) -> None:
    if arrival.inbox_id is None:
        return
    delivery, new = Delivery.objects.get_or_create(
        message=message, inbox_id=arrival.inbox_id, defaults={"arrival": arrival, "at": now}
    )
    if not new:
        delivery.again()


def _conclude(arrival: Arrival, state: ArrivalState, message: Message | None, now: datetime, *, why: str = "") -> None:
    about, read_at = message.pk if message else None, connection.ops.adapt_datetimefield_value(now)
    write(
        "UPDATE channels_arrival SET state = %s, message_id = %s, read_at = %s, error = %s, detail = '',"
        " attempts = attempts + 1 WHERE id = %s",
        [state.value, about, read_at, why, arrival.pk],
    )
