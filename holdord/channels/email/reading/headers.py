"""Finding the header in raw bytes, and its fields, however broken (RFC 5322 §2.2).

No library does it: the standard one recurses and takes quadratic time on hostile headers.
"""

import re
from collections.abc import Iterator
from typing import Final

from holdord.channels.email.reading.words import to_text

MOST_FIELDS: Final = 20_000
LONGEST_VALUE: Final = 1 << 18  # bytes; more of one field is no header but an attack

_MOST_FOLDS: Final = 3

_FIELD: Final = re.compile(rb"([\x21-\x39\x3b-\x7e\x80-\xff]{1,200})[ \t]*:")
_LOST_FOLD: Final = re.compile(rb"[A-Za-z][A-Za-z0-9*-]{1,40}[ \t]*=")
_MBOX_LINE: Final = re.compile(rb">?From (?![ \t]*:)[^\r\n]{3,400}\r?\n")
_WELL_KNOWN: Final = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|received|return-path|reply-to|mime-version|content-[a-z-]+|x-[a-z0-9-]+"
    rb"|delivered-to|in-reply-to|references|sender|dkim-signature)[ \t]*:",
    re.IGNORECASE,
)


class Header:
    """The fields of one header or MIME part, by lower-case name, values raw and still folded."""

    __slots__ = ("_fields", "charset", "defects")

    def __init__(self) -> None:
        self._fields: dict[str, list[bytes]] = {}
        self.charset = ""  # what undeclared 8-bit may be written in
        self.defects: list[str] = []

    def add(self, name: str, value: bytes) -> None:
        self._fields.setdefault(name, []).append(value[:LONGEST_VALUE])

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def all(self, name: str) -> list[str]:
        """Every value of a field, unfolded, RFC 2047 words not yet decoded."""
        return [to_text(value, self.charset).strip(" \t") for value in self._fields.get(name, ())]

    def get(self, name: str) -> str:
        """The first value that isn't empty."""
        values = self._fields.get(name)
        if not values:
            return ""
        for value in values:
            text = to_text(value, self.charset).strip(" \t")
            if text:
                return text
        return ""

    def count(self, name: str) -> int:
        return len(self._fields.get(name, ()))


def split_message(raw: bytes) -> tuple[Header, int]:
    """The message's header and the offset at which its body begins."""
    start, defects = _before_header(raw)
    header, end = read_fields(raw, start, len(raw))
    header.defects[:0] = defects
    return header, end


def read_fields(raw: bytes, start: int, limit: int) -> tuple[Header, int]:
    """Fields from `start` up to the blank line. Gives them and where the body begins."""
    header = Header()
    name, pieces = "", [b""]
    position, fields = start, 0
    while position < limit:
        end = raw.find(b"\n", position, limit)
        next_position = limit if end < 0 else end + 1
        line = raw[position:next_position]
        if line[:1] in b" \t" and line.strip():
            pieces.append(line)
        elif not line.strip():
            if line.strip(b"\r\n") == b"" or not _continues(raw, next_position, limit):
                position = next_position
                break
        elif found := _FIELD.match(line):
            _keep(header, name, pieces)
            name, pieces = found[1].decode("latin-1").lower(), [line[found.end() :]]
            fields += 1
            if fields > MOST_FIELDS:
                header.defects.append("too_many_headers")
                position = _blank_line(raw, next_position, limit)
                break
        elif name and _LOST_FOLD.match(line) and pieces[-1].rstrip().endswith(b";"):
            header.defects.append("broken_header_line")  # a parameter whose line should begin with a blank
            pieces.append(b" " + line)
        elif _header_goes_on(raw, next_position, limit):
            header.defects.append("broken_header_line")
            if name:
                pieces.append(b" " + line)
        else:
            header.defects.append("no_blank_line_after_header")
            break
        position = next_position
    else:
        position = limit
    _keep(header, name, pieces)
    return header, position


def _keep(header: Header, name: str, pieces: list[bytes]) -> None:
    if name:
        header.add(name, (pieces[0] if len(pieces) == 1 else b"".join(pieces)).strip(b"\r\n"))


def _before_header(raw: bytes) -> tuple[int, list[str]]:
    """Skips what mail stores and broken programs put before the first field."""
    defects = []
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    if raw[start : start + 1] in (b"\r", b"\n", b" ", b"\t"):
        stripped = raw[start : start + 4096].lstrip()
        if _FIELD.match(stripped) or _MBOX_LINE.match(stripped):
            defects.append("blank_before_header")
            start += len(raw[start : start + 4096]) - len(stripped)
    if found := _MBOX_LINE.match(raw, start):
        start = found.end()
    return start, defects


def _continues(raw: bytes, position: int, limit: int) -> bool:
    """Whether after a line of blanks the header goes on: such a line is a continuation only then."""
    for _ in range(_MOST_FOLDS):
        if raw[position : position + 1] not in (b" ", b"\t"):
            break
        position = raw.find(b"\n", position, limit) + 1
        if not position:
            return False
    return _WELL_KNOWN.match(raw, position, limit) is not None


def _header_goes_on(raw: bytes, position: int, limit: int) -> bool:
    """Whether after a line that is no field one of the next few is: it was broken, not the body's first."""
    for _ in range(3):
        if _WELL_KNOWN.match(raw, position, limit):
            return True
        end = raw.find(b"\n", position, limit)
        if end < 0 or not raw[position:end].strip():
            return False
        position = end + 1
    return False


def _blank_line(raw: bytes, position: int, limit: int) -> int:
    ends = [found + len(mark) for mark in (b"\n\n", b"\n\r\n") if (found := raw.find(mark, position, limit)) >= 0]
    return min(ends, default=limit)
