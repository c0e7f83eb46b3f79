"""The tree of MIME parts (RFC 2046), found in one pass over the lines that begin with "--".

Boundaries lie in a dictionary, so that depth costs nothing; a part that never ends, ends with the one around it.
"""

import re
from collections.abc import Iterator
from typing import Final

from holdord.channels.email.reading.headers import Header, read_fields
from holdord.channels.email.reading.parameters import parse_value
from holdord.channels.email.reading.transfer import decode_transfer
from holdord.channels.email.reading.values import Defects

MOST_PARTS: Final = 2_000
DEEPEST: Final = 100
_MOST_GUESSES: Final = 10
_MOST_LOOKS: Final = 50
_MOST_UNSEEN: Final = 100

# Two hyphens at the beginning of a line; written so that hyphens are looked for, not lines.
_DELIMITER: Final = re.compile(rb"--(?:(?<=\n--)|(?<=^--))([^\r\n]*)\r?\n?")
_FIRST_DELIMITER: Final = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?\n(?=[Cc]ontent-|[ \t]*\r?\n)", re.MULTILINE)


class Part:
    """One MIME entity: its header, where its content lies in the raw message, and its children."""

    __slots__ = ("boundary", "children", "content_type", "depth", "end", "header", "parameters", "raw", "start")

    def __init__(self, raw: bytes, header: Header, start: int, *, depth: int, default_type: str = "text/plain") -> None:
        self.raw = raw
        self.header = header
        self.start = start
        self.end = len(raw)
        self.depth = depth
        self.children: list[Part] = []
        self.content_type, self.parameters = _content_type(header, default_type)
        self.boundary = self.parameters.get("boundary", "") if self.is_multipart else ""

    @property
    def is_multipart(self) -> bool:
        return self.content_type.startswith("multipart/")

    @property
    def body(self) -> bytes:
        return self.raw[self.start : self.end]

    def content(self, defects: Defects) -> bytes:
        """The decoded content."""
        encoding = self.header.get("content-transfer-encoding")
        content, defect = decode_transfer(self.body, encoding)
        if defect:
            defects.add(defect)
        return content

    def disposition(self) -> tuple[str, dict[str, str]]:
        value = self.header.get("content-disposition")
        return parse_value(value) if value else ("", {})

    def leaves(self) -> Iterator["Part"]:
        waiting = [self]
        while waiting:
            part = waiting.pop()
            if part.children:
                waiting.extend(reversed(part.children))
            else:
                yield part


def parse_structure(raw: bytes, header: Header, start: int, defects: Defects) -> Part:
    """The whole message as a tree of parts. Leaves that claim to be multiparts are those that could not be opened."""
    root = Part(raw, header, start, depth=0)
    _Reader(raw, defects).read(root)
    return root


