"""What runs by the clock."""

from datetime import datetime, timedelta

from holdord.api.models import GivenOnce
from holdord.kernel import clock

KEPT_FOR = timedelta(days=7)
"""How long an `Idempotency-Key` is known again."""


def forget_keys(*, now: datetime | None = None) -> int:
    """Forget the keys nobody will ask with again; how many."""
    now = now or clock.now()
    return GivenOnce.objects.filter(at__lt=now - KEPT_FOR).delete()[0]
