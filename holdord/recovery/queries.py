"""Reading recoveries."""

from collections.abc import Iterable

from holdord.recovery.models import Recovery


def recoveries_of(promise_ids: Iterable[int]) -> dict[int, Recovery]:
    """By broken promise, its recovery with its owner."""
    rows = Recovery.objects.filter(promise__in=list(promise_ids)).select_related("owner")
    return {row.promise_id: row for row in rows}
