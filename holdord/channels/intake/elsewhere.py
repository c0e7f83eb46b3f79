"""Answers that people gave in another mail client, found in the mailbox's sent folder (mail.md In 17)."""

from datetime import datetime

from holdord.channels.email.reading import ReadMail
from holdord.channels.email.reading.sanitise import sanitise
from holdord.channels.intake.threading import place_of
from holdord.channels.models import Arrival
from holdord.conversations import actions
from holdord.conversations.models import Message
from holdord.people.models import Agent


def record(arrival: Arrival, mail: ReadMail, *, now: datetime) -> Message | None:
    """The message of this answer; None when it belongs to no conversation of ours, or no person wrote it."""
    if mail.machine is not None and not mail.loop:
        return None
    place = place_of(mail, envelope_to=[], sender="", sender_is_verified=False, now=now)
    if place.conversation is None or not mail.to:
        return None
    author = Agent.objects.filter(email=mail.sender.address.lower()).first() if mail.sender else None
    return actions.record_answer_given_elsewhere(
        place.conversation,
        by=author,
        to=mail.to[0].address,
        subject=mail.subject,
        text=mail.text,
        reply_text=mail.reply_text,
        html=sanitise(mail.html) if mail.html else "",
        message_id=mail.message_id,
        references=mail.references,
        body_hash=mail.body_hash,
        answered=mail.in_reply_to or "",
        at=min(mail.date or now, now),
        now=now,
    )
