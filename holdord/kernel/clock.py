"""The one clock. Nothing else in Holdord may ask what time it is (a lint rule holds it).

In the demo and in tests the clock can be moved, for all processes at once: the offset stands in a small file that
each process looks at. In production no such file is named and the clock is the machine's.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

_offset_file: Path | None = None
_seen: tuple[int, int] | None = None
_offset = timedelta()


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + offset()


def offset() -> timedelta:
    """How far this clock is from the machine's; zero unless the clock may be moved and was."""
    global _seen, _offset  # noqa: PLW0603 - a clock is the one thing a process has one of
    if _offset_file is None:
        return timedelta()
    try:
        stat = os.stat(_offset_file)
    except FileNotFoundError:
        return timedelta()
    if (stat.st_mtime_ns, stat.st_ino) != _seen:
        _offset = timedelta(seconds=float(_offset_file.read_text() or 0))
        _seen = (stat.st_mtime_ns, stat.st_ino)
    return _offset


def allow_moving(offset_file: Path | None) -> None:
    """Let this process's clock follow `offset_file` (seconds from the machine's clock); None takes it back."""
    global _offset_file, _seen
    _offset_file, _seen = offset_file, None


def can_be_moved() -> bool:
    """Whether this is a demo or a test, where time may be moved."""
    return _offset_file is not None


def move_to(moment: datetime) -> None:
    """Set the clock to `moment` (aware) in every process that follows the same file. Raises ClockIsFixed."""
    if _offset_file is None:
        raise ClockIsFixed
    seconds = (moment - datetime.now(UTC)).total_seconds()
    fresh = _offset_file.with_suffix(f".{os.getpid()}")
    fresh.write_text(repr(seconds))
    fresh.replace(_offset_file)


class ClockIsFixed(Exception):
    """The clock can be moved only in the demo and in tests."""
