"""Reading orders, and the day on which one can arrive."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.text import slugify

from holdord.kernel.moments import Precision
from holdord.orders.models import Order
from holdord.orders.rules import Line, quantities
from holdord.people.models import Inbox
from holdord.people.queries import calendar_of
from holdord.promises.models import Pool
from holdord.promises.queries import earliest_time, pools_for
from holdord.promises.queries.capacity import NOBODY_LEAVES, Leaving
from holdord.promises.rules import Kind, PoolKind
from holdord.promises.rules.terms import Terms, Time


def order_of(inbox: Inbox, number: str) -> Order | None:
    """The order of this number in an inbox."""
    found = Order.objects.select_related("inbox", "conversation__inbox", "promise__conversation__inbox", "identity")
    return found.filter(inbox=inbox, number=number).first()


def delivery_terms(team_id: int, lines: Sequence[Line], *, what: str = "", due_at: datetime | None = None) -> Terms:
    """What a delivery needs: one place with the parcels, and its pieces of every article that is counted."""
    wanted = quantities(lines)
    parcels = [(pool.pk, 1) for pool in pools_for(Kind.DELIVERY, team_id) if pool.kind == PoolKind.FLOW][:1]
    return Terms(
        kind=Kind.DELIVERY,
        what=what,
        due_at=due_at,
        precision=Precision.DAY,
        places=(*parcels, *_pieces(team_id, wanted)),
    )


def _pieces(team_id: int, wanted: Mapping[str, int]) -> list[tuple[int, int]]:
    amounts: dict[str, int] = {}
    for sku, quantity in wanted.items():
        amounts[slugify(sku)] = amounts.get(slugify(sku), 0) + quantity
    stocks = Pool.objects.filter(Q(team=team_id) | Q(team__isnull=True), kind=PoolKind.STOCK.value, key__in=amounts)
    return [(pk, amounts[key]) for pk, key in stocks.order_by("pk").values_list("pk", "key")]


def earliest_delivery(
    inbox: Inbox, lines: Sequence[Line], *, now: datetime, leaving: Leaving = NOBODY_LEAVES
) -> Time | None:
    """The first day on which these articles can arrive; None if none is known. Writes nothing."""
    terms = delivery_terms(inbox.team_id, lines)
    if not terms.places:
        return None
    return earliest_time(terms, now, team_id=inbox.team_id, calendar=calendar_of(inbox), now=now, leaving=leaving)
