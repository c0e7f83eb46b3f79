"""Content-Type and Content-Disposition: a value and its parameters (RFC 2045 §5.1, RFC 2231)."""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from holdord.channels.email.reading import charsets
from holdord.channels.email.reading.words import decode_words

MOST_PARAMETERS: Final = 25_000  # each is cheap; the length of the field is capped as well

_VALUE: Final = re.compile(r"[^;\s]*")
# The look-behind lets a name begin only where a word does, which keeps the search linear.
_PARAMETER: Final = re.compile(
    r'(?<![^\s=;"\\<>(),\[\]?])([^\s=;"\\<>(),\[\]?]{1,80})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*+)"|([^;]*+))', re.DOTALL
)
_PIECE: Final = re.compile(r"^([^*]+)\*(?:([0-9]{1,5})(\*?))?$")
_ESCAPED: Final = re.compile(r'\\(["\\])')
_LOOKS_EXTENDED: Final = re.compile(r"^([A-Za-z0-9_-]{3,20})'[A-Za-z-]{0,10}'(.*%[0-9A-Fa-f]{2}.*)$", re.DOTALL)
_FILE_NAMES: Final = frozenset({"name", "filename"})


def parse_value(text: str) -> tuple[str, dict[str, str]]:
    """The lower-case value, and its parameters by lower-case name: decoded, the first of each name."""
    if ";" not in text and "=" not in text:
        return (text.split(None, 1) or [""])[0].lower().strip("\"'"), {}
    found = _VALUE.match(text)
    value = found[0] if found else ""
    if "=" in value:  # "charset=utf-8" without a value before it
        return "", _parameters(text)
    return value.lower().strip("\"'"), _parameters(text[len(value) :])


def _parameters(text: str) -> dict[str, str]:
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, found in enumerate(_PARAMETER.finditer(text)):
        if count >= MOST_PARAMETERS:
            break
        name, quoted, bare = found[1].lower(), found[2], found[3]
        value = _ESCAPED.sub(r"\1", quoted) if quoted is not None else _bare(name, bare)
        if "*" not in name:
            plain.setdefault(name, value)
        elif part := _PIECE.match(name):
            # "name*" alone is one extended piece; "name*2*" the third, extended; "name*2" the third, plain.
            number, extended = (int(part[2]), bool(part[3])) if part[2] else (-1, True)
            pieces.setdefault(part[1], {}).setdefault(number, (value, extended))
    result = {name: _plain(name, value) for name, value in plain.items()}
    result.update({name: _joined(numbered) for name, numbered in pieces.items()})
    return result


def _bare(name: str, value: str) -> str:
    value = value.strip()
    if name.partition("*")[0] in _FILE_NAMES:
        return value.strip('"') if value.startswith('"') or value.endswith('"') else value
    if value.startswith('"'):
        return value[1:].strip()
    return (value.split(None, 1) or [""])[0].partition("(")[0].strip("'\"")


def _plain(name: str, value: str) -> str:
    value = decode_words(value)
    if name in _FILE_NAMES and (found := _LOOKS_EXTENDED.match(value)) and charsets.codec_for(found[1]):
        return charsets.decode(unquote_to_bytes(found[2]), found[1])[0]
    return value


def _joined(numbered: dict[int, tuple[str, bool]]) -> str:
    """RFC 2231 pieces in the order of their numbers, whatever order they came in."""
    if -1 in numbered:
        numbered = {0: numbered[-1]}
    first = min(numbered)
    charset, raw = "", []
    for number in sorted(numbered):
        value, extended = numbered[number]
        if number == first and extended:
            charset, value = _charset_and_value(value)
        raw.append(unquote_to_bytes(value) if extended else value.encode("utf-8", "surrogateescape"))
    joined = b"".join(raw)
    text = charsets.decode(joined, charset)[0]
    return decode_words(text) if not charset else text


def _charset_and_value(value: str) -> tuple[str, str]:
    charset, quote, rest = value.partition("'")
    if not quote:
        return "", value
    _language, quote, text = rest.partition("'")
    return (charset, text) if quote else (charset, rest)
