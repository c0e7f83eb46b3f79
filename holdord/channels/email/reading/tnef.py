"""Files inside Outlook's `winmail.dat` (Transport Neutral Encapsulation Format, MS-OXTNEF).

Reads names and contents, nothing else, in one bounded pass. Every length is checked by slicing: a lie yields fewer
bytes, never more memory.
"""

import struct
from collections.abc import Iterator
from typing import Final

from holdord.channels.email.reading import charsets
from holdord.channels.email.reading.cleaning import clean_line
from holdord.channels.email.reading.values import Defects

_SIGNATURE: Final = 0x223E9F78
_MOST_FILES: Final = 500
_MOST_PROPERTIES: Final = 2_000

_ATTACHMENT_BEGINS, _TITLE, _CONTENT, _PROPERTIES, _CODEPAGE = 0x9002, 0x8010, 0x800F, 0x9005, 0x9007
_LONG_NAME, _SHORT_NAME, _MEDIA_TYPE, _BINARY = 0x3707, 0x3704, 0x370E, 0x3701
_FIXED_SIZES: Final = {
    0x02: 4,
    0x03: 4,
    0x04: 4,
    0x05: 8,
    0x06: 8,
    0x07: 8,
    0x0A: 4,
    0x0B: 4,
    0x14: 8,
    0x40: 8,
    0x48: 16,
}
_VARIABLE: Final = frozenset({0x0D, 0x1E, 0x1F, 0x102})
_UNICODE, _OBJECT, _SEVERAL = 0x1F, 0x0D, 0x1000


class _File:
    __slots__ = ("content", "media_type", "name")

    def __init__(self) -> None:
        self.name = self.media_type = ""
        self.content = b""


def files_in(raw: bytes, defects: Defects) -> list[tuple[str, str, bytes]]:
    """(name, media type, content) of every file; what was read before the damage where the container is damaged."""
    files: list[_File] = []
    codepage = "cp1252"
    try:
        for attribute, content in _attributes(raw):
            if attribute == _CODEPAGE and len(content) >= 4:
                codepage = f"cp{struct.unpack_from('<I', content)[0]}"
            elif attribute == _ATTACHMENT_BEGINS:
                if len(files) >= _MOST_FILES:
                    break
                files.append(_File())
            elif files and attribute == _TITLE:
                files[-1].name = files[-1].name or _text(content, codepage)
            elif files and attribute == _CONTENT:
                files[-1].content = content
            elif files and attribute == _PROPERTIES:
                _read_properties(files[-1], content, codepage)
    except (struct.error, _Damaged):
        defects.add("broken_tnef")
    return [(file.name, file.media_type or "application/octet-stream", file.content) for file in files]


class _Damaged(Exception):
    """The container doesn't hold what it announces."""


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """(id, content) of each attribute: level, id and type, length, content, checksum (§2.1.3)."""
    if len(raw) < 6 or struct.unpack_from("<I", raw)[0] != _SIGNATURE:
        raise _Damaged
    position = 6
    while position + 9 <= len(raw):
        _level, attribute, _kind, length = struct.unpack_from("<BHHI", raw, position)
        content = raw[position + 9 : position + 9 + length]
        if len(content) < length:
            raise _Damaged
        yield attribute, content
        position += 9 + length + 2


def _read_properties(file: _File, raw: bytes, codepage: str) -> None:
    for identifier, kind, value in _properties(raw):
        if identifier == _LONG_NAME or (identifier == _SHORT_NAME and not file.name):
            file.name = _property_text(kind, value, codepage) or file.name
        elif identifier == _MEDIA_TYPE:
            file.media_type = _property_text(kind, value, codepage).lower()[:120]
        elif identifier == _BINARY and not file.content:
            file.content = value[16:] if kind == _OBJECT else value  # an object begins with the id of its interface


def _properties(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(id, type, first value) of each MAPI property (§2.1.3.4)."""
    (count,) = struct.unpack_from("<I", raw)
    position = 4
    for _ in range(min(count, _MOST_PROPERTIES)):
        kind, identifier = struct.unpack_from("<HH", raw, position)
        position += 4
        if identifier >= 0x8000:
            position = _after_name(raw, position)
        values = 1
        base = kind & ~_SEVERAL
        if kind & _SEVERAL or base in _VARIABLE:
            (values,) = struct.unpack_from("<I", raw, position)
            position += 4
        first = b""
        for number in range(min(values, _MOST_PROPERTIES)):
            value, position = _value(raw, position, base)
            first = first if number else value
        yield identifier, base, first


def _after_name(raw: bytes, position: int) -> int:
    (named_by_text,) = struct.unpack_from("<I", raw, position + 16)
    (number_or_length,) = struct.unpack_from("<I", raw, position + 20)
    position += 24
    return position + _padded(number_or_length) if named_by_text else position


def _value(raw: bytes, position: int, kind: int) -> tuple[bytes, int]:
    if kind in _VARIABLE:
        (length,) = struct.unpack_from("<I", raw, position)
        value = raw[position + 4 : position + 4 + length]
        return value, position + 4 + _padded(length)
    size = _FIXED_SIZES.get(kind)
    if size is None:
        raise _Damaged
    return raw[position : position + size], position + size


def _padded(length: int) -> int:
    return (length + 3) & ~3


def _property_text(kind: int, value: bytes, codepage: str) -> str:
    return clean_line(value.decode("utf-16-le", "replace").rstrip("\0")) if kind == _UNICODE else _text(value, codepage)


def _text(raw: bytes, codepage: str) -> str:
    return clean_line(charsets.decode(raw.partition(b"\0")[0], codepage)[0])
