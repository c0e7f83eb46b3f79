"""Customers, and every address they are known by."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from holdord.history.rows import QuickRows


class Organisation(models.Model):
    """A company or public body that customers belong to."""

    name = models.CharField(max_length=200)
    domain = models.CharField(max_length=253, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="organisation_once"),
            models.UniqueConstraint(fields=["domain"], condition=~Q(domain=""), name="organisation_domain_once"),
        ]


class Customer(models.Model):
    """A person (or organisation) who writes to us. Shared between inboxes unless `only_in` names one."""

    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, blank=True)
    organisation = models.ForeignKey("people.Organisation", null=True, blank=True, on_delete=models.SET_NULL)
    only_in = models.ForeignKey("people.Inbox", null=True, blank=True, on_delete=models.PROTECT)
    place = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed")

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="customer_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("pk")),
            )
        ]

    @property
    def initials(self) -> str:
        """Up to two letters for the avatar."""
        names = self.name.split() or ["?"]
        return (names[0][:1] + (names[-1][:1] if len(names) > 1 else "")).upper()


class IdentityKind(models.TextChoices):
    """What kind of address an identity is."""

    EMAIL = "email"
    PHONE = "phone"
    CHAT = "chat"


class Identity(models.Model):
    """One address a customer is known by. E-mail addresses are lower-cased; plus and dots are kept as they are."""

    customer = models.ForeignKey("people.Customer", on_delete=models.PROTECT, related_name="identities")
    kind = models.CharField(max_length=10, choices=IdentityKind, default=IdentityKind.EMAIL)
    address = models.CharField(max_length=320)
    only_in = models.ForeignKey("people.Inbox", null=True, blank=True, on_delete=models.PROTECT)
    name = models.CharField(max_length=200, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = QuickRows.as_manager()

    class Meta:
        indexes = [models.Index(fields=["address"], name="identity_by_address")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "address"], condition=Q(only_in__isnull=True), name="identity_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "address", "only_in"],
                condition=Q(only_in__isnull=False),
                name="identity_once_per_inbox",
            ),
        ]


class Merge(models.Model):
    """The journal of one merge: which identities moved from which customer to which. Undone, each goes back;
    mail that came in the meantime follows its identity.
    """

    kept = models.ForeignKey("people.Customer", on_delete=models.PROTECT, related_name="merges_kept")
    absorbed = models.ForeignKey("people.Customer", on_delete=models.PROTECT, related_name="merges_absorbed")
    identities = models.ManyToManyField("people.Identity", related_name="merges")
    by = models.ForeignKey("people.Agent", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey("people.Agent", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept=models.F("absorbed"))),
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at__isnull=True), name="merge_absorbs_once_at_a_time"
            ),
        ]


class BlockedSender(models.Model):
    """An address (or `@domain`) whose mail is dismissed on arrival: kept, never answered, shown to people."""

    address = models.CharField(max_length=320)
    inbox = models.ForeignKey("people.Inbox", null=True, blank=True, on_delete=models.CASCADE)
    by = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address", "inbox"], name="blocked_sender_once", nulls_distinct=False)
        ]
