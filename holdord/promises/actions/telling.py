"""Many customers are told at once that what they were promised will be late: one letter to each, once."""

from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import Q

from holdord.conversations.models import Outgoing
from holdord.history.actions import announce
from holdord.people.models import Agent
from holdord.promises.actions.giving import NoCapacity
from holdord.promises.actions.holding import held_promise
from holdord.promises.actions.moving import new_time, tell_of_delay, write_move
from holdord.promises.events import TellingBegun
from holdord.promises.models import Pool, Promise, Telling, ToTell
from holdord.promises.rules import RUNNING, Choice


class NobodyToTell(Exception):
    """Every promise of the pool fits."""


@transaction.atomic
def begin_telling(pool: Pool, *, reason: str, choices: list[Choice], by: Agent, now: datetime) -> Telling:
    """Let everybody whose promise no longer fits into a pool be told, with the reason and what they can choose instead.

    Who they are is settled here; whoever no longer fits later is told by another telling. Raises NobodyToTell.
    """
    taken = ToTell.objects.filter(done_at__isnull=True).values("promise")
    late = Promise.objects.unfit().filter(unfit_in=pool).exclude(pk__in=taken).order_by("given_at", "pk")
    telling = Telling.objects.create(
        pool=pool, reason=reason[:300], choices=[choice.value for choice in choices], by=by, begun_at=now
    )
    rows = [ToTell(telling=telling, promise_id=pk) for pk in late.values_list("pk", flat=True)]
    if not rows:
        raise NobodyToTell
    ToTell.objects.bulk_create(rows, batch_size=500)
    announce(TellingBegun(at=now, by_id=by.pk, telling_id=telling.pk, pool_id=pool.pk, promises=len(rows)))
    return telling


class CouldNotTell(Exception):
    """Telling one customer failed; nothing of it happened. `row_id` is the customer's place in the telling."""

    def __init__(self, row_id: int) -> None:
        super().__init__(str(row_id))
        self.row_id = row_id


@transaction.atomic
def tell_next(telling: Telling, *, now: datetime) -> bool:
    """Tell the next customer; False when nobody waits at this moment.

    In one transaction the promise gets its new time, the letter is in the outbox and the row is done: killed at any
    moment, this goes on with whoever comes next, and nobody is told twice. Raises CouldNotTell.
    """
    waiting = telling.customers.filter(done_at__isnull=True)
    ready = waiting.filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)).order_by("pk")
    row = ready.select_for_update(skip_locked=True).first() if _can_lock() else ready.first()
    if row is None:
        if not waiting.exists():
            Telling.objects.filter(pk=telling.pk, ended_at__isnull=True).update(ended_at=now)
        return False
    try:
        outcome = _tell(held_promise(row.promise_id), telling, now=now)
    except OperationalError:
        raise  # the database's trouble, not this customer's
    except Exception as fault:
        raise CouldNotTell(row.pk) from fault
    ToTell.objects.filter(pk=row.pk, done_at__isnull=True).update(done_at=now, outcome=outcome)
    return True


TRIES = 5
"""How often it is tried to tell one customer: at once, and after one, two, four and eight minutes."""


@transaction.atomic
def put_back(row_id: int, *, now: datetime) -> None:
    """A customer could not be told: tried again later, after the others; after the last time a person must do it."""
    row = ToTell.objects.get(pk=row_id)
    waiting, tries = ToTell.objects.filter(pk=row_id, done_at__isnull=True), row.tries + 1
    if tries >= TRIES:
        waiting.update(tries=tries, next_try_at=None, done_at=now, outcome="failed")
    else:
        waiting.update(tries=tries, next_try_at=now + timedelta(minutes=2**row.tries))


def _tell(promise: Promise, telling: Telling, *, now: datetime) -> str:
    if promise.state not in RUNNING or promise.unfit_in_id != telling.pool_id:
        return "not_late"
    choices = [Choice(choice) for choice in telling.choices]
    try:
        with transaction.atomic():
            time = new_time(promise, now=now)
    except NoCapacity:
        return "no_date"
    letter = tell_of_delay(promise, time, reason=telling.reason, choices=choices, now=now)
    write_move(promise, time, reason=telling.reason, by=telling.by, told_by=letter, choices=choices, now=now)
    return "told" if letter else "no_address"


def _can_lock() -> bool:
    return bool(connection.features.has_select_for_update_skip_locked)


def outbox_is_full(*, most: int) -> bool:
    """Whether as many letters wait as should: a customer's answer must never wait behind thousands."""
    return Outgoing.objects.queued()[:most].count() >= most
