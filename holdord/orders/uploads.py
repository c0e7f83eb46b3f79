"""Uploaded tables: looked at first, then done line by line; interrupted, they go on after the last line."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from holdord.orders import actions
from holdord.orders.looking import Looking, look_at_places
from holdord.orders.models import Upload, UploadKind, UploadLine, UploadState
from holdord.orders.queries import order_of
from holdord.orders.rules import Placement
from holdord.orders.tables import OrderItem, PlaceItem, Result, orders_in, places_in
from holdord.people.models import Agent, Inbox
from holdord.people.queries import calendar_of, team_ids
from holdord.promises import actions as promises
from holdord.promises.models import Pool
from holdord.promises.rules import PoolKind, Slot

AT_ONCE = 200
"""Results written in one go."""


def pools_for(agent: Agent) -> dict[str, Pool]:
    """The pools whose places this agent may set, by key: their teams', and everybody's."""
    counted = Pool.objects.exclude(kind=PoolKind.MINUTES.value)
    own = Q(team__isnull=True) | Q(team__in=team_ids(agent))
    return {pool.key: pool for pool in (counted if agent.is_administrator else counted.filter(own))}


SMALL = 2_000
"""Lines that are looked at while somebody waits; larger tables are the worker's."""


def take(*, kind: UploadKind, inbox: Inbox | None, name: str, text: str, by: Agent, now: datetime) -> Upload:
    """Keep a table and look at it; a large one is looked at by and by. Raises NotATable."""
    upload = Upload(kind=kind.value, inbox=inbox, name=name[:200], content=text, by=by, at=now)
    results, upload.lines = _look_at_once(upload, now=now)
    if results is not None:
        upload.state, upload.done_until = UploadState.LOOKED.value, 0
    with transaction.atomic():
        upload.save()
        _write(upload, results or [])
    return upload


def _look_at_once(upload: Upload, *, now: datetime) -> tuple[list[Result] | None, int]:
    if upload.inbox is None:
        found = places_in(upload.content, zone=upload.by.time_zone)
        results = [result for result, _ in look_at_places(found, pools_for(upload.by))]
        return sorted(results, key=lambda result: result.line), found[-1].line if found else 1
    items = orders_in(upload.content, zone=upload.inbox.time_zone)
    lines = items[-1].line if items else 1
    return (list(Looking(upload.inbox, now).results(items)) if len(items) <= SMALL else None), lines


def go_on(upload: Upload, *, now: datetime, seconds: float) -> None:
    """Go on with an upload for so long. Killed at any moment, it goes on after the last line that is done."""
    until = time.monotonic() + seconds
    if upload.kind == UploadKind.PLACES:
        _places(upload, now=now, until=until)
    elif upload.state == UploadState.LOOKING:
        _look(upload, now=now, until=until)
    elif upload.state == UploadState.DOING:
        _do(upload, now=now, until=until)


@transaction.atomic
def begin(upload: Upload) -> None:
    """Do what was looked at, or go on with what was stopped."""
    waiting = Upload.objects.filter(pk=upload.pk, state__in=[UploadState.LOOKED, UploadState.STOPPED])
    waiting.update(state=UploadState.DOING)
    upload.refresh_from_db()


def stop(upload: Upload) -> None:
    """Interrupt it after the line under way."""
    Upload.objects.filter(pk=upload.pk, state=UploadState.DOING).update(state=UploadState.STOPPED)


class _UnderWay(NamedTuple):
    results: Iterator[Result]
    began_at: datetime


_looking: dict[int, _UnderWay] = {}
"""Dry runs of this process. One that was cut off begins again: it writes nothing but its results."""


def _look(upload: Upload, *, now: datetime, until: float) -> None:
    assert upload.inbox is not None
    if upload.pk not in _looking:
        UploadLine.objects.filter(upload=upload).delete()
        items = orders_in(upload.content, zone=upload.inbox.time_zone)
        _looking[upload.pk] = _UnderWay(Looking(upload.inbox, now).results(items), now)
    while time.monotonic() < until:
        some = [each for _, each in zip(range(AT_ONCE), _looking[upload.pk].results, strict=False)]
        _write(upload, some)
        if len(some) < AT_ONCE:
            del _looking[upload.pk]
            Upload.objects.filter(pk=upload.pk, state=UploadState.LOOKING).update(
                state=UploadState.LOOKED, done_until=0
            )
            break
        Upload.objects.filter(pk=upload.pk).update(done_until=some[-1].line)
    upload.refresh_from_db()


def _do(upload: Upload, *, now: datetime, until: float) -> None:
    assert upload.inbox is not None
    items = orders_in(upload.content, zone=upload.inbox.time_zone)
    for item in items:
        if item.line <= upload.done_until:
            continue
        if time.monotonic() >= until:
            return
        with transaction.atomic():
            going = Upload.objects.filter(pk=upload.pk, state=UploadState.DOING, done_until=upload.done_until)
            if not going.update(done_until=item.line):
                return  # somebody stopped it, or another process is at it
            _write(upload, [do(item, upload.inbox, now=now)])
        upload.done_until = item.line
    Upload.objects.filter(pk=upload.pk, state=UploadState.DOING).update(state=UploadState.DONE, done_until=upload.lines)
    upload.refresh_from_db()


