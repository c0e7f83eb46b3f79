"""The clock: finds the promises that are due a look, and calls one action for each.

Its cost grows with what is due, not with what is open: one look-up in a partial index sorted by the next look.
"""

import logging
from datetime import datetime, timedelta

from holdord.kernel import clock
from holdord.promises import actions
from holdord.promises.models import Promise

log = logging.getLogger(__name__)

AFTER_TROUBLE = timedelta(minutes=1)
"""How far a promise that made the clock stumble is pushed, so that it doesn't block the others."""


def tick(*, now: datetime | None = None, most: int = 500) -> int:
    """Look at the promises whose time has come; returns how many. One that stumbles is tried again a minute later."""
    now = now or clock.now()
    due = list(Promise.objects.to_look_at(now).order_by("next_look_at")[:most])
    for promise in due:
        try:
            actions.look(promise, now=now)
        except Exception:
            log.exception("The clock could not look at promise %s", promise.pk)
            stumbled = Promise.objects.running().filter(pk=promise.pk, next_look_at__lte=now)
            stumbled.update(next_look_at=now + AFTER_TROUBLE)
    return len(due)
