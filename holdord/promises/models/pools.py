"""What promises draw on: minutes of a team, places, pieces in stock; and what is taken of them."""

from django.db import models
from django.db.models import F, Q

from holdord.history.rows import QuickRows
from holdord.promises.rules import Kind, PoolKind


class Pool(models.Model):
    """What promises draw on. `version` changes with every reservation: whoever reserves must have seen the latest,
    which serialises reservations alike on both databases.

    A team has one pool of minutes, made when it promises first; it has no name of its own. Counted pools have a name,
    a key (the word that tables and programs use), their places in `Place`, and serve one kind of promise; `team` then
    says whose they are, none means everybody's. `spent` counts what left a stock for good; `supply_version` changes
    with the places.
    """

    kind = models.CharField(
        max_length=8, choices=[(kind.value, kind.value) for kind in PoolKind], default=PoolKind.MINUTES.value
    )
    key = models.SlugField(max_length=60, blank=True)
    name = models.CharField(max_length=120, blank=True)
    serves = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind], blank=True)
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="pools")
    version = models.BigIntegerField(default=0)
    supply_version = models.BigIntegerField(default=0)
    spent = models.PositiveBigIntegerField(default=0)
    checked_version = models.BigIntegerField(default=0)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="pool_kind_known", condition=Q(kind__in=[kind.value for kind in PoolKind])),
            models.CheckConstraint(
                name="pool_of_minutes_or_named",
                condition=Q(kind="minutes", team__isnull=False, key="")
                | (~Q(kind="minutes") & ~Q(key="") & ~Q(serves="")),
            ),
            models.UniqueConstraint(fields=["team"], condition=Q(kind="minutes"), name="pool_one_of_minutes"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="pool_key_once"),
        ]


class Place(models.Model):
    """A span (half-open) of a counted pool with so many places; for a stock, what arrives at `starts_at`. `used` are
    the places of the span that are gone for good.
    """

    pool = models.ForeignKey("promises.Pool", on_delete=models.CASCADE, related_name="slots", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    places = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "starts_at"], name="place_once"),
            models.CheckConstraint(name="place_takes_time", condition=Q(ends_at__gt=F("starts_at"))),
        ]
        indexes = [models.Index(fields=["pool", "ends_at"], name="place_by_end")]


class Reservation(models.Model):
    """What a promise takes of a counted pool, due at `at` (the end of its slot). Its minutes stand in the promise."""

    promise = models.ForeignKey(
        "promises.Promise", on_delete=models.CASCADE, related_name="reservations", db_index=False
    )
    pool = models.ForeignKey("promises.Pool", on_delete=models.PROTECT, related_name="reservations")
    amount = models.PositiveIntegerField()
    at = models.DateTimeField()

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise", "pool"], name="reservation_once"),
            models.CheckConstraint(name="reservation_takes_something", condition=Q(amount__gt=0)),
        ]


class PromisedWork(models.Model):
    """How much of a pool is promised by a time: one row for each due time, not for each promise."""

    pool = models.ForeignKey("promises.Pool", on_delete=models.CASCADE, related_name="work", db_index=False)
    due_at = models.DateTimeField()
    amount = models.PositiveIntegerField()

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "due_at"], name="promised_work_once")]


class PromisedDay(models.Model):
    """The same for each UTC day. `version` changes with every change of the day: whoever knew the pool before reads
    again only the days that changed.
    """

    pool = models.ForeignKey("promises.Pool", on_delete=models.CASCADE, related_name="days", db_index=False)
    on = models.DateField()
    amount = models.IntegerField()
    version = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "on"], name="promised_day_once")]


class HandlingTime(models.Model):
    """How long a kind of promise takes the people of a team, measured: an average in which the latest count most."""

    team = models.ForeignKey("people.Team", on_delete=models.CASCADE, related_name="handling_times")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    minutes = models.FloatField()
    measured = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "kind"], name="handling_time_once"),
            models.CheckConstraint(name="handling_takes_time", condition=Q(minutes__gt=0)),
        ]
