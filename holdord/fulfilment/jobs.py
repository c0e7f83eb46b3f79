"""What runs by the clock: deeds are tried."""

import logging
from datetime import datetime
from functools import partial

from holdord.fulfilment import actions, calling
from holdord.fulfilment.actions.trying import Claimed
from holdord.fulfilment.models import Erasure
from holdord.fulfilment.rules import Outcome, Told
from holdord.kernel import clock
from holdord.kernel.one_by_one import one_by_one

log = logging.getLogger(__name__)


def carry_out_next(*, now: datetime | None = None) -> bool:
    """Try the next deed whose time has come; False if there is none. No transaction is open during the call.

    Who dies between the call and its record leaves a deed that may have arrived: the next asks what became of it first,
    and asks for it again only if the other side never heard of it.
    """
    claimed = actions.claim_next(now=now or clock.now())
    if claimed is None:
        return False
    said = _ask(claimed, now=now or clock.now())
    actions.told(claimed.deed, said, looked_first=claimed.look_first, now=now or clock.now())
    return True


def _ask(claimed: Claimed, *, now: datetime) -> Told:
    if claimed.executor is None or not claimed.executor.url:
        return Told(Outcome.WRONG, "no_executor")
    if claimed.look_first:
        said = calling.look_up(claimed.deed, claimed.executor, now=now)
        if said.outcome is not Outcome.ABSENT:
            return said
    return calling.carry_out(claimed.deed, claimed.executor, now=now)


def destroy_erased(*, now: datetime | None = None) -> int:
    """Destroy what was erased long enough ago; how many erasures."""
    now = now or clock.now()
    due = Erasure.objects.filter(undone_at__isnull=True, destroyed_at__isnull=True, destroy_at__lte=now)
    destroy = partial(actions.destroy, now=now)
    return sum(one_by_one(due.order_by("destroy_at")[:20], destroy, log=log, trouble="Erasure %s could not be ended"))
