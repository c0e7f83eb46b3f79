"""Finding mails in files and folders. One at a time: an mbox of 20 GB needs the memory of its largest mail."""

import re
from collections.abc import Iterator
from pathlib import Path

_FROM_LINE = re.compile(rb"^From \S+ .*\d\d:\d\d")
_QUOTED_FROM = re.compile(rb"^>+From ")
_LARGEST = 512 * 1024 * 1024


class NotMail(Exception):
    """There is nothing at this path that mails could be read from."""


def mails_in(path: Path, *, skip: int = 0) -> Iterator[bytes]:
    """The mails at `path`, without the first `skip`: an .eml file, an mbox file, a Maildir, or a folder of any of them.

    The order is that of the names, so that the same path gives the same mails. Raises NotMail, OSError.
    """
    for number, mail in enumerate(_mails(path)):
        if number >= skip:
            yield mail


def count_in(path: Path) -> int:
    """How many mails there are. Reads everything once."""
    return sum(1 for _ in _mails(path))


def _mails(path: Path) -> Iterator[bytes]:
    if not path.exists():
        raise NotMail(f"{path} isn't there.")
    if path.is_file():
        yield from _mbox(path) if _is_mbox(path) else _single(path)
    elif (path / "cur").is_dir():
        for folder in ("cur", "new"):
            yield from _folder(path / folder)
        # Maildir++: subfolders begin with a dot.
        for folder_path in sorted(found for found in path.iterdir() if found.is_dir() and (found / "cur").is_dir()):
            yield from _mails(folder_path)
    else:
        yield from _folder(path)


def _folder(path: Path) -> Iterator[bytes]:
    if not path.is_dir():
        return
    for found in sorted(path.iterdir()):
        if found.name.startswith(".") and found.is_file():
            continue
        yield from _mails(found)


def _single(path: Path) -> Iterator[bytes]:
    if 0 < path.stat().st_size <= _LARGEST:
        yield path.read_bytes()


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return bool(_FROM_LINE.match(file.readline(1000)))


def _mbox(path: Path) -> Iterator[bytes]:
    # RFC 4155: a line "From …" after an empty one begins the next mail; ">From " in a body was "From ".
    lines: list[bytes] = []
    after_empty = True
    with path.open("rb") as file:
        for line in file:
            if after_empty and _FROM_LINE.match(line):
                if lines:
                    yield b"".join(lines)
                lines = []
            else:
                lines.append(line[1:] if _QUOTED_FROM.match(line) else line)
            after_empty = line in {b"\n", b"\r\n"}
    if lines:
        yield b"".join(lines)
