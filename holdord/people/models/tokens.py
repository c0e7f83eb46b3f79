"""What programs come with instead of a person's password."""

from django.db import models
from django.db.models import Q


class Scope(models.TextChoices):
    """What a token may do. Who may write may read the same."""

    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    PROMISES_READ = "promises:read"
    PROMISES_WRITE = "promises:write"
    POOLS_READ = "pools:read"
    POOLS_WRITE = "pools:write"


class ApiToken(models.Model):
    """A program's access. The secret is shown once: we keep its SHA-256, and of its words only the beginning, by which
    people tell tokens apart. `inbox` limits it to one brand. Revoked it stays as a row, for the history.
    """

    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=16, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    inbox = models.ForeignKey("people.Inbox", null=True, blank=True, on_delete=models.CASCADE, related_name="tokens")
    created_by = models.ForeignKey("people.Agent", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey("people.Agent", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="api_token_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="api_token_revoked_by_somebody_at_a_time",
                condition=Q(revoked_at__isnull=False) | Q(revoked_by__isnull=True),
            ),
        ]

    def may(self, scope: str) -> bool:
        """Whether it may do this."""
        thing, _, act = scope.partition(":")
        return scope in self.scopes or (act == "read" and f"{thing}:write" in self.scopes)
