"""Reading one mail from its bytes: never raises, in time and memory that grow with its size alone."""

import hashlib
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from holdord.channels.email.reading import absence, bodies, charsets, machines
from holdord.channels.email.reading.addresses import forged_looks, parse_addresses
from holdord.channels.email.reading.authentication import parse_authentication
from holdord.channels.email.reading.bodies import Block, Bodies
from holdord.channels.email.reading.calendar import calendar_words
from holdord.channels.email.reading.cleaning import clean_block, clean_line, has_invisibles
from holdord.channels.email.reading.dates import parse_date
from holdord.channels.email.reading.headers import Header, split_message
from holdord.channels.email.reading.identifiers import derived_id, parse_in_reply_to, parse_message_id, parse_references
from holdord.channels.email.reading.parameters import parse_value
from holdord.channels.email.reading.structure import Part, parse_structure
from holdord.channels.email.reading.values import Address, Attachment, Defects, Machine, ReadMail
from holdord.channels.email.reading.words import decode_words
from holdord.listening.quotes import new_words

_LONGEST_SUBJECT: Final = 2_000
_DEEPEST_FORWARD: Final = 3
_SHOWN_OF_UNREAD: Final = 20_000  # bytes
_MARKS_HISTORY: Final = re.compile(
    r"<blockquote|divRplyFwdMsg|border-top:\s?solid #(?:E1E1E1|B5C4DF)|OLK_SRC_BODY|gmail_attr", re.IGNORECASE
)
_MAY_MARK_HISTORY: Final = ("<blockquote", "divrplyfwdmsg", "border-top:", "olk_src_body", "gmail_attr")
_LANGUAGE: Final = re.compile(r"\s*([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4})")


def read(
    raw: bytes,
    *,
    own_addresses: frozenset[str] = frozenset(),
    own_loop_check: Callable[[str], bool] | None = None,
    authserv_id: str | None = None,
) -> ReadMail:
    """Read a mail (RFC 5322, 2045-2049, 2231, 3676, 3834, 3464).

    `own_addresses` are ours, in lower case: mail from them loops. `own_loop_check` gets each value of our loop header
    and says whether we signed it. `authserv_id` names our own receiver, whose Authentication-Results alone count.
    """
    defects = Defects()
    try:
        wire = _as_lines(raw, defects)
        header, start = split_message(wire)
        _note_header_defects(header, defects)
        root = _root(wire, header, start, defects)
        found = _bodies(root, defects)
        text = found.text()
        return _assembled(raw, wire[start:], root, found, text, own_addresses, own_loop_check, authserv_id, defects)
    except Exception as error:  # noqa: BLE001 - the edge: a mail we have no rule for is kept and shown, not lost
        return unread(raw, [*defects, f"not_understood:{type(error).__name__}"])


def unread(raw: bytes, defects: list[str]) -> ReadMail:
    """What can be shown of a mail that could not be read: its first lines, as text."""
    shown = clean_block(raw[:_SHOWN_OF_UNREAD].decode("utf-8", "replace"))
    return ReadMail(
        message_id=derived_id(raw),
        subject="",
        sender=None,
        to=(),
        cc=(),
        reply_to=(),
        date=None,
        in_reply_to=None,
        references=(),
        text=shown,
        reply_text=shown,
        html=None,
        attachments=(),
        machine=None,
        machine_markers=(),
        bounced_recipient=None,
        bounced_message_id=None,
        loop=False,
        return_on=None,
        authentication=(),
        language=None,
        body_hash=hashlib.sha256(raw).hexdigest(),
        defects=tuple(defects),
    )


def _assembled(
    raw: bytes,
    body: bytes,
    root: Part,
    found: Bodies,
    text: str,
    own: frozenset[str],
    own_loop_check: Callable[[str], bool] | None,
    authserv_id: str | None,
    defects: Defects,
) -> ReadMail:
    header = root.header
    subject = _subject(header)
    senders = _senders(header, defects)
    reply_to = parse_addresses(", ".join(header.all("reply-to")[:20]))
    sent = _date(header, defects)
    letter = machines.Letter(root, subject, text, senders, reply_to)
    verdict = machines.judge(letter, own=own, own_loop_check=own_loop_check)
    return ReadMail(
        message_id=_message_id(header, raw, defects),
        subject=subject,
        sender=senders[0] if senders else None,
        to=parse_addresses(", ".join(header.all("to")[:50])),
        cc=parse_addresses(", ".join(header.all("cc")[:50])),
        reply_to=reply_to,
        date=sent,
        in_reply_to=parse_in_reply_to(header.get("in-reply-to")),
        references=parse_references(" ".join(header.all("references")[:20])),
        text=clean_block(text),
        reply_text=_reply_text(found, text),
        html=found.html(),
        attachments=tuple(found.attachments),
        machine=verdict.machine,
        machine_markers=verdict.markers,
        bounced_recipient=_cleaned_or_none(verdict.report.recipient if verdict.report else None),
        bounced_message_id=_cleaned_or_none(verdict.report.message_id if verdict.report else None),
        loop=verdict.loop,
        return_on=_return_on(verdict.machine, text, sent),
        authentication=parse_authentication(header.all("authentication-results"), authserv_id) if authserv_id else (),
        language=_language(header),
        body_hash=hashlib.sha256(body.replace(b"\r\n", b"\n").rstrip(b"\n")).hexdigest(),
        defects=tuple(defects),
    )


