"""What is wrong with a connection to a mail server, told apart by what a person can do about it."""

import errno
import smtplib
import socket
import ssl
from collections.abc import Callable

from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from holdord.channels.email.secrets import CannotUnseal
from holdord.channels.models.mailboxes import Fault


class NoSuchFolder(IMAPClientError):  # type: ignore[misc]  # imapclient comes without types
    """The mailbox has no folder of this name."""


def fault_in(error: BaseException) -> Fault:
    """The cause of an error that a connection by IMAP or SMTP raised."""
    return next((fault for fault, is_it in _CAUSES if is_it(error)), Fault.OTHER)


def in_the_servers_words(error: BaseException) -> str:
    """What the server or the network said, for whoever runs one."""
    return f"{type(error).__name__}: {error}"[:500]


def _refuses_unprotected(error: BaseException) -> bool:
    # RFC 5530 names this one; servers without it say LOGINDISABLED (RFC 9051, 7.2.2).
    said = str(error).upper()
    return "PRIVACYREQUIRED" in said or "LOGINDISABLED" in said


def _cannot_now(error: BaseException) -> bool:
    if isinstance(error, smtplib.SMTPResponseException):
        return 400 <= error.smtp_code < 500
    return isinstance(error, LoginError) and ("[UNAVAILABLE]" in str(error) or "[INUSE]" in str(error))


def _has_no_starttls(error: BaseException) -> bool:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "STARTTLS" in str(error)
    return isinstance(error, CapabilityError) or (
        isinstance(error, IMAPClientError) and "TLS not supported" in str(error)
    )


def _is_out_of_reach(error: BaseException) -> bool:
    # Not every OSError: while a mail is put on the disk, one tells of the disk.
    return isinstance(error, OSError) and error.errno in {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN}


def _one_of(*kinds: type[BaseException]) -> Callable[[BaseException], bool]:
    return lambda error: isinstance(error, kinds)


_CAUSES: list[tuple[Fault, Callable[[BaseException], bool]]] = [
    (Fault.LOST_SECRET, _one_of(CannotUnseal)),
    (Fault.NO_FOLDER, _one_of(NoSuchFolder)),
    (Fault.WANTS_TLS, _refuses_unprotected),
    (Fault.NOT_NOW, _cannot_now),
    (Fault.NO_TLS, _has_no_starttls),
    (Fault.WRONG_PASSWORD, _one_of(LoginError, smtplib.SMTPAuthenticationError)),
    (Fault.BAD_CERTIFICATE, _one_of(ssl.SSLCertVerificationError)),
    (Fault.NO_TLS, _one_of(ssl.SSLError)),
    (Fault.UNKNOWN_HOST, _one_of(socket.gaierror, UnicodeError)),
    (Fault.REFUSED, _one_of(ConnectionRefusedError)),
    (Fault.NO_ANSWER, _one_of(TimeoutError, ConnectionError, IMAPClientAbortError, smtplib.SMTPServerDisconnected)),
    (Fault.NO_ANSWER, _is_out_of_reach),
]
"""In this order: each kind before those it is a kind of."""
