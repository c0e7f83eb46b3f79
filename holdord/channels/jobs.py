"""What a worker does, a turn at a time. Each turn says whether there may be more to do at once."""

import time
from datetime import datetime, timedelta

from holdord.channels.email.imap.keeper import MailboxKeeper
from holdord.channels.intake import batches
from holdord.channels.models import Arrival
from holdord.channels.outgoing import sending
from holdord.channels.sign_in import mailing, proving
from holdord.conversations import jobs as conversations
from holdord.conversations.models import Message
from holdord.kernel import clock
from holdord.kernel.remembering import remembering

__all__ = ["MailboxKeeper", "hear_messages", "prepare_pictures", "read_arrivals", "send_links", "send_one"]

LONGEST_TURN = 1.0
"""Seconds for which a turn goes on while mails come in, and for which it knows calendars and inboxes as it found them.
Mails trickle in by twos and threes: asking anew for each batch costs more than storing them.
"""


def read_arrivals() -> bool:
    """Read the mails that wait, and those that come meanwhile."""
    until = time.monotonic() + LONGEST_TURN
    found = False
    with remembering():
        while batches.read_waiting(now=clock.now()):
            found = True
            if time.monotonic() > until:
                break
    return found


HEARD_WITHIN = timedelta(seconds=30)
"""So long a message waits to be heard while mails wait to be stored."""


def hear_messages(*, now: datetime | None = None) -> int:
    """Read messages for what they say, when no mail waits to be stored: taking mail comes first."""
    now = now or clock.now()
    unheard = Message.objects.filter(heard_at__isnull=True)
    if Arrival.objects.waiting().exists() and not unheard.filter(at__lte=now - HEARD_WITHIN).exists():
        return 0
    return conversations.hear_messages(now=now)


def prepare_pictures() -> bool:
    """Make some of the pictures that came or go safe to show."""
    return conversations.prepare_pictures(now=clock.now()) > 0


def send_links(*, now: datetime | None = None) -> int:
    """Mail the links that customers asked for."""
    return mailing.send_links(now=now or clock.now())


def forget_links(*, now: datetime | None = None) -> int:
    """Throw away who asked for links, when they are a day old."""
    return proving.forget_old(now=now or clock.now())


def send_one() -> bool:
    """Send one message that is due."""
    return sending.send_next(now=clock.now())
