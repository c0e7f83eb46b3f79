"""Dates in headers (RFC 5322 §3.3 and §4.3, and ISO 8601 as some programs write them)."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from typing import Final

_LONGEST: Final = 200
_ISO: Final = re.compile(
    r"\s*(\d{4})-(\d\d?)-(\d\d?)(?:[T ]\s*(\d\d?):(\d\d)(?::(\d\d))?(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"\([^()]*\)")
_AROUND_COLON: Final = re.compile(r"\s{0,20}:\s{0,20}")
# Months that programs wrote in the language of their user.
_MONTHS: Final = {
    "jän": "Jan", "mär": "Mar", "mrz": "Mar", "märz": "Mar", "mars": "Mar", "marts": "Mar", "mai": "May", "maj": "May",
    "juni": "Jun", "juli": "Jul", "okt": "Oct", "des": "Dec", "dez": "Dec",
}  # fmt: skip
_LOCAL_MONTH: Final = re.compile(r"(?<![^\W\d_])(?:" + "|".join(_MONTHS) + r")(?![^\W\d_])", re.IGNORECASE)
_ZONE_TAIL: Final = re.compile(r"(?:GMT|UTC|UT)\s*([+-]\d{1,2}):?(\d\d)?\b", re.IGNORECASE)
_DOTTED_TIME: Final = re.compile(r"\b(\d\d)\.(\d\d)\.(\d\d)\b")
# The zones of Europe by name, and of those who send most mail there; the standard reader knows America's alone.
_ZONES: Final = {
    "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MET": 1, "MEZ": 1, "CEST": 2, "MEST": 2, "MESZ": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "JST": 9, "KST": 9,
}  # fmt: skip
_NAMED_ZONE: Final = re.compile(rf"(:\d\d)\s{{0,9}}({'|'.join(_ZONES)})\b(?!\s{{0,9}}[+-]\d)", re.IGNORECASE)
_FRACTION: Final = re.compile(r"(:\d\d)[.,]\d{1,9}(?!\d)")
_TORN_ZONE: Final = re.compile(r"([+-])\s{1,9}(\d{4})\s*$")
_BEFORE_COMMA: Final = re.compile(r"\s{1,20},")
_DEEPEST_COMMENT: Final = 5
_COLON_ZONE: Final = re.compile(r"([+-]\d\d):(\d\d)\s*$")


def parse_date(text: str) -> datetime | None:
    """An aware moment in UTC, or None. Without a zone it's read as UTC (RFC 5322 §4.3, "-0000")."""
    text = _NAMED_ZONE.sub(lambda zone: f"{zone[1]} +{_ZONES[zone[2].upper()]:02}00", text[:_LONGEST])
    if found := _ISO.match(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
        return _moment(year, month, day, hour, minute, second, _iso_offset(found[7] or ""))
    for _ in range(_DEEPEST_COMMENT if "(" in text else 0):
        text = _COMMENT.sub(" ", text)
    text = _FRACTION.sub(r"\1", _BEFORE_COMMA.sub(",", _AROUND_COLON.sub(":", text)))
    text = _LOCAL_MONTH.sub(lambda month: _MONTHS[month[0].lower()], text)
    text = _ZONE_TAIL.sub(lambda zone: f"{int(zone[1]):+03d}{zone[2] or '00'}", text)
    text = _TORN_ZONE.sub(r"\1\2", _COLON_ZONE.sub(r"\1\2", text))
    for attempt in (text, _DOTTED_TIME.sub(r"\1:\2:\3", text)):
        try:
            parsed = parsedate_tz(attempt)
        except (ValueError, IndexError, TypeError, OverflowError):  # the standard reader isn't proof against anything
            continue
        if parsed:
            return _moment(*parsed[:6], parsed[9] or 0)
    return None


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int, offset: int) -> datetime | None:
    try:
        year += 1900 if 100 <= year < 1000 else 0  # RFC 5322 §4.3
        zone = timezone(timedelta(seconds=offset)) if abs(offset) < 24 * 3600 else UTC
        midnight = timedelta(days=1) if (hour, minute, second) == (24, 0, 0) else timedelta()
        moment = datetime(year, month, day, 0 if midnight else hour, minute, min(second, 59), tzinfo=zone)
        return (moment + midnight).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _iso_offset(zone: str) -> int:
    if not zone or zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:4]) * 60
    return -seconds if zone[0] == "-" else seconds
