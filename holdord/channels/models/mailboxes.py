"""IMAP accounts that inboxes are read from, and imports of old mail."""

from django.db import models
from django.db.models import Q


class Security(models.TextChoices):
    """How the connection is protected. `none` is for a server on the same machine."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Fault(models.TextChoices):
    """What is wrong with the connection to a mail server."""

    UNKNOWN_HOST = "unknown_host"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    NO_TLS = "no_tls"
    WANTS_TLS = "wants_tls"
    BAD_CERTIFICATE = "bad_certificate"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - the name of a fault
    NO_FOLDER = "no_folder"
    LOST_SECRET = "lost_secret"  # noqa: S105 - the name of a fault
    NOT_NOW = "not_now"
    OTHER = "other"


class Mailbox(models.Model):
    """One IMAP account. `secret` is sealed with a key made from SECRET_KEY (`channels.email.secrets`)."""

    inbox = models.ForeignKey("people.Inbox", on_delete=models.PROTECT, related_name="mailboxes")
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=10, choices=Security, default=Security.TLS)
    user = models.CharField(max_length=320)
    sealed_secret = models.TextField(blank=True)
    uses_token = models.BooleanField(default=False)
    folder = models.CharField(max_length=255, default="INBOX")
    sent_folder = models.CharField(max_length=255, blank=True)
    import_since = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    last_mail_at = models.DateTimeField(null=True, blank=True)
    last_counted_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    last_fault = models.CharField(max_length=20, choices=Fault, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["host", "port", "user"], name="mailbox_once")]


class MailboxFolder(models.Model):
    """How far a folder has been read (RFC 9051: UIDs grow, and count only together with UIDVALIDITY)."""

    mailbox = models.ForeignKey("channels.Mailbox", on_delete=models.CASCADE, related_name="folders")
    name = models.CharField(max_length=255)
    uid_validity = models.BigIntegerField(null=True)
    first_uid = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    fetched = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "name"], name="mailbox_folder_once")]


class AlarmKind(models.TextChoices):
    """What is wrong with a mailbox."""

    FAILING = "failing"
    SILENT = "silent"
    COUNT_DIFFERS = "count_differs"
    RENUMBERED = "renumbered"


class MailboxAlarm(models.Model):
    """Something people must look at. Ends by itself when the mailbox is well again."""

    mailbox = models.ForeignKey("channels.Mailbox", on_delete=models.CASCADE, related_name="alarms")
    kind = models.CharField(max_length=20, choices=AlarmKind)
    since = models.DateTimeField()
    detail = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "kind"], condition=Q(ended_at__isnull=True), name="mailbox_alarm_once_at_a_time"
            )
        ]


class ImportRun(models.Model):
    """An import of old mail from a file or folder, so that an interrupted one goes on where it stopped."""

    source = models.CharField(max_length=1000)
    inbox = models.ForeignKey("people.Inbox", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveBigIntegerField(default=0)
    imported = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "inbox"], name="import_run_once")]
