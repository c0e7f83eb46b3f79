"""Keeping files."""

import hashlib
import os
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from holdord.files.models import Blob


def keep(content: bytes, *, now: datetime) -> Blob:
    """Keep these bytes and return their blob; the same bytes are kept once. Raises OSError when the disk refuses.

    The file is on disk before the row: a crash in between leaves a file that nothing points to, never a row
    without bytes.
    """
    digest = hashlib.sha256(content).hexdigest()
    blob = Blob.objects.filter(sha256=digest).first()
    if blob is not None:
        return blob
    fresh = Blob(sha256=digest, size=len(content), created_at=now)
    if not default_storage.exists(fresh.path):
        default_storage.save(fresh.path, ContentFile(content))
    return Blob.objects.get_or_create(sha256=digest, defaults={"size": len(content), "created_at": now})[0]


def keep_apart(content: bytes, *, now: datetime) -> Blob:
    """Keep these bytes under a name that nothing else will ever have: they can be forgotten. Raises OSError."""
    digest = hashlib.sha256(os.urandom(32) + content).hexdigest()
    fresh = Blob(sha256=digest, size=len(content), created_at=now, apart=True)
    default_storage.save(fresh.path, ContentFile(content))
    fresh.save()
    return fresh


def forget(blob: Blob) -> None:
    """Throw the bytes away that were kept apart and that nothing names any more."""
    assert blob.apart
    blob.delete()
    default_storage.delete(blob.path)


def content_of(blob: Blob) -> bytes:
    """The bytes of a blob. Raises FileNotFoundError if the storage lost them."""
    with default_storage.open(blob.path) as file:
        content: bytes = file.read()
    return content
