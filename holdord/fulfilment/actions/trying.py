"""A deed is tried: one worker at a time has it, and who dies at it loses nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from holdord.fulfilment.models import Deed, Executor
from holdord.fulfilment.queries import executor_of
from holdord.fulfilment.rules import DeedState, Direction, Way

_AT_ONCE = 5


@dataclass(frozen=True)
class Claimed:
    """A deed that the caller alone may try for now. `look_first` says that it may have been asked for before."""

    deed: Deed
    executor: Executor | None
    look_first: bool


@transaction.atomic
def claim_next(*, now: datetime) -> Claimed | None:
    """The next deed whose time has come. The claim ends by itself, longer after than any call lasts."""
    waiting = Deed.objects.filter(state=DeedState.WAITING.value, way=Way.WEBHOOK.value, next_at__lte=now)
    # What is taken back must have been done first.
    done = Q(request__deeds__direction=Direction.DO.value, request__deeds__state=DeedState.DONE.value)
    ready = waiting.filter(Q(direction=Direction.DO.value) | done)
    for pk, may_have_arrived in ready.order_by("next_at").values_list("pk", "may_have_arrived")[:_AT_ONCE]:
        until = now + timedelta(seconds=3 * settings.DEED_SECONDS + 10)
        mine = Deed.objects.filter(
            pk=pk, state=DeedState.WAITING.value, next_at__lte=now, may_have_arrived=may_have_arrived
        )
        if mine.update(next_at=until, may_have_arrived=True, tries=F("tries") + 1):
            deed = Deed.objects.select_related("request__conversation__inbox", "request__conversation__customer").get(
                pk=pk
            )
            executor = executor_of(deed.request.conversation.inbox, deed.request.kind)
            return Claimed(deed, executor, may_have_arrived)
    return None


@transaction.atomic
def try_again(deed: Deed, *, now: datetime) -> bool:
    """A person lets the system try once more what fell to people; False if it is settled, or no system does it."""
    by_hand = Deed.objects.filter(pk=deed.pk, state=DeedState.BY_HAND.value, way=Way.WEBHOOK.value)
    return bool(by_hand.update(state=DeedState.WAITING.value, next_at=now, begun_at=now, tries=0))
