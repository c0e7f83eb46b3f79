"""Keeping files."""

import hashlib
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


def content_of(blob: Blob) -> bytes:
    """The bytes of a blob. Raises FileNotFoundError if the storage lost them."""
    with default_storage.open(blob.path) as file:
        content: bytes = file.read()
    return content
