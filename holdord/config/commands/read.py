"""Show what a text says."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Final, TextIO
from zoneinfo import ZoneInfo

from holdord.channels.email.reading import json_lines
from holdord.kernel import clock
from holdord.kernel.public_holidays import public_holidays
from holdord.kernel.working_time import Calendar
from holdord.listening import reader
from holdord.listening.acts import Side
from holdord.listening.due import Due
from holdord.listening.languages import likeliest
from holdord.listening.reading import Reading, read

HELP = """Read texts as the desk reads messages, without what they quote: what the writer asks, says, tells and
promises, each with its place in the text and the rule that found it. With --jsonl, lines {"id", "lang"?, "side",
"text", "ref"} in and {"id", "acts", "promise_due", "spans"} out; "ref" is when it was written. Working days are those
of the language's country."""
EXAMPLES = """examples:
  echo "Jeg vil gerne opsige mit abonnement" | holdord read -
  holdord read reply.txt --side agent --at 2026-03-02T10:00 --json
  holdord read --jsonl < messages.jsonl > read.jsonl
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="a text file, or - for standard input")
    parser.add_argument("--side", default="customer", choices=list(Side), help="who wrote it (customer)")
    parser.add_argument("--at", metavar="ISO", help="when it was written (now)")
    parser.add_argument("--language", metavar="CODE", help="da, nb, nn, sv, de or en, where it is known")
    parser.add_argument("--cues", action="store_true", help="without the embedding reader, where that is installed")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--jsonl", action="store_true", help="JSON objects in and out, one a line")


def run(options: argparse.Namespace) -> int:
    """Prints what was read; 2 for a file or a time that can't be read."""
    if options.jsonl:
        with _opened(options.file) as lines:
            return read_lines(lines, sys.stdout, with_vectors=not options.cues)
    try:
        with _opened(options.file) as source:
            text = source.read()
        written_at = _moment(options.at)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"holdord read: {error}\n")
        return 2
    reading = _read(text, Side(options.side), written_at, options.language, with_vectors=not options.cues)
    if options.json:
        json_lines.write(sys.stdout, json_lines.line(_as_json(reading, written_at)))
    else:
        sys.stdout.writelines(f"{line}\n" for line in _in_words(reading, text))
    return 0


def read_lines(lines: TextIO, out: TextIO, *, with_vectors: bool = True) -> int:
    """A line out for every line in; one that is no such object gives its error, and stops nothing. Returns 0."""
    for line in lines:
        if line.strip():
            json_lines.write(out, json_lines.line(_answer(line, with_vectors=with_vectors)))
    return 0


def _opened(file: str) -> TextIO:
    if file == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        return sys.stdin
    return Path(file).open(encoding="utf-8", errors="replace")


def _answer(line: str, *, with_vectors: bool) -> dict[str, Any]:
    try:
        fields = json.loads(line.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"not JSON: {type(error).__name__}"}
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        return {"id": fields.get("id") if isinstance(fields, dict) else None, "error": 'no text under "text"'}
    try:
        side, written_at = Side(fields.get("side") or "customer"), _moment(fields.get("ref"))
    except (ValueError, TypeError) as error:
        return {"id": fields.get("id"), "error": str(error)}
    reading = _read(fields["text"], side, written_at, fields.get("lang"), with_vectors=with_vectors)
    due = next((promise.due for promise in reading.promises if promise.due), None)
    return {
        "id": fields.get("id"),
        "acts": sorted(reading.names),
        "promise_due": _due(due, written_at),
        "spans": [{"act": each.act, "start": each.start, "end": each.end, "rule": each.rule} for each in reading.acts],
    }


def _moment(written: str | None) -> datetime:
    """A moment as it was given: one without a zone stays without one until it is read."""
    return datetime.fromisoformat(written) if written else clock.now()


def _read(text: str, side: Side, written_at: datetime, language: str | None, *, with_vectors: bool) -> Reading:
    calendar = _calendar(language or next(iter(likeliest(text)), "en"))
    zone = ZoneInfo(calendar.zone)
    if written_at.tzinfo is None:
        written_at = written_at.replace(tzinfo=zone)
    elif written_at.utcoffset() == written_at.astimezone(zone).utcoffset():
        written_at = written_at.astimezone(zone)  # an offset alone does not know when the clocks change
    use = with_vectors and reader.is_installed()
    return read(text, side, written_at, calendar, language, with_vectors=use)


_WEEK: Final = (*[((time(9), time(17)),)] * 5, (), ())
_HOME: Final = {
    "da": ("DK", "Europe/Copenhagen"),
    "nb": ("NO", "Europe/Oslo"),
    "nn": ("NO", "Europe/Oslo"),
    "sv": ("SE", "Europe/Stockholm"),
    "de": ("DE", "Europe/Berlin"),
    "en": ("GB", "Europe/London"),
}


@cache
def _calendar(language: str) -> Calendar:
    country, zone = _HOME.get(language, _HOME["en"])
    return Calendar(zone, _WEEK, lambda day: day in public_holidays(country, "", day.year))


def _as_json(reading: Reading, written_at: datetime) -> dict[str, Any]:
    return {
        "language": reading.language,
        "acts": [
            {"act": each.act, "start": each.start, "end": each.end, "rule": each.rule, "confidence": each.confidence}
            for each in reading.acts
        ],
        "facts": [
            {"fact": each.kind, "value": each.value, "start": each.start, "end": each.end} for each in reading.facts
        ],
        "questions": reading.questions,
        "promises": [
            {"what": each.what, "due": _due(each.due, written_at), "start": each.start, "end": each.end}
            for each in reading.promises
        ],
    }


def _due(due: Due | None, written_at: datetime) -> str | None:
    """The day, or the time on it; with its offset from UTC where the time of writing was given with one."""
    if due is None:
        return None
    if due.at is None:
        return due.on.isoformat()
    return (due.at if written_at.tzinfo else due.at.replace(tzinfo=None)).isoformat(timespec="minutes")


def _in_words(reading: Reading, text: str) -> Iterator[str]:
    yield f"language: {reading.language or 'not known'}"
    for each in reading.acts:
        yield f"{each.act} ({each.confidence:.2f}, {each.rule}): {' '.join(text[each.start : each.end].split())}"
    for fact in reading.facts:
        yield f"{fact.kind}: {fact.value}"
    for promise in reading.promises:
        if promise.due:
            yield f"due {_due(promise.due, clock.now())}"
