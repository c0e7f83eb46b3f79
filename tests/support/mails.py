"""Mails for tests, and a way to hand them over by a real SMTP conversation."""

import smtplib
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from holdord.kernel import clock


def mail(
    text: str = "Hej, hvornår kommer min boks?",
    *,
    by: str = "Henrik <henrik@post.example>",
    to: str,
    subject: str = "Boksen",
    **headers: str,
) -> EmailMessage:
    """A plain mail; headers by keyword: `In_Reply_To="<…>"`. An empty value leaves a header out."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = by, to, subject
    given = {"Date": format_datetime(clock.now()), "Message-ID": make_msgid(domain="post.example")}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given.items():
        if value:
            message[name] = value
    message.set_content(text)
    return message


def hand_over(raw: bytes, *, port: int, to: str | list[str], sender: str = "henrik@post.example") -> None:
    """Deliver to the listener on the loopback; raises smtplib's errors."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.sendmail(sender, to, raw)
