"""Having a picture drawn anew by a child process. Nothing here imports the picture library."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import Final

CPU_SECONDS: Final = 20
WALL_SECONDS: Final = 60
MEMORY: Final = 1 << 30
"""Bytes of address space of the child; a photo of 12 megapixels takes 170 MB while it is drawn."""

_ENVIRONMENT: Final = ("PATH", "PYTHONPATH", "LANG", "SYSTEMROOT")
"""What the child is told of ours: no secret is among it."""

_DAMAGED, _TOO_LARGE = 4, 5


class Unreadable(Exception):
    """It can't be drawn: `is_too_large`, or it is damaged or none."""

    def __init__(self, *, is_too_large: bool) -> None:
        super().__init__("too large" if is_too_large else "damaged")
        self.is_too_large = is_too_large


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture to show: `large` has the ending `ending` and the size in pixels, `small` is WebP."""

    large: bytes
    small: bytes
    ending: str
    width: int
    height: int

    @property
    def content_type(self) -> str:
        """The media type of `large`."""
        return {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif"}[self.ending]


def prepare(
    content: bytes, *, cpu_seconds: int = CPU_SECONDS, wall_seconds: float = WALL_SECONDS, memory_bytes: int = MEMORY
) -> Prepared:
    """Draw a picture anew. Raises Unreadable; OSError when this machine can't draw any.

    The answer of the child is lengths and bytes, and nothing in it is run: its decoders have met what strangers sent.
    """
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and module, no word of a stranger among the arguments
            [sys.executable, "-m", "holdord.files.pictures.drawing", str(cpu_seconds), str(memory_bytes)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=wall_seconds,
            check=False,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(is_too_large=True) from None
    if child.returncode:
        raise _why(child.returncode)
    return _understood(child.stdout)


def _why(code: int) -> Exception:
    """What the end of the child says: of the picture where it says so or a signal ended it, else of this machine."""
    if code == _TOO_LARGE or -code in {signal.SIGXCPU, signal.SIGKILL}:
        return Unreadable(is_too_large=True)
    if code == _DAMAGED or code < 0:
        return Unreadable(is_too_large=False)
    return OSError(f"the program that draws pictures ended with {code}: is Pillow installed?")


def _understood(answer: bytes) -> Prepared:
    line, _, files = answer.partition(b"\n")
    try:
        head = json.loads(line)
        size, ending = int(head["large"]), str(head["ending"])
        width, height = int(head["width"]), int(head["height"])
    except (ValueError, KeyError, TypeError):
        raise Unreadable(is_too_large=False) from None
    large, small = files[:size], files[size:]
    if ending not in {"jpg", "png", "gif"} or not large or not small or not (0 < width < _SIDE and 0 < height < _SIDE):
        raise Unreadable(is_too_large=False)
    return Prepared(large, small, ending, width, height)


_SIDE: Final = 100_000
