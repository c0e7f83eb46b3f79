"""The bytes of a mail that we send: RFC 5322 and MIME, plain and HTML, threaded, and impossible to inject headers into.

Headers are written here, not by the standard library: it encodes or breaks message ids of more than 78 characters.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message as MimePart
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from io import BytesIO

_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP
_FOLDS_AT = 76
_MOST_REFERENCES = 40
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]+")
_MEDIA_TYPE = re.compile(r"^[a-z0-9][a-z0-9.+_-]{0,60}/[a-z0-9][a-z0-9.+_-]{0,60}$")
_NOT_IN_AN_ID = re.compile(r"[<>\s]")
_LINK = re.compile(r"https?://[^\s<>\"']{1,2000}[^\s<>\"'.,;:!?)\]]")


@dataclass(frozen=True)
class OutgoingFile:
    """A file to send. With a Content-ID it is shown inside the HTML, `width` pixels wide."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    width: int = 0


@dataclass(frozen=True, kw_only=True)
class Letter:
    """All that a mail of ours consists of. Ids carry no angle brackets; `at` is aware. Pictures that are shown stand
    between `text` and `closing`, its signature.
    """

    message_id: str
    at: datetime
    from_name: str
    from_address: str
    to_name: str
    to_address: str
    cc: tuple[str, ...] = ()
    reply_to: str
    subject: str
    text: str
    closing: str = ""
    html: str = ""
    language: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    is_automatic: bool = False
    answers_mail: bool = True
    loop: tuple[str, str] | None = None
    mark: str = ""


def write(letter: Letter) -> bytes:
    """The whole mail, lines ended by CR LF, every line under 998 bytes."""
    body = _body(letter)
    head = b"".join(_line(name, value) for name, value in _headers(letter))
    return head + _flat(body)


def html_of(text: str, *, language: str, mark: str, pictures: Iterable[OutgoingFile] = (), closing: str = "") -> str:
    """Plain text as HTML that reads the same: paragraphs, line breaks and links; pictures before the closing."""
    shown = [f"<p>{_picture(picture)}</p>" for picture in pictures]
    inner = "\n".join([*_paragraphs(text), *shown, *_paragraphs(closing)])
    return f'<html lang="{html.escape(language)}"><body><div id="{html.escape(mark)}">\n{inner}\n</div></body></html>'


def _paragraphs(text: str) -> list[str]:
    blocks = [block for block in re.split(r"\n{2,}", text.strip()) if block]
    return [f"<p>{_linked(block)}</p>".replace("\n", "<br>\n") for block in blocks]


def _picture(file: OutgoingFile) -> str:
    # The width as an attribute: Outlook shows a photo at its full size otherwise.
    width = f' width="{min(file.width, _WIDEST)}"' if file.width else ""
    source = html.escape(_NOT_IN_AN_ID.sub("", one_line(file.content_id)))
    return f'<img src="cid:{source}" alt="{html.escape(one_line(file.name))}"{width}>'


_WIDEST = 560


def one_line(text: str) -> str:
    """A text without line breaks and other control characters: fit for a header."""
    return " ".join(_CONTROLS.sub(" ", text.encode("utf-8", "replace").decode("utf-8")).split())


def _headers(letter: Letter) -> Iterable[tuple[str, str]]:
    yield "Date", format_datetime(letter.at)
    yield "From", _mailbox(letter.from_name, letter.from_address)
    yield "To", _mailbox(letter.to_name, letter.to_address)
    if letter.cc:
        yield "Cc", ", ".join(_mailbox("", address) for address in letter.cc)
    yield "Reply-To", _mailbox(letter.from_name, letter.reply_to)
    yield "Subject", _words(letter.subject)
    yield "Message-ID", _id(letter.message_id)
    if letter.in_reply_to:
        yield "In-Reply-To", _id(letter.in_reply_to)
        yield "References", " ".join(_id(reference) for reference in _shortened(letter.references))
    yield "Content-Language", letter.language
    if letter.is_automatic:
        yield "Auto-Submitted", "auto-replied" if letter.answers_mail else "auto-generated"
        yield "X-Auto-Response-Suppress", "All"
    if letter.loop:
        yield letter.loop
    yield "MIME-Version", "1.0"


