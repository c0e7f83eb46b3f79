"""What runs by the clock: looks at promises that are due a look, at pools that changed, at tellings under way.

The cost of the clock grows with what is due, not with what is open: one look-up in a partial index sorted by the next
look.
"""

import logging
import time
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db.models import F, Q

from holdord.kernel import clock
from holdord.kernel.one_by_one import one_by_one
from holdord.promises import actions
from holdord.promises.models import Pool, Promise, Telling

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


CHECK_AGAIN = timedelta(seconds=45)
"""A pool that did not change is looked at all the same after this: unused capacity lapses, people fall ill."""


def check_pools(*, now: datetime | None = None) -> int:
    """Find the promises that no longer fit into their pools; how many are new. Each pool once it changed, and within a
    minute in any case.
    """
    now = now or clock.now()
    long_ago = Q(checked_at__isnull=True) | Q(checked_at__lt=now - CHECK_AGAIN) | Q(checked_at__gt=now)
    to_check = Pool.objects.filter(long_ago | ~Q(checked_version=F("version"))).order_by("pk")
    check = partial(actions.check_pool, now=now)
    return sum(one_by_one(to_check, check, log=log, trouble="The pool %s could not be checked"))


TELL_FOR = 0.4
"""Seconds that one round of telling takes at most: the other jobs of the worker wait."""


def tell_late(*, now: datetime | None = None) -> int:
    """Go on telling customers that what they were promised will be late; how many were told. It pauses while the outbox
    is full, so that a reply never waits behind thousands of letters.
    """
    now, told, until = now or clock.now(), 0, time.monotonic() + TELL_FOR
    for telling in Telling.objects.filter(ended_at__isnull=True).select_related("by").order_by("pk"):
        while time.monotonic() < until and not actions.outbox_is_full(most=settings.TELLING_AT_ONCE):
            try:
                if not actions.tell_next(telling, now=now):
                    break
                told += 1
            except actions.CouldNotTell as fault:
                log.exception("Telling %s could not tell %s", telling.pk, fault.row_id)
                actions.put_back(fault.row_id, now=now)
            except Exception:  # tried again in the next round; the other tellings go on
                log.exception("Telling %s stumbled", telling.pk)
                break
    return told


HOLD_DRAFTS = timedelta(minutes=30)
"""How long a promise in an unsent reply holds its capacity."""


def drop_old_drafts(*, now: datetime | None = None) -> int:
    """Give back what promises in replies hold that were never sent; how many."""
    now = now or clock.now()
    old = Promise.objects.drafts().filter(given_at__lt=now - HOLD_DRAFTS)
    never_sent = old.filter(Q(origin__isnull=True) | Q(origin__outgoing__state__in=["failed", "undone"]))
    drop = partial(actions.drop_draft, reason="not_sent")
    return sum(one_by_one(never_sent[:500], drop, log=log, trouble="The draft %s could not be dropped"))
