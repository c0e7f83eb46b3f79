"""Pools: what promises draw on, filled by a planner's program."""

from typing import Annotated

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from ninja import Path, Router, Status

from holdord.api.access import TokenRequest, TokenWith
from holdord.api.fields import Slug
from holdord.api.problems import Problem, not_there, unreadable
from holdord.api.refusing import refused_as_problems
from holdord.api.rows import pool_out
from holdord.api.schemas import PlaceIn, PlacesIn, PlacesOut, PoolIn, PoolOut, refusals
from holdord.kernel import clock
from holdord.kernel.working_time import Calendar
from holdord.people.models import ApiToken, Inbox
from holdord.promises import actions
from holdord.promises.models import Pool
from holdord.promises.queries import calendar_of_pool, slot_of_day
from holdord.promises.rules import Kind, PoolKind, Slot

router = Router(tags=["pools"])


@router.get("/pools", auth=TokenWith("pools:read"), response={200: list[PoolOut], **refusals()})
def pools(request: TokenRequest) -> list[PoolOut]:
    """The counted pools: the team's own, and everybody's."""
    return [pool_out(pool) for pool in _seen_by(request.auth).order_by("key")]


@router.post("/pools", auth=TokenWith("pools:write"), response={201: PoolOut, **refusals(409)})
def add(request: TokenRequest, told: PoolIn) -> Status[PoolOut]:
    """A new pool. A token for one inbox makes its team's own; one for every inbox makes everybody's."""
    inbox = request.auth.inbox
    with refused_as_problems(inbox or Inbox(), date_field="places"):
        pool = actions.add_pool(
            key=told.key,
            name=told.name,
            kind=PoolKind(told.kind.value),
            serves=Kind(told.serves.value),
            team=inbox.team if inbox else None,
        )
    return Status(201, pool_out(pool))


@router.put("/pools/{key}/places", auth=TokenWith("pools:write"), response={200: PlacesOut, **refusals(503)})
def set_places(
    request: TokenRequest, key: Annotated[Slug, Path(description="The pool's key.")], told: PlacesIn
) -> dict[str, int]:
    """Set how many places a pool has. Promises that no longer fit are found within a minute, and shown to people."""
    pool = _seen_by(request.auth).filter(key=key).first()
    if pool is None:
        raise not_there()
    if request.auth.inbox_id and pool.team_id is None:
        raise Problem(403, "forbidden", _("This pool is everybody’s: it takes a token for every inbox."))
    calendar = calendar_of_pool(pool)
    if calendar is None:
        raise not_there()
    slots = [_slot(place, number, pool, calendar) for number, place in enumerate(told.places)]
    _refuse_twice(slots)
    with refused_as_problems(Inbox(), date_field="places"):
        changed = actions.set_places(
            pool, slots, now=clock.now(), by=request.auth.created_by, all_of_them=told.all_of_them
        )
    return {"changed": changed}


def _slot(place: PlaceIn, number: int, pool: Pool, calendar: Calendar) -> Slot:
    field = f"places.{number}"
    if place.date is not None and place.starts_at is None and place.ends_at is None:
        if pool.kind == PoolKind.SLOTS:
            raise unreadable(field, _("A pool of slots needs the times: starts_at and ends_at."))
        return slot_of_day(place.date, place.places, calendar)
    if place.date is not None or place.starts_at is None or place.ends_at is None:
        raise unreadable(field, _("Either a date, or starts_at and ends_at."))
    if place.ends_at <= place.starts_at:
        raise unreadable(f"{field}.ends_at", _("This ends before it begins."))
    return Slot(place.starts_at, place.ends_at, place.places)


def _refuse_twice(slots: list[Slot]) -> None:
    seen = set()
    for number, slot in enumerate(slots):
        if slot.starts_at in seen:
            raise unreadable(f"places.{number}", _("This span stands twice in the list."))
        seen.add(slot.starts_at)


def _seen_by(token: ApiToken) -> QuerySet[Pool]:
    counted = Pool.objects.exclude(kind=PoolKind.MINUTES).select_related("team")
    if token.inbox is None:
        return counted
    return counted.filter(Q(team=token.inbox.team_id) | Q(team__isnull=True))
