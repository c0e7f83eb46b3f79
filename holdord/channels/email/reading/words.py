"""Words in headers: raw bytes to text, and RFC 2047 encoded words wherever people put them."""

import re
from typing import Final

from holdord.channels.email.reading import charsets
from holdord.channels.email.reading.transfer import base64

# The first branch is linear; the second, for a bare "?" inside the text, is short so that hostile runs stay cheap.
ENCODED_WORD: Final = re.compile(
    r"=\?([^?\s]{0,60})\?([bBqQ])\?((?>[^?]*)(?=\?=)|(?:[^?]|\?(?!=)){0,300})\?=", re.DOTALL
)
_Q_BYTE: Final = re.compile(r"=([0-9A-Fa-f]{2})")
_NOT_ASCII_RUN: Final = re.compile(r"([^\x00-\x7f]+)")


def to_text(raw: bytes, charset: str = "") -> str:
    """A raw header value, unfolded. Undeclared 8-bit is UTF-8, then the body's charset, then what Windows writes."""
    if raw.isascii():
        text = raw.decode("ascii") if b"\x1b" not in raw else charsets.guess(raw)
    else:
        text = _eight_bit(raw, charset)
    return unfold(text)


def unfold(text: str) -> str:
    return text.replace("\r\n", "").replace("\n", "").replace("\r", "") if "\n" in text or "\r" in text else text


def decode_words(text: str) -> str:
    """Encoded words replaced by what they say. Blanks between two of them fall away (RFC 2047 §6.2)."""
    if "=?" not in text:
        return text
    pieces: list[str] = []
    run: list[tuple[str, bytes]] = []
    position = 0
    for word in ENCODED_WORD.finditer(text):
        between = text[position : word.start()]
        if not run or between.strip(" \t\r\n"):
            pieces.append(_decode_run(run))
            run = []
            pieces.append(between)
        charset, encoding, inside = word[1], word[2], word[3]
        run.append((charset, _word_bytes(encoding, inside)))
        position = word.end()
    pieces.append(_decode_run(run))
    pieces.append(text[position:])
    return "".join(pieces)


def _decode_run(run: list[tuple[str, bytes]]) -> str:
    """Neighbours of one charset are decoded together: senders cut characters in two."""
    decoded: list[str] = []
    start = 0
    for index in range(1, len(run) + 1):
        if index == len(run) or run[index][0].lower() != run[start][0].lower():
            decoded.append(charsets.decode(b"".join(raw for _, raw in run[start:index]), run[start][0])[0])
            start = index
    return "".join(decoded)


def _word_bytes(encoding: str, inside: str) -> bytes:
    if encoding in "bB":
        return base64(inside.encode("ascii", "ignore"))[0]
    if inside.isascii():
        return _q_bytes(inside)
    # Raw 8-bit inside an encoded word: as UTF-8, which a wrong label doesn't survive.
    return b"".join(
        _q_bytes(run) if run.isascii() else run.encode("utf-8", "replace") for run in _NOT_ASCII_RUN.split(inside)
    )


def _q_bytes(text: str) -> bytes:
    text = text.replace("_", " ")
    if "=" not in text:
        return text.encode("ascii")
    return _Q_BYTE.sub(lambda found: chr(int(found[1], 16)), text).encode("latin-1")


def _eight_bit(raw: bytes, charset: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        if charset and charsets.codec_for(charset) not in (None, "", "utf-8"):
            return charsets.decode(raw, charset)[0]
        return charsets.guess(raw)
