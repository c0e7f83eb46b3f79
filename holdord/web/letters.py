"""Text that people wrote, made safe to print: paragraphs, line breaks and links; private numbers covered."""

import re
from functools import lru_cache

from markupsafe import Markup, escape

from holdord.listening.private_numbers import masked

_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}»”]")


def paragraphs(text: str) -> Markup:
    """`text` as HTML paragraphs; web addresses become links that tell the other side nothing about us."""
    return _short(text) if len(text) < _KEPT else _paragraphs(text)


_KEPT = 4_000
"""A conversation is read again and again, and what was said does not change: letters up to this length are kept."""


@lru_cache(maxsize=500)
def _short(text: str) -> Markup:
    return _paragraphs(text)


def _paragraphs(text: str) -> Markup:
    shown = masked(text.replace("\r\n", "\n").strip())
    blocks = [block for block in re.split(r"\n\s*\n", shown) if block.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(_lines(block)) for block in blocks)


def first_words(text: str, most: int = 140) -> str:
    """The beginning of a text on one line."""
    line = " ".join(masked(text).split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0] + " …"


_TAG = re.compile(r"(<[^>]*>)")


def masked_html(html: str) -> str:
    """Sanitised HTML with the private numbers in its text covered; tags and addresses stay as they are."""
    return "".join(piece if piece.startswith("<") else masked(piece) for piece in _TAG.split(html))


def size_in_words(octets: int) -> str:
    """A file size: 812 B, 14 kB, 2.1 MB."""
    if octets < 1000:
        return f"{octets} B"
    return f"{octets / 1000:.0f} kB" if octets < 1_000_000 else f"{octets / 1_000_000:.1f} MB"


def _lines(block: str) -> Markup:
    return Markup("<br>").join(_linked(line) for line in block.split("\n"))


def _linked(line: str) -> Markup:
    parts, end = [], 0
    for found in _LINK.finditer(line):
        parts.append(escape(line[end : found.start()]))
        parts.append(
            Markup('<a href="{0}" target="_blank" rel="noopener noreferrer nofollow">{0}</a>').format(found.group())
        )
        end = found.end()
    parts.append(escape(line[end:]))
    return Markup("").join(parts)