def do(item: OrderItem, inbox: Inbox, *, now: datetime) -> Result:
    """Do what one item of a table says; what came of it."""
    if item.fault is not None:
        return item.fault
    try:
        with transaction.atomic():
            return _done(item, inbox, now=now)
    except promises.NoCapacity as full:
        day = calendar_of(inbox).local(full.earliest.due_at).date().isoformat() if full.earliest else ""
        return Result(item.line, "full" if day else "never", True, _date_column(item), day)
    except actions.SaysTooLittle as refusal:
        return Result(item.line, "missing", True, refusal.fields[0])
    except actions.NotPossible as refusal:
        return Result(item.line, "not_possible", True, "kind", refusal.state)
    except tuple(_REFUSED) as refusal:
        outcome, column = _REFUSED[type(refusal)]
        return Result(item.line, outcome, True, column or _date_column(item))


def _done(item: OrderItem, inbox: Inbox, *, now: datetime) -> Result:
    if isinstance(item.told, Placement):
        receipt = actions.place(inbox, item.told, now=now)
        due_at = receipt.event.due_at
        day = calendar_of(inbox).local(due_at).date().isoformat() if due_at else ""
        return Result(item.line, "place" if receipt.is_new else "known", said=day)
    assert item.told is not None
    order = order_of(inbox, item.number)
    if order is None:
        return Result(item.line, "no_order", True, "number", item.number)
    receipt = actions.happen(order, item.told, now=now)
    return Result(item.line, item.told.kind.value if receipt.is_new else "known")


_REFUSED: dict[type[Exception], tuple[str, str]] = {
    actions.SaidOtherwise: ("otherwise", "number"),
    actions.InTheFuture: ("future", "at"),
    actions.NoDate: ("no_date", "promised_on"),
    actions.NotLater: ("not_later", "new_date"),
    promises.NoTime: ("over", ""),
    promises.AlreadySettled: ("not_possible", "kind"),
    promises.PoolIsBusy: ("busy", "number"),
}


def _date_column(item: OrderItem) -> str:
    return "promised_on" if isinstance(item.told, Placement) else "new_date"


Line = tuple[PlaceItem, Result, Slot | None]
"""A line of a table of places, what it would do, and the places it means."""

_placing: dict[int, list[Line]] = {}
"""Tables of places under way in this process, in the order in which they are done."""

PORTION = 500
"""Places set in one transaction: others wait to write."""


def _places(upload: Upload, *, now: datetime, until: float) -> None:
    pools = pools_for(upload.by)
    if upload.pk not in _placing:
        _placing[upload.pk] = in_order(places_in(upload.content, zone=upload.by.time_zone), pools)
    lines = _placing[upload.pk]
    while upload.state == UploadState.DOING:
        some = lines[upload.done_until : upload.done_until + PORTION]
        with transaction.atomic():
            going = Upload.objects.filter(pk=upload.pk, state=UploadState.DOING, done_until=upload.done_until)
            if some and going.update(done_until=upload.done_until + len(some)):
                _write(upload, place(some, pools, now=now, by=upload.by))
            elif not some:
                going.update(state=UploadState.DONE, done_until=upload.lines)
        upload.refresh_from_db()
        if time.monotonic() >= until:
            break  # after one portion at least
    if upload.state != UploadState.DOING:
        _placing.pop(upload.pk, None)


def in_order(items: list[PlaceItem], pools: dict[str, Pool]) -> list[Line]:
    """The lines of a table of places: pool by pool, the earliest first, so that no place ever overlaps one that is
    still to be moved away. The same order each time, however much is done already: `done_until` counts in it.
    """
    by_line = {result.line: (result, slot) for result, slot in look_at_places(items, pools)}
    ordered = sorted(items, key=lambda item: (item.pool, _begins(item), item.line))
    return [(item, *by_line[item.line]) for item in ordered]


def _begins(item: PlaceItem) -> float:
    if item.starts_at is not None:
        return item.starts_at.timestamp()
    return datetime.combine(item.on, datetime.min.time(), UTC).timestamp() if item.on else 0.0


def place(lines: list[Line], pools: dict[str, Pool], *, now: datetime, by: Agent | None) -> list[Result]:
    """Set these places; what came of each. A span that turns out to overlap another is left out."""
    try:
        with transaction.atomic():
            _set_places(lines, pools, now=now, by=by)
    except promises.SlotsOverlap:
        if len(lines) == 1:
            return [Result(lines[0][0].line, "overlap", True, "starts_at")]
        return [result for line in lines for result in place([line], pools, now=now, by=by)]
    return [result for _, result, _ in lines]


def _set_places(lines: list[Line], pools: dict[str, Pool], *, now: datetime, by: Agent | None) -> None:
    by_pool: dict[str, list[Slot]] = {}
    for item, _, slot in lines:
        if slot is not None:
            by_pool.setdefault(item.pool, []).append(slot)
    for key, slots in sorted(by_pool.items()):
        promises.set_places(pools[key], slots, now=now, by=by)


def _write(upload: Upload, results: list[Result]) -> None:
    UploadLine.objects.bulk_create(
        [
            UploadLine(
                upload=upload,
                number=each.line,
                outcome=each.outcome,
                is_wrong=each.is_wrong,
                column=each.column,
                said=each.said,
            )
            for each in results
        ],
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["upload", "number"],
        update_fields=["outcome", "is_wrong", "column", "said"],
    )
