"""The words of a calendar invitation (RFC 5545), for mail that has no others."""

import re
from typing import Final

_LONGEST: Final = 200_000  # characters
_MOST_EVENTS: Final = 20
_FOLD: Final = re.compile(r"\r?\n[ \t]")
_FIELD: Final = re.compile(
    r"^(BEGIN:VEVENT|SUMMARY|DTSTART|DTEND|LOCATION|DESCRIPTION|COMMENT)(?:;[^:\r\n]{0,500})?:?([^\r\n]*)", re.MULTILINE
)
_MOMENT: Final = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?$")
_ESCAPED: Final = re.compile(r"\\([nN,;\\])")


def calendar_words(calendar: str) -> str:
    """Subject, times, place and description of each event, one a line; times as written, "UTC" where they are."""
    events = 0
    lines: list[str] = []
    for found in _FIELD.finditer(_FOLD.sub("", calendar[:_LONGEST])):
        if found[1] == "BEGIN:VEVENT":
            events += 1
            if events > _MOST_EVENTS:
                break
            lines.append("")
        elif events and (words := _plain(found[1], found[2])):
            lines.append(words)
    return "\n".join(lines).strip()


def _plain(field: str, value: str) -> str:
    if field in ("DTSTART", "DTEND") and (moment := _MOMENT.match(value.strip())):
        year, month, day, hour, minute, utc = moment.groups()
        return f"{year}-{month}-{day}" + (f" {hour}:{minute}{' UTC' if utc else ''}" if hour else "")
    return _ESCAPED.sub(lambda escaped: "\n" if escaped[1] in "nN" else escaped[1], value).strip()
