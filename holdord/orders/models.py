"""Orders, what is in them, and what the shop told of them."""

from django.db import models
from django.db.models import Q

from holdord.history.rows import QuickRows
from holdord.orders.rules import CancelledBy, EventKind, OrderState


class Order(models.Model):
    """An order of a shop. `number` is the shop's own, once in an inbox; the customer is whose identity it is. `promise`
    is the delivery that runs, or ran last.
    """

    inbox = models.ForeignKey("people.Inbox", on_delete=models.PROTECT, related_name="orders", db_index=False)
    number = models.CharField(max_length=60)
    identity = models.ForeignKey("people.Identity", on_delete=models.PROTECT, related_name="orders")
    conversation = models.OneToOneField("conversations.Conversation", on_delete=models.CASCADE, related_name="order")
    promise = models.ForeignKey("promises.Promise", on_delete=models.CASCADE, related_name="orders")
    placed_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=[(state.value, state.value) for state in OrderState], default=OrderState.PLACED.value
    )

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbox", "number"], name="order_number_once"),
            models.CheckConstraint(name="order_state_known", condition=Q(state__in=[s.value for s in OrderState])),
        ]


class Article(models.Model):
    """One line of an order; `price` is for one piece."""

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="articles")
    sku = models.CharField(max_length=60)
    name = models.CharField(max_length=200, blank=True)
    quantity = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="article_has_a_quantity", condition=Q(quantity__gt=0))]


class OrderEvent(models.Model):
    """One thing the shop told of an order, under an id of its own: told twice, it happens once.

    `at` is when it happened by the shop's clock, `heard_at` when we heard. `state` and `due_at` are what the order and
    its promise became by it, so that the same question gets the same answer.
    """

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="events", db_index=False)
    key = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in EventKind])
    at = models.DateTimeField()
    heard_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=8, blank=True, choices=[(who.value, who.value) for who in CancelledBy])
    body_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "key"], name="order_event_once"),
            models.CheckConstraint(
                name="order_event_kind_known", condition=Q(kind__in=[kind.value for kind in EventKind])
            ),
            models.CheckConstraint(name="order_event_cancelled_by_somebody", condition=Q(kind="cancelled") | Q(by="")),
            models.CheckConstraint(
                name="order_event_has_its_reason",
                condition=~Q(reason="") | ~(Q(kind="delayed") | Q(kind="cancelled", by="shop")),
            ),
        ]


class UploadKind(models.TextChoices):
    """What a table holds."""

    ORDERS = "orders"
    PLACES = "places"


class UploadState(models.TextChoices):
    """Where an upload stands. looking: a dry run is under way. looked: it is done, and nothing was written. doing: line
    by line. stopped: somebody interrupted it; it goes on after the last line.
    """

    LOOKING = "looking"
    LOOKED = "looked"
    DOING = "doing"
    STOPPED = "stopped"
    DONE = "done"


class Upload(models.Model):
    """A table of orders or of places that somebody uploaded. `done_until` is the line up to which it is done."""

    kind = models.CharField(max_length=8, choices=UploadKind)
    inbox = models.ForeignKey("people.Inbox", null=True, on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=200)
    content = models.TextField()
    by = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=UploadState, default=UploadState.LOOKING)
    lines = models.PositiveIntegerField(default=0)
    done_until = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="upload_state_known", condition=Q(state__in=UploadState.values)),
            models.CheckConstraint(
                name="upload_of_orders_has_its_inbox", condition=~Q(kind="orders") | Q(inbox__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=["looking", "doing"]), name="upload_under_way"),
        ]


class UploadLine(models.Model):
    """What one line of an upload would do, or did, or what is wrong with it: a key, for readers of five languages."""

    upload = models.ForeignKey("orders.Upload", on_delete=models.CASCADE, related_name="results", db_index=False)
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=20)
    is_wrong = models.BooleanField()
    column = models.CharField(max_length=40, blank=True)
    said = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="upload_line_once")]
