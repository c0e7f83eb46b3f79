"""What a worker does, a turn at a time. Each turn says whether there may be more to do at once."""

import time

from holdord.channels.email.imap.keeper import MailboxKeeper
from holdord.channels.intake import batches
from holdord.channels.outgoing import sending
from holdord.kernel import clock
from holdord.kernel.remembering import remembering

__all__ = ["MailboxKeeper", "read_arrivals", "send_one"]

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


def send_one() -> bool:
    """Send one message that is due."""
    return sending.send_next(now=clock.now())
