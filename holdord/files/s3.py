"""S3 as storage. Needs `holdord[s3]`; `HOLDORD_FILES` names the bucket (docs/settings.md)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

from holdord.files.storage import StorageIsAway

PATIENCE = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 2, "mode": "standard"})
"""A store that is away is asked again by whoever needs the file, not waited for: mail goes on meanwhile."""


class KeptInS3(S3Storage):  # type: ignore[misc]  # django-storages has no types
    """Files in a bucket. Raises StorageIsAway when it can't be reached or refuses, FileNotFoundError as usual."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.client_config: Config = self.client_config.merge(PATIENCE)

    def exists(self, name: str) -> bool:
        """Whether the bucket has it."""
        with _reached():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Take it out of the bucket; nothing happens when it isn't there."""
        with _reached():
            super().delete(name)

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        """Whole, so that trouble shows here and not at some later read."""
        with _reached(), super()._open(name, mode) as file:
            return ContentFile(file.read(), name)

    def _save(self, name: str, content: "File[Any]") -> str:
        with _reached():
            return str(super()._save(name, content))


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError, AttributeError) as trouble:
        # AttributeError: botocore (1.44) stumbles over a 5xx whose sum it wants to check.
        raise StorageIsAway(str(trouble)) from trouble
