"""What counted pools have to give: places by slot, pieces by arrival."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from django.db import IntegrityError, transaction

from holdord.history.actions import announce
from holdord.people.models import Agent, Team
from holdord.promises.actions.reserving import places_changed
from holdord.promises.events import PoolChanged
from holdord.promises.models import Place, Pool
from holdord.promises.rules import Kind, PoolKind, Slot


class PoolExists(Exception):
    """Another pool has this key."""


class SlotsOverlap(Exception):
    """Two slots of a pool overlap; `starts_at` is where the second begins."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(starts_at.isoformat())
        self.starts_at = starts_at


@transaction.atomic
def add_pool(*, key: str, name: str, kind: PoolKind, serves: Kind, team: Team | None = None) -> Pool:
    """A new counted pool. Raises PoolExists."""
    try:
        with transaction.atomic():
            return Pool.objects.create(key=key, name=name, kind=kind.value, serves=serves.value, team=team)
    except IntegrityError as error:
        raise PoolExists(key) from error


@transaction.atomic
def rename_pool(pool: Pool, *, name: str) -> None:
    """Call a pool something else. Its key stays: tables and programs know it by that."""
    Pool.objects.filter(pk=pool.pk).update(name=name.strip()[:120])


@transaction.atomic
def set_places(
    pool: Pool, slots: Sequence[Slot], *, now: datetime, by: Agent | None = None, all_of_them: bool = False
) -> int:
    """Give a pool these places: a slot that is known (by its beginning) gets the new number, another is added; with
    `all_of_them` those to come that are not named are closed (no places). How many slots changed.

    Whoever reserves at this moment must look again; promises that no longer fit are found by the next check. Raises
    SlotsOverlap.
    """
    known = {place.starts_at: place for place in Place.objects.filter(pool=pool)}
    named = {slot.starts_at: slot for slot in slots}
    changed = [known[at] for at, slot in named.items() if at in known and _differs(known[at], slot)]
    for place in changed:
        place.ends_at, place.places = named[place.starts_at].ends_at, named[place.starts_at].places
    closed = [p for p in known.values() if all_of_them and p.starts_at > now and p.starts_at not in named and p.places]
    for place in closed:
        place.places = 0
    new = [
        Place(pool=pool, starts_at=slot.starts_at, ends_at=slot.ends_at, places=slot.places)
        for at, slot in named.items()
        if at not in known
    ]
    _refuse_overlaps([*known.values(), *new])
    Place.objects.bulk_update([*changed, *closed], ["ends_at", "places"], batch_size=200)
    Place.objects.bulk_create(new, batch_size=500)
    touched = len(changed) + len(closed) + len(new)
    if touched:
        places_changed(pool.pk)
        announce(PoolChanged(at=now, by_id=by.pk if by else None, pool_id=pool.pk, places=touched))
    return touched


def _differs(place: Place, slot: Slot) -> bool:
    return (place.ends_at, place.places) != (slot.ends_at, slot.places)


def _refuse_overlaps(places: Sequence[Place]) -> None:
    for earlier, later in pairwise(sorted(places, key=lambda place: place.starts_at)):
        if later.starts_at < earlier.ends_at:
            raise SlotsOverlap(later.starts_at)
