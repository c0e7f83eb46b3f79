"""The customers' mailbox of the demo: what the desk sent, and a way to answer."""

import re
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from django.conf import settings

from holdord.channels.email.reading import ReadMail, read
from holdord.kernel import clock

_NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{6}\.eml")


class NoSuchMail(Exception):
    """There is no mail by that name."""


class NotTaken(Exception):
    """The desk refused the mail, or can't be reached; the message says what it said."""


@dataclass(frozen=True)
class Caught:
    """One mail in the mailbox."""

    name: str
    mail: ReadMail

    @property
    def to(self) -> str:
        """Whom it was sent to."""
        return self.mail.to[0].address if self.mail.to else ""


def folder() -> Path:
    """Where the caught mails lie."""
    return settings.DATA / "demo-mailbox"


def newest(most: int = 200) -> list[Caught]:
    """The mails that came last, the newest first."""
    names = sorted((file.name for file in folder().glob("*.eml")), reverse=True) if folder().is_dir() else []
    return [Caught(name, read((folder() / name).read_bytes())) for name in names[:most]]


def get(name: str) -> Caught:
    """One mail by its name. Raises NoSuchMail."""
    file = folder() / name
    if not _NAME.fullmatch(name) or not file.is_file():
        raise NoSuchMail(name)
    return Caught(name, read(file.read_bytes()))


def answer(caught: Caught, text: str) -> None:
    """Answer a mail as its reader would, quoting it. Raises NotTaken."""
    mail = caught.mail
    quoted = "\n".join(f"> {line}" for line in mail.text.splitlines())
    when = format_datetime(mail.date) if mail.date else ""
    back_to = mail.reply_to[0] if mail.reply_to else mail.sender
    _send(
        sender=caught.to,
        to=back_to.address if back_to else "",
        subject=mail.subject if mail.subject.lower().startswith("re:") else f"Re: {mail.subject}",
        text=f"{text}\n\nOn {when}, {mail.sender.name if mail.sender else ''} wrote:\n{quoted}\n",
        in_reply_to=mail.message_id,
        references=[*mail.references, mail.message_id],
        at=clock.now(),
    )


def write(*, sender: str, to: str, subject: str, text: str) -> None:
    """Write a new mail to the desk. Raises NotTaken."""
    _send(sender=sender, to=to, subject=subject, text=text, in_reply_to="", references=[], at=clock.now())


def _send(
    *, sender: str, to: str, subject: str, text: str, in_reply_to: str, references: Sequence[str], at: datetime
) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, " ".join(subject.split())
    mail["Date"], mail["Message-ID"] = format_datetime(at), make_msgid(domain="mailbox.example")
    if in_reply_to:
        mail["In-Reply-To"] = f"<{in_reply_to}>"
        mail["References"] = " ".join(f"<{reference}>" for reference in references)
    mail.set_content(text)
    host, port = settings.LISTEN_SMTP or ("127.0.0.1", 25)
    try:
        with smtplib.SMTP(host, port, timeout=10) as server:
            server.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        raise NotTaken(str(error)) from error
