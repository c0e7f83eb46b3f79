"""What a worker does, a turn at a time. Each turn says whether there may be more to do at once."""

from holdord.channels.email.imap.keeper import MailboxKeeper
from holdord.channels.intake import batches
from holdord.channels.outgoing import sending
from holdord.kernel import clock

__all__ = ["MailboxKeeper", "read_arrivals", "send_one"]


def read_arrivals() -> bool:
    """Read a batch of the mails that wait."""
    return batches.read_waiting(now=clock.now()) > 0


def send_one() -> bool:
    """Send one message that is due."""
    return sending.send_next(now=clock.now())
