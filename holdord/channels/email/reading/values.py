"""What reading a mail yields: plain frozen values, clean enough for a database and a page."""

import datetime
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


class Machine(enum.StrEnum):
    """What kind of machine wrote a mail. A mail without one was written by a person."""

    BOUNCE_HARD = "bounce_hard"
    BOUNCE_SOFT = "bounce_soft"
    DELAYED = "delayed"  # the mail system still tries
    REPORT = "report"  # delivered, relayed, expanded, abuse: a report that is no failure
    OUT_OF_OFFICE = "out_of_office"
    AUTO_ACKNOWLEDGEMENT = "auto_acknowledgement"
    AUTOMATIC = "automatic"  # a program wrote it, and no finer class fits
    LIST = "list"
    BULK = "bulk"
    LOOP = "loop"
    CALENDAR = "calendar"  # an answer to an invitation, or its withdrawal
    READ_RECEIPT = "read_receipt"


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox as its sender wrote it; the address keeps its case and may be empty."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of the mail that isn't its body."""

    name: str  # cleaned and never empty, whatever the mail said
    type: str  # media type in lower case, as declared
    size: int  # bytes, decoded
    sha256: str
    content: bytes = field(repr=False)
    content_id: str = ""  # without angle brackets
    inline: bool = False  # meant to be seen inside the text


@dataclass(frozen=True, slots=True)
class AuthenticationResult:
    """One method of an Authentication-Results header (RFC 8601)."""

    method: str
    result: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A mail, read. Every text is free of control characters and lone surrogates; ids carry no angle brackets."""

    message_id: str
    subject: str
    sender: Address | None  # the first mailbox in From
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    date: datetime.datetime | None  # aware, UTC
    in_reply_to: str | None
    references: tuple[str, ...]
    text: str
    reply_text: str
    html: str | None = field(repr=False)  # as sent: never show it unsanitised
    attachments: tuple[Attachment, ...]
    machine: Machine | None
    machine_markers: tuple[str, ...]  # what spoke for a machine, for the history
    bounced_recipient: str | None
    bounced_message_id: str | None
    loop: bool
    return_on: datetime.date | None
    authentication: tuple[AuthenticationResult, ...]
    language: str | None
    body_hash: str  # SHA-256 of what follows the header, line ends made equal
    defects: tuple[str, ...]

    @property
    def is_auto_reply(self) -> bool:
        """Whether a machine wrote it: lists and newsletters too."""
        return self.machine is not None

    @property
    def is_bounce(self) -> bool:
        return self.machine in (Machine.BOUNCE_HARD, Machine.BOUNCE_SOFT)


class Defects:
    """Collects what was wrong with a mail, each code once, in the order of discovery."""

    __slots__ = ("_codes",)

    def __init__(self) -> None:
        self._codes: dict[str, None] = {}

    def add(self, code: str) -> None:
        self._codes[code] = None

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)
