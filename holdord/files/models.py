"""The table of stored files."""

from django.db import models


class Blob(models.Model):
    """Bytes that are kept, named by their SHA-256. Never changed. Two attachments with the same bytes share one, but
    for those that are kept `apart`.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()
    # A picture as it was sent: shared with nothing, so that it can be forgotten.
    apart = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["created_at"], condition=models.Q(apart=True), name="blob_to_forget")]

    @property
    def path(self) -> str:
        """Its name in the storage."""
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"
