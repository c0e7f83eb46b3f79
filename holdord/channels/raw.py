"""The bytes of mails, by their SHA-256; never changed, and deleted only when a customer had them erased.

Small ones lie in the database beside their row: one commit is one wait for the disk, and a worker on another machine
has them. Larger ones are files, on the disk with their directory before the row commits.
"""

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import transaction

from holdord.channels.models import RawMail
from holdord.history import rows

KEPT_IN_DATABASE = 128 * 1024
"""Bytes up to which a mail is kept in the database."""


class RawMailLost(Exception):
    """The file of a mail isn't there, or isn't what it was."""


def sha256_of(raw: bytes) -> str:
    """The name of these bytes."""
    return hashlib.sha256(raw).hexdigest()


def write_large(mails: Iterable[bytes]) -> None:
    """Put those too large for the database on the disk, for good when this returns. Raises OSError."""
    for raw in mails:
        if len(raw) > KEPT_IN_DATABASE:
            _write_durably(_path(sha256_of(raw)), raw)


def insert(mails: Iterable[bytes]) -> None:
    """Write the rows of these mails, in the caller's transaction; those known already stay as they are."""
    for raw in mails:
        content = raw if len(raw) <= KEPT_IN_DATABASE else None
        rows.insert(RawMail(sha256=sha256_of(raw), size=len(raw), content=content), unless_there=True)


def read(mail: RawMail) -> bytes:
    """The bytes of `mail`. Raises RawMailLost."""
    if mail.content is not None:
        return bytes(mail.content)
    try:
        raw = _path(mail.sha256).read_bytes()
    except OSError as error:
        raise RawMailLost(f"{mail.sha256}: {error.strerror}") from error
    if sha256_of(raw) != mail.sha256:
        raise RawMailLost(f"{mail.sha256}: the file has other bytes")
    return raw


def _path(sha256: str) -> Path:
    return Path(settings.DATA) / "raw" / sha256[:2] / sha256


def _write_durably(path: Path, raw: bytes) -> None:
    if path.exists() and path.stat().st_size == len(raw):
        _sync_directory(path.parent)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise
    _sync_directory(path.parent)
    _sync_directory(path.parent.parent)


def _sync_directory(path: Path) -> None:
    # The name of a file is content of its directory, which waits for the disk apart.
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def forget(sha256: str) -> None:
    """Destroy the bytes of a mail, for good: after the commit, so that a row never stays without them."""
    RawMail.objects.filter(pk=sha256).delete()
    transaction.on_commit(lambda: _path(sha256).unlink(missing_ok=True))