class _Reader:
    def __init__(self, raw: bytes, defects: Defects) -> None:
        self.raw = raw
        self.defects = defects
        self.open: list[Part] = []
        self.depth_of: dict[bytes, int] = {}
        self.hidden: list[int | None] = []
        self.parts = 1
        self.guesses = 0
        self.unseen = 0

    def read(self, root: Part) -> None:
        current = root
        position = self._enter(root)
        while self.open:
            found = _DELIMITER.search(self.raw, position)
            if found is None:
                break
            position = found.end()
            line = found[1].rstrip()
            depth, closes = self._meaning(line)
            if depth is None:
                continue
            self._end(current, found.start())
            self._leave_down_to(depth, found.start())
            parent = self.open[-1]
            if closes:
                self._close(parent)
                current = parent
                continue
            if self.parts >= MOST_PARTS:
                self.defects.add("too_many_parts")
                break
            current = self._begin(parent, position)
            position = self._enter(current)
        if self.open:
            self.defects.add("missing_close_boundary")

    def _meaning(self, line: bytes) -> tuple[int | None, bool]:
        """Which open multipart a delimiter line belongs to, and whether it closes it (RFC 2046 §5.1.1)."""
        depth = self.depth_of.get(line)
        if depth is None and line.endswith(b"--"):
            return self.depth_of.get(line[:-2].rstrip()), True
        return depth, False

    def _begin(self, parent: Part, position: int) -> Part:
        header, start = read_fields(self.raw, position, self._limit(position))
        header.charset = self.open[0].header.charset
        default = "message/rfc822" if parent.content_type == "multipart/digest" else "text/plain"
        part = Part(self.raw, header, start, depth=parent.depth + 1, default_type=default)
        parent.children.append(part)
        self.parts += 1
        return part

    def _limit(self, position: int) -> int:
        """Where the next delimiter stands: a part's header never reaches over it."""
        found = _DELIMITER.search(self.raw, position)
        if found and self._meaning(found[1].rstrip())[0] is not None:
            return found.start()
        return len(self.raw)

    def _enter(self, part: Part) -> int:
        """Opens a multipart if it can be opened. Gives where to go on reading."""
        if not part.is_multipart:
            return part.start
        if part.depth >= DEEPEST:
            self.defects.add("nested_too_deeply")
            return part.start
        boundary = part.boundary.encode("utf-8", "surrogateescape").rstrip()
        if not boundary or not self._is_seen(boundary, part.start):
            self.defects.add("boundary_never_seen" if boundary else "no_boundary")
            boundary = self._guess(part)
            if not boundary:
                return part.start
        self.open.append(part)
        part.boundary = boundary.decode("utf-8", "surrogateescape")
        # A nested multipart may repeat the boundary of an outer one: the lines are the inner's until it's closed.
        self.hidden.append(self.depth_of.get(boundary))
        self.depth_of[boundary] = len(self.open) - 1
        return part.start

    def _is_seen(self, boundary: bytes, start: int) -> bool:
        """Whether a line is this boundary; one it is merely the beginning of doesn't count."""
        if self.unseen > _MOST_UNSEEN:  # each look costs the rest of the mail
            return False
        delimiter = b"--" + boundary
        for _ in range(_MOST_LOOKS):
            at = self.raw.find(delimiter, start)
            if at < 0:
                self.unseen += 1
                return False
            start = at + len(delimiter)
            rest = self.raw[start : start + 200].partition(b"\n")[0].strip()
            if rest in (b"", b"--") and self.raw[at - 1 : at] in (b"\n", b""):
                return True
        return False

    def _guess(self, part: Part) -> bytes:
        """A line of dashes with a MIME field below it is what the boundary must have been."""
        self.guesses += 1
        if self.guesses > _MOST_GUESSES:
            return b""
        for found in _FIRST_DELIMITER.finditer(self.raw, part.start):
            if found[1] in self.depth_of:
                return b""
            return found[1]
        return b""

    def _end(self, part: Part, at: int) -> None:
        """A part ends before the line break that belongs to the delimiter."""
        if part.children or part in self.open:
            return
        end = at
        if self.raw[end - 1 : end] == b"\n":
            end -= 1
            if self.raw[end - 1 : end] == b"\r":
                end -= 1
        part.end = max(end, part.start)

    def _leave_down_to(self, depth: int, at: int) -> None:
        while len(self.open) - 1 > depth:
            left = self.open[-1]
            left.end = min(left.end, at)
            self._close(left)
            self.defects.add("missing_close_boundary")

    def _close(self, part: Part) -> None:
        self.open.pop()
        boundary = part.boundary.encode("utf-8", "surrogateescape")
        hidden = self.hidden.pop()
        if hidden is not None:
            self.depth_of[boundary] = hidden
        else:
            self.depth_of.pop(boundary, None)


def _content_type(header: Header, default: str) -> tuple[str, dict[str, str]]:
    value = header.get("content-type")
    if not value:
        return default, {}
    kind, parameters = parse_value(value)
    if not kind and "boundary" in parameters:
        return "multipart/mixed", parameters
    if kind in ("text", "html", "plain"):
        kind = "text/html" if kind == "html" else "text/plain"
    elif kind == "multipart":
        kind = "multipart/mixed"
    if "/" not in kind or kind.startswith("/") or kind.endswith("/"):
        return default, parameters
    return kind[:120], parameters
