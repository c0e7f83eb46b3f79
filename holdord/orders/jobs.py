"""What runs by the clock: uploads that are too large to be done while somebody waits."""

from datetime import datetime

from holdord.kernel import clock
from holdord.orders import uploads
from holdord.orders.models import Upload, UploadState

GO_ON_FOR = 0.4
"""Seconds that one round takes at most: the other jobs of the worker wait."""


def go_on(*, now: datetime | None = None) -> int:
    """Go on with the oldest upload under way; how many are."""
    under_way = Upload.objects.filter(state__in=[UploadState.LOOKING, UploadState.DOING]).select_related("inbox", "by")
    waiting = list(under_way.order_by("pk")[:10])
    if waiting:
        uploads.go_on(waiting[0], now=now or clock.now(), seconds=GO_ON_FOR)
    return len(waiting)
