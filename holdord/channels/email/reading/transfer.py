"""Content-Transfer-Encoding (RFC 2045 §6) as it is really met: broken base64, stray blanks, uuencode."""

import binascii
import re
from typing import Final

_NOT_BASE64: Final = bytes(
    byte for byte in range(256) if not (chr(byte).isalnum() and byte < 128) and byte not in b"+/="
)
_PADDING: Final = re.compile(rb"=+")
_AFTER_PADDING: Final = re.compile(rb"=[ \t]+[^\r\n]*")
_BASE64_TEXT: Final = re.compile(rb"[A-Za-z0-9+/=\s]*+")
_BLANK_AT_LINE_END: Final = (b" \r\n", b"\t\r\n", b" \n", b"\t\n")
_UU_START: Final = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,500})\r?\n", re.MULTILINE)


def decode_transfer(body: bytes, encoding: str) -> tuple[bytes, str | None]:
    """The bytes that were meant, and a defect code where the encoding was broken or unknown."""
    name = encoding.partition(";")[0].partition("(")[0].strip(" \t\"'").lower()
    if name in ("", "7bit", "8bit", "binary"):
        return body, None
    if name == "base64":
        return base64(body)
    if name in ("quoted-printable", "quotedprintable"):
        return quoted_printable(body), None
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return uuencoded(body), None
    return body, None if name in ("7-bit", "8-bit", "7bits", "8bits") else "unknown_transfer_encoding"


def base64(body: bytes) -> tuple[bytes, str | None]:
    compact = body.translate(None, b" \t\r\n")
    try:
        return binascii.a2b_base64(compact, strict_mode=True), None
    except binascii.Error:
        return body if _is_prose(body) else _broken_base64(body), "broken_base64"


def _is_prose(body: bytes) -> bool:
    """Whether this is words that only claim to be encoded: as many blanks as sentences have, from the first line on."""
    start = body[:_LOOKED_AT].strip()
    first = start.partition(b"\n")[0].rstrip()
    found = _BASE64_LINE.match(first)
    is_encoded = found is not None and len(found[0]) % 4 == 0
    return start.count(b" ") * 12 > len(start) and not is_encoded


_LOOKED_AT: Final = 400  # bytes
_BASE64_LINE: Final = re.compile(rb"[A-Za-z0-9+/]+(?:={1,2}|$)")


def quoted_printable(body: bytes) -> bytes:
    if any(blank in body for blank in _BLANK_AT_LINE_END):
        # Blanks before a line's end were added on the way (RFC 2045 §6.7 rule 3), also after a soft break's "=".
        body = b"\n".join(line.rstrip(b" \t\r") for line in body.split(b"\n"))
    return binascii.a2b_qp(body)


def uuencoded(body: bytes) -> bytes:
    found = _UU_START.search(body)
    return _uu_lines(body[found.end() if found else 0 :])[0]


def uuencoded_files(text: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Files that old programs wrote into the text itself: the text without them, and (name, content) of each."""
    files: list[tuple[str, bytes]] = []
    kept, position = [], 0
    for tried, found in enumerate(_UU_START.finditer(text)):
        if tried >= _UU_TRIES:
            break
        if found.start() < position:
            continue
        content, length, complete = _uu_block(text, found.end())
        if complete and content:
            files.append((found[1].decode("utf-8", "replace"), content))
            kept.append(text[position : found.start()])
            position = found.end() + length
    if not files:
        return text, files
    return b"".join([*kept, text[position:]]), files


_UU_TRIES: Final = 100


def _uu_block(text: bytes, start: int) -> tuple[bytes, int, bool]:
    end = text.find(b"\nend", start - 1)
    if end < 0:
        return b"", 0, False
    content, complete = _uu_lines(text[start:end])
    return content, end + len(b"\nend") - start, complete


def _uu_lines(block: bytes) -> tuple[bytes, bool]:
    pieces = []
    for line in block.splitlines():
        if not line or line in (b"`", b"end"):
            continue
        try:
            pieces.append(binascii.a2b_uu(line))
        except binascii.Error:
            wanted = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                pieces.append(binascii.a2b_uu(line[:wanted]))
            except binascii.Error:
                return b"".join(pieces), False
    return b"".join(pieces), True


def _broken_base64(body: bytes) -> bytes:
    """Each stretch up to its padding by itself; text that a list server put below the encoded body is kept."""
    body = _AFTER_PADDING.sub(b"=", body)
    end = _BASE64_TEXT.match(body).end()  # type: ignore[union-attr]  # matches the empty string too
    footer = b""
    if end < len(body):
        line_start = max(body.rfind(b"\n", 0, end) + 1, 0)
        padded = body[:end].rstrip().endswith(b"=") or body[:line_start].rstrip().endswith(b"=")
        if padded and b" " in body[line_start:]:
            cut = end if body[:end].rstrip().endswith(b"=") else line_start
            body, footer = body[:cut], b"\n" + body[cut:].lstrip(b"\r\n")
    pieces = []
    for found in _PADDING.split(body.translate(None, _NOT_BASE64)):
        stretch = found[:-1] if len(found) % 4 == 1 else found
        pieces.append(binascii.a2b_base64(stretch + b"=" * (-len(stretch) % 4)))
    return b"".join([*pieces, footer])
