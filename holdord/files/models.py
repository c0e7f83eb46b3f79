"""The table of stored files."""

from django.db import models


class Blob(models.Model):
    """Bytes that are kept, named by their SHA-256. Never changed; two attachments with the same bytes share one."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()

    @property
    def path(self) -> str:
        """Its name in the storage."""
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"