def _shortened(references: tuple[str, ...]) -> list[str]:
    # RFC 5322, 3.6.4: all of them; of an endless thread, the first and the newest.
    unique = list(dict.fromkeys(references))
    return unique if len(unique) <= _MOST_REFERENCES else [unique[0], *unique[1 - _MOST_REFERENCES :]]


def _id(text: str) -> str:
    return f"<{_NOT_IN_AN_ID.sub('', one_line(text))}>"


def _mailbox(name: str, address: str) -> str:
    local, _, domain = one_line(address).replace(" ", "").strip("<>").rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = one_line(domain)
    clean = f"{local}@{domain}"
    name = one_line(name)
    if not name:
        return clean
    if name.isascii():
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{clean}>'
    return f"{Header(name, 'utf-8', maxlinelen=_FOLDS_AT).encode(linesep='')} <{clean}>".replace("\n", "")


def _words(text: str) -> str:
    text = one_line(text)[:900]
    if text.isascii() and "=?" not in text:
        return text
    return Header(text, "utf-8", maxlinelen=60).encode(linesep="").replace("\n", "")


def _line(name: str, value: str) -> bytes:
    lines, current = [], f"{name}:"
    for word in value.split():
        if len(current) + 1 + len(word) > _FOLDS_AT and current != f"{name}:":
            lines.append(current)
            current = ""
        current = f"{current} {word}"
    return ("\r\n".join([*lines, current]) + "\r\n").encode("utf-8", "replace")


def _body(letter: Letter) -> MimePart:
    whole = "\n\n".join(filter(None, [letter.text, letter.closing]))
    plain = MIMEText(whole.replace("\r\n", "\n"), "plain", _UTF8)  # type: ignore[arg-type]
    inline = [file for file in letter.files if file.content_id]
    shown = letter.html or html_of(
        letter.text, language=letter.language, mark=letter.mark, pictures=inline, closing=letter.closing
    )
    rich: MimePart = MIMEText(shown, "html", _UTF8)  # type: ignore[arg-type]
    if inline:
        rich = _multipart("related", [rich, *(_file(file) for file in inline)])
    body: MimePart = _multipart("alternative", [plain, rich])
    attached = [file for file in letter.files if not file.content_id]
    if attached:
        body = _multipart("mixed", [body, *(_file(file) for file in attached)])
    del body["MIME-Version"]
    return body


def _multipart(subtype: str, parts: list[MimePart]) -> MimePart:
    multipart = MIMEMultipart(subtype)
    for part in parts:
        del part["MIME-Version"]
        multipart.attach(part)
    return multipart


def _file(file: OutgoingFile) -> MimePart:
    content_type = file.content_type.lower()
    main, _, sub = (content_type if _MEDIA_TYPE.match(content_type) else "application/octet-stream").partition("/")
    if main in {"multipart", "message"}:
        main, sub = "application", "octet-stream"
    part = MIMEBase(main, sub)
    _set_base64(part, file.content)
    name = one_line(file.name) or "file"
    part.add_header(
        "Content-Disposition",
        "inline" if file.content_id else "attachment",
        filename=name if name.isascii() else ("utf-8", "", name),
    )
    if file.content_id:
        part["Content-ID"] = _id(file.content_id)
    return part


def _set_base64(part: MIMEBase, content: bytes) -> None:
    from email.encoders import encode_base64  # noqa: PLC0415 - rarely needed

    part.set_payload(content)
    encode_base64(part)


def _flat(part: MimePart) -> bytes:
    written = BytesIO()
    BytesGenerator(written, mangle_from_=False, maxheaderlen=_FOLDS_AT).flatten(part, linesep="\r\n")
    return written.getvalue()


def _linked(text: str) -> str:
    found, end = [], 0
    for match in _LINK.finditer(text):
        address = html.escape(match[0])
        found += [html.escape(text[end : match.start()]), f'<a href="{address}">{address}</a>']
        end = match.end()
    return "".join([*found, html.escape(text[end:])])