def _as_lines(raw: bytes, defects: Defects) -> bytes:
    """The message with line ends that lines can be found by."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        defects.add("utf16_message")
        return raw.decode("utf-16", "replace").encode("utf-8", "replace")
    if b"\n" not in raw and b"\r" in raw:
        defects.add("bare_carriage_returns")
        return raw.replace(b"\r", b"\n")
    return raw


def _note_header_defects(header: Header, defects: Defects) -> None:
    for code in header.defects:
        defects.add(code)
    if not list(header):
        defects.add("no_header")


def _root(wire: bytes, header: Header, start: int, defects: Defects) -> Part:
    kind, parameters = parse_value(header.get("content-type"))
    if not kind.startswith("multipart/"):
        header.charset = parameters.get("charset", "")
    return parse_structure(wire, header, start, defects)


def _bodies(root: Part, defects: Defects) -> Bodies:
    found = bodies.read_bodies(root, defects)
    if not any((block.plain or "").strip() or block.html for block in found.blocks):
        words = _forwarded_words(found.attachments, _DEEPEST_FORWARD) or _invitation_words(found.attachments)
        if words:
            found.blocks.append(Block(plain=words))
    return found


def _forwarded_words(attachments: list[Attachment], depth: int) -> str:
    """The words of a forwarded mail, where the mail around it has none of its own."""
    for attachment in attachments[:1]:
        if attachment.type in ("message/rfc822", "message/global", "message/partial") and depth:
            defects = Defects()
            header, start = split_message(attachment.content)
            inner = bodies.read_bodies(_root(attachment.content, header, start, defects), defects)
            return inner.text() or _forwarded_words(inner.attachments, depth - 1)
    return ""


def _invitation_words(attachments: list[Attachment]) -> str:
    for attachment in attachments[:5]:
        if attachment.type == "text/calendar":
            return clean_block(calendar_words(charsets.guess(attachment.content)))
    return ""


def _subject(header: Header) -> str:
    return clean_line(decode_words(header.get("subject")))[:_LONGEST_SUBJECT]


def _senders(header: Header, defects: Defects) -> tuple[Address, ...]:
    values = header.all("from")
    if len(values) > 1:
        defects.add("several_from_headers")
    senders = parse_addresses(header.get("from"))
    if not senders:
        defects.add("no_from")
        return machines.envelope_sender(header)
    if len(senders) > 1:
        defects.add("several_senders")
    if "@" not in senders[0].address:
        defects.add("no_address_in_from")
    if has_invisibles(decode_words(values[0])):
        defects.add("invisible_characters_in_from")
    for code in forged_looks(senders):
        defects.add(code)
    return senders


def _date(header: Header, defects: Defects) -> datetime | None:
    value = header.get("date")
    sent = parse_date(decode_words(value))
    if sent is None:
        defects.add("broken_date" if value else "no_date")
    return sent


def _message_id(header: Header, raw: bytes, defects: Defects) -> str:
    identifier = parse_message_id(header.get("message-id"))
    if not identifier:
        defects.add("no_message_id")
        return derived_id(raw)
    return identifier


def _reply_text(found: Bodies, text: str) -> str:
    """New words: from the HTML where that knows quotes apart and the plain text beside it doesn't mark them."""
    reply = clean_block(new_words(text))
    for block in found.blocks:
        if (
            block.html
            and block.plain
            and len(found.blocks) == 1
            and ">" not in block.plain
            and _marks_history(block.html)
        ):
            from_html = clean_block(new_words(block.html_words()))
            return from_html if from_html and len(from_html) < len(reply) else reply
    return reply


def _marks_history(html: str) -> bool:
    # Few mails have any of these words, and to look for words takes a fortieth of the time.
    small = html.lower()
    return any(words in small for words in _MAY_MARK_HISTORY) and _MARKS_HISTORY.search(html) is not None


def _return_on(machine: Machine | None, text: str, sent: datetime | None) -> date | None:
    if machine is not Machine.OUT_OF_OFFICE or sent is None:
        return None
    return absence.return_date(text, sent_on=sent.date())


def _language(header: Header) -> str | None:
    found = _LANGUAGE.match(header.get("content-language") or header.get("accept-language"))
    return found[1] if found else None


def _cleaned_or_none(text: str | None) -> str | None:
    return clean_line(text) or None if text else None
