"""A folder as storage, where a file that was saved is on disk for good. S3 takes its place by a setting."""

import os
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class StorageIsAway(OSError):
    """The store of files can't be reached, or refuses us. It is not the file's fault: try again later."""


class DurableFolder(FileSystemStorage):
    """Writes beside the target, flushes file and folder, then renames: after a crash a file is whole or absent."""

    def _save(self, name: str, content: "File[Any]") -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.{os.urandom(6).hex()}")
        try:
            with fresh.open("xb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(target)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        for folder in (target.parent, target.parent.parent):
            _flush_folder(folder)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:  # noqa: ARG002 - Django's signature
        """The name itself: content-addressed names hold the same bytes, so nothing is overwritten by another."""
        return name


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
