"""Trying a mailbox before it is kept: can we log in and read there, and can we send?"""

import smtplib
from dataclasses import dataclass

from holdord.channels.email import transport
from holdord.channels.email.faults import fault_in, in_the_servers_words
from holdord.channels.email.imap.reader import Connection, Trouble
from holdord.channels.email.secrets import CannotUnseal
from holdord.channels.models import Mailbox
from holdord.channels.models.mailboxes import Fault
from holdord.channels.wording import fault_in_words

SECONDS_TO_CONNECT = 8
"""Somebody waits for the page."""

SECONDS_TO_ANSWER = 20
"""Servers let whoever gives a wrong password wait, Dovecot for up to 17 seconds."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not work: coming in or going out, why, what to do in the reader's words, and the server's own."""

    is_incoming: bool
    fault: Fault
    words: str
    server_words: str


def try_mailbox(mailbox: Mailbox) -> list[Finding]:
    """What stands in the way of reading `mailbox` (kept or not) and of sending; nothing if all is well.

    Changes nothing there. Call it outside a transaction: it waits for other machines.
    """
    return [*_try_reading(mailbox), *_try_sending()]


def _try_reading(mailbox: Mailbox) -> list[Finding]:
    try:
        with Connection(mailbox, to_connect=SECONDS_TO_CONNECT, to_answer=SECONDS_TO_ANSWER) as server:
            server.look_into(mailbox.folder)
    except (*Trouble, CannotUnseal, UnicodeError) as error:
        fault = fault_in(error)
        words = fault_in_words(fault, host=mailbox.host, port=mailbox.port, folder=mailbox.folder)
        return [Finding(True, fault, words, in_the_servers_words(error))]
    return []


def _try_sending() -> list[Finding]:
    host, port = transport.server()
    try:
        transport.try_login(seconds=SECONDS_TO_CONNECT)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        fault = fault_in(error)
        return [Finding(False, fault, fault_in_words(fault, host=host, port=port), in_the_servers_words(error))]
    return []
