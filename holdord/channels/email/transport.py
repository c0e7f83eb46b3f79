"""Handing a mail to our mail server (RFC 5321), with each way it can end told apart."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings

SECONDS_TO_CONNECT = 30
SECONDS_FOR_AN_ANSWER = 300
"""RFC 5321, 4.5.3.2: a server may take its time after the last line."""


class Outcome(StrEnum):
    """accepted: the server has it. later: it has not; try again. never: it has not and will not. unknown: the last
    line was sent and no answer came. shown: it needed no mail, the customer has the chat open.
    """

    ACCEPTED = "accepted"
    LATER = "later"
    NEVER = "never"
    UNKNOWN = "unknown"
    SHOWN = "shown"


@dataclass(frozen=True)
class Result:
    """How it ended, with the server's words."""

    outcome: Outcome
    answer: str


class _Refused(Exception):
    def __init__(self, code: int, words: bytes) -> None:
        super().__init__(f"{code} {words.decode('utf-8', 'replace')}"[:500])
        self.outcome = Outcome.NEVER if 500 <= code < 600 else Outcome.LATER


def send(
    raw: bytes, *, sender: str, recipients: Sequence[str], before_data: Callable[[], None] = lambda: None
) -> Result:
    """Hand `raw` over. `before_data` runs when the server has agreed to everything but the content itself.

    Never raises for what a network or a server can do. A server that refuses some of the recipients and takes others
    has accepted; the answer names those it refused. `before_data` may raise: then nothing was sent.
    """
    try:
        connection = _connect()
    except smtplib.SMTPAuthenticationError as error:
        return Result(Outcome.LATER, f"{error.smtp_code} {error.smtp_error!r}: the mail server refuses our login")
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return Result(Outcome.LATER, f"no connection to the mail server: {error}"[:500])
    try:
        refused = _announce(connection, sender, recipients, len(raw))
        before_data()
        _expect(connection.docmd("DATA"), 354)
        connection.send(_dotted(raw))
    except _Refused as refusal:
        _leave(connection)
        return Result(refusal.outcome, str(refusal))
    except (OSError, smtplib.SMTPException) as error:
        connection.close()
        return Result(Outcome.LATER, f"the connection broke before the mail was sent: {error}"[:500])
    return _finish(connection, refused)


def server() -> tuple[str, int]:
    """The host and port of our mail server."""
    return settings.SMTP_HOST, settings.SMTP_PORT


def try_login(*, seconds: float) -> None:
    """Greet our mail server, protect the connection and log in as for a mail, and leave; it has `seconds` for each
    answer. Raises OSError, smtplib.SMTPException, ValueError.
    """
    _leave(_connect(seconds))


def _finish(connection: smtplib.SMTP, refused: list[str]) -> Result:
    # From the last line on, only an answer tells what happened.
    try:
        connection.send(b".\r\n")
        code, words = connection.getreply()
    except (OSError, smtplib.SMTPException) as error:
        connection.close()
        return Result(Outcome.UNKNOWN, f"the connection broke before the server answered: {error}"[:500])
    _leave(connection)
    answer = f"{code} {words.decode('utf-8', 'replace')}"
    if 200 <= code < 300:
        return Result(Outcome.ACCEPTED, "; ".join([answer, *refused])[:500])
    return Result(_Refused(code, words).outcome, answer[:500])


def _connect(seconds: float = SECONDS_TO_CONNECT) -> smtplib.SMTP:
    # Without a name smtplib asks the DNS for ours, at each connection.
    host, port, name = settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_NAME or _own_name()
    connection: smtplib.SMTP
    if settings.SMTP_SECURITY == "tls":
        connection = smtplib.SMTP_SSL(host, port, name, timeout=seconds, context=_tls_context())
    else:
        connection = smtplib.SMTP(host, port, name, timeout=seconds)
    try:
        connection.ehlo_or_helo_if_needed()
        if settings.SMTP_SECURITY == "starttls":
            connection.starttls(context=_tls_context())
            connection.ehlo()
        _log_in(connection)
    except BaseException:
        connection.close()
        raise
    if isinstance(connection.sock, socket.socket):
        connection.sock.settimeout(SECONDS_FOR_AN_ANSWER)
        # The last line goes in a packet of its own, and would wait 40 ms for the one before it to be confirmed.
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _log_in(connection: smtplib.SMTP) -> None:
    # Tokens live for an hour: what renews them writes the file, and each connection reads it.
    token = settings.SMTP_TOKEN()
    if token:
        answer = f"user={settings.SMTP_USER}\1auth=Bearer {token}\1\1"
        connection.auth("XOAUTH2", lambda challenge=None: answer if challenge is None else "")
    elif settings.SMTP_USER:
        connection.login(settings.SMTP_USER, settings.SMTP_PASSWORD)


def _announce(connection: smtplib.SMTP, sender: str, recipients: Sequence[str], size: int) -> list[str]:
    options = [f"SIZE={size}"] if connection.has_extn("size") else []
    addresses = [sender, *recipients]
    if not all(address.isascii() for address in addresses):
        if not connection.has_extn("smtputf8"):
            raise _Refused(553, b"our mail server can't carry this address (no SMTPUTF8)")
        options += ["SMTPUTF8", "BODY=8BITMIME"]
        connection.command_encoding = "utf-8"
    _expect(connection.mail(sender, options), 250)
    refused: list[str] = []
    for number, recipient in enumerate(recipients):
        code, words = connection.rcpt(recipient)
        if code in {250, 251}:
            continue
        refusal = _Refused(code, words)
        # The first is the customer: without them there is nobody to write to.
        if number == 0:
            raise refusal
        refused.append(f"{recipient}: {refusal}")
    return refused


def _expect(answer: tuple[int, bytes], code: int) -> None:
    if answer[0] != code:
        raise _Refused(*answer)


def _dotted(raw: bytes) -> bytes:
    # RFC 5321, 4.5.2: a line that begins with a dot gets another.
    lines = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
    return (b"." if lines.startswith(b".") else b"") + lines.replace(b"\r\n.", b"\r\n..")


def _leave(connection: smtplib.SMTP) -> None:
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()
    connection.close()


@cache
def _tls_context() -> ssl.SSLContext:
    # Reading the machine's certificates takes 20 ms.
    return ssl.create_default_context()


def _own_name() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
