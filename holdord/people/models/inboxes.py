"""An inbox is a brand: its name, hue, sender, calendar and pledges."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Inbox(models.Model):
    """One brand that customers write to."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    address = models.EmailField(unique=True)
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="inboxes")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="en")
    tone = models.PositiveSmallIntegerField(default=1)
    hue = models.PositiveSmallIntegerField(null=True, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    time_zone = models.CharField(max_length=64, default="Europe/Copenhagen")
    country = models.CharField(max_length=2, default="DK")
    subdivision = models.CharField(max_length=10, blank=True)
    keeps_customers_apart = models.BooleanField(default=False)
    form_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField()


class KeepsOriginals(models.Model):
    """An inbox keeps the pictures that customers send as they were sent. A row of its own: on SQLite a new column makes
    the table anew, and the triggers of the roster would be lost with the old one.
    """

    inbox = models.OneToOneField("people.Inbox", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()


class OpeningHours(models.Model):
    """A span of the week in which the inbox is open, in its own zone."""

    inbox = models.ForeignKey("people.Inbox", on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="opening_hours_weekday", condition=Q(weekday__lte=6)),
            models.CheckConstraint(name="opening_hours_forward", condition=Q(closes__gt=F("opens"))),
            models.UniqueConstraint(fields=["inbox", "weekday", "opens"], name="opening_hours_once"),
        ]


class ClosingDay(models.Model):
    """A day on which the inbox is closed though its week and its country's holidays say open; or, with `is_open`,
    the other way round. The eves that the holiday calendars call working days are seeded here (`people.rules.eves`).
    """

    inbox = models.ForeignKey("people.Inbox", on_delete=models.CASCADE, related_name="closing_days")
    on = models.DateField()
    name = models.CharField(max_length=120)
    is_open = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inbox", "on"], name="closing_day_once")]
