"""What is decided about conversations without a database. Pure functions over values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from holdord.kernel.languages import closest


@dataclass(frozen=True, kw_only=True)
class IncomingFile:
    """A file that came with a message, already kept; `blob` is its row in `files`. A picture is kept apart."""

    blob: Any
    name: str
    content_type: str
    content_id: str = ""
    is_inline: bool = False
    is_picture: bool = False


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One message as a channel hands it over: read, sanitised, its files kept, its conversation found if there is one.

    `at` is when it reached us, `written_at` when its sender says it was written. `machine` is the class of mail that no
    person wrote, empty for people. `message_id` and `body_hash` together make a mail the same mail. `is_history` is
    old mail from an import: it is filed, and nobody is owed an answer.
    """

    inbox: Any
    channel: str
    address_kind: str
    address: str
    at: datetime
    name: str = ""
    subject: str = ""
    text: str = ""
    reply_text: str = ""
    html: str = ""
    known_language: str = ""
    detected_language: str = ""
    written_at: datetime | None = None
    message_id: str = ""
    references: Sequence[str] = ()
    body_hash: str = ""
    machine: str = ""
    trust: str = "unverified"
    looks_forged: bool = False
    is_only_thanks: bool = False
    may_acknowledge: bool = True
    is_history: bool = False
    dismissed_as: str = ""
    conversation: Any = None
    may_belong_to: Any = None
    files: Sequence[IncomingFile] = ()
    facts: Sequence[tuple[str, str]] = ()
    defects: Sequence[str] = ()
    promised_due_at: datetime | None = field(default=None)


def language_of(*, customer: str, form: str, detected: str, inbox: str) -> str:
    """Which language to speak: what we know of the customer, then the form, then detection, then the inbox."""
    return next(found for found in (closest(customer), closest(form), closest(detected), closest(inbox), "en") if found)


LONGEST_SUBJECT: Final = 990
"""Characters; with "Re: " before it, it is still a line of a mail (RFC 5322: 998)."""


def clean_subject(subject: str) -> str:
    """A subject on one line, without the marks that mail clients put before it, and no longer than is kept."""
    words = " ".join(subject.split())
    while True:
        mark, colon, rest = words.partition(":")
        if not colon or mark.strip().lower() not in _REPLY_MARKS:
            return words[:LONGEST_SUBJECT].rstrip()
        words = rest.strip()


_REPLY_MARKS = frozenset({"re", "sv", "vs", "aw", "antw", "svar", "fw", "fwd", "vb", "wg", "vidare", "videresendt"})


def subject_for_reply(subject: str) -> str:
    """The subject of our answer."""
    return f"Re: {clean_subject(subject)}" if clean_subject(subject) else ""
