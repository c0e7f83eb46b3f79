"""Message-ID, In-Reply-To and References (RFC 5322 §3.6.4): ids without their brackets, safe to show and to compare."""

import hashlib
import re
from typing import Final

from holdord.channels.email.reading.cleaning import clean_line

MOST_REFERENCES: Final = 500
_LONGEST: Final = 998  # bytes in UTF-8, as a line of a mail has at most; indexes hold no more either
_BRACKETED: Final = re.compile(r"<([^<>]*)>")
_NEVER_IN_IDS: Final = re.compile(r"[<>\"\s]")
_COMMENT: Final = re.compile(r"\s\([^()]{0,100}\)|(?<=\S)\([^()]{0,100}\)(?=\s)")


def parse_message_id(text: str) -> str:
    """The id, or "" where there is none."""
    found = _bracketed(text)
    with_at = [identifier for identifier in found if "@" in identifier]
    if with_at:
        return with_at[0]
    outside = _BRACKETED.sub("", text)
    if found and "@" not in outside:
        return found[0]
    return _clean(text.strip(" \t<>"))


def parse_references(text: str) -> tuple[str, ...]:
    """Ids in the order of the thread; only the newest where there are too many."""
    found = _bracketed(text)
    if not found:
        found = [_clean(word) for word in re.split(r"[\s,]+", text) if "@" in word]
    return tuple(list(dict.fromkeys(identifier for identifier in found if identifier))[-MOST_REFERENCES:])


def parse_in_reply_to(text: str) -> str | None:
    """The first id; people's programs also wrote prose here ("Your message of …")."""
    found = _bracketed(text)
    for identifier in found:
        if "@" in identifier:
            return identifier
    if found:
        return found[0]
    word = text.strip()
    return _clean(word) or None if word and not re.search(r"\s", word) else None


def derived_id(raw: bytes) -> str:
    """A lasting id for a mail without one, from its bytes."""
    return f"sha256-{hashlib.sha256(raw).hexdigest()}@derived.invalid"


def _bracketed(text: str) -> list[str]:
    return [cleaned for inside in _BRACKETED.findall(text) if (cleaned := _clean(_COMMENT.sub("", inside)))]


def _clean(identifier: str) -> str:
    if not identifier.isalnum():
        identifier = _NEVER_IN_IDS.sub("", clean_line(identifier))
    if identifier.isascii():
        return identifier[:_LONGEST]
    return identifier.encode("utf-8", "replace")[:_LONGEST].decode("utf-8", "ignore")
