"""What the demo's desk can promise, and what it promised before its visitor came in: calls, visits, and the gifts of
the second story, whose warehouse got smaller.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holdord.conversations.models import Conversation
from holdord.kernel import clock
from holdord.orders.actions import place
from holdord.orders.rules import Line, Placement
from holdord.people.models import Agent, Inbox
from holdord.people.queries import calendar_of
from holdord.promises import actions
from holdord.promises.models import Pool
from holdord.promises.queries import usual_terms
from holdord.promises.rules import Kind, PoolKind, Slot, Terms, usual_precision

ZONE = ZoneInfo("Europe/Copenhagen")

GIFTS = [
    ("Sofie Dahl", "sofie.dahl@post.example", "da"),
    ("Noah Schmidt", "noah.schmidt@post.example", "de"),
    ("Emma Lindqvist", "emma.lindqvist@post.example", "sv"),
    ("Keira O’Brien", "keira.obrien@post.example", "en"),
    ("Lars Møller", "lars.moller@post.example", "da"),
    ("Marit Haugen", "marit.haugen@post.example", "nb"),
    ("Tom Baker", "tom.baker@post.example", "en"),
    ("Freja Holst", "freja.holst@post.example", "da"),
    ("Jan Krüger", "jan.kruger@post.example", "de"),
]
"""Who bought a present at Skoby; the last three are those whose parcels no longer fit."""


def open_pools(now: datetime) -> None:
    """Call-backs of an hour each for every team, two technicians, and six parcels a day, for four weeks."""
    inbox = Inbox.objects.order_by("pk")[0]
    days = list(_working_days(inbox, now))
    calls = actions.add_pool(key="calls", name="Opkald", kind=PoolKind.SLOTS, serves=Kind.CALLBACK)
    hours = [(9, 10), (10, 11), (11, 12), (13, 14), (14, 15), (15, 16), (16, 17)]
    actions.set_places(calls, [_slot(day, *span, places=2) for day in days for span in hours], now=now)
    visits = actions.add_pool(key="visits", name="Teknikerbesøg", kind=PoolKind.SLOTS, serves=Kind.VISIT)
    actions.set_places(visits, [_slot(day, *span, places=1) for day in days for span in ((8, 12), (12, 16))], now=now)
    parcels = actions.add_pool(key="parcels", name="Pakker om dagen", kind=PoolKind.FLOW, serves=Kind.DELIVERY)
    actions.set_places(parcels, [_slot(day, 8, 16, places=6) for day in days], now=now)


def _working_days(inbox: Inbox, now: datetime) -> Iterator[date]:
    calendar, first = calendar_of(inbox), now.astimezone(ZONE).date() - timedelta(days=8)
    return (day for day in (first + timedelta(days=offset) for offset in range(40)) if calendar.spans_on(day))


def _slot(day: date, starts: int, ends: int, *, places: int) -> Slot:
    return Slot(datetime.combine(day, time(starts), ZONE), datetime.combine(day, time(ends), ZONE), places)


def promise_by_phone(conversation: Conversation, agent: Agent, *, kind: Kind, what: str, due_at: datetime) -> None:
    """An agent promises something on the phone, whether or not there is room: leads do, with a reason."""
    terms = usual_terms(conversation, kind, what=what, precision=usual_precision(kind)).at(due_at, None)
    without_places = Terms(kind=kind, what=what, due_at=due_at, precision=terms.precision, work=timedelta())
    actions.promise_by_phone(conversation, without_places, by=agent, confirm=False, now=clock.now())


def sell_gifts() -> None:
    """Nine presents are promised for the next working day but one; then a third of the packers falls ill."""
    now, inbox = clock.now(), Inbox.objects.get(address="hello@skoby.example")
    parcels = Pool.objects.get(key="parcels")
    today = now.astimezone(ZONE).date()
    coming = [day for day in _working_days(inbox, now) if day > today][:2]
    room = [_slot(day, 8, 16, places=4 + index) for index, day in enumerate(coming)]
    actions.set_places(parcels, [_slot(today, 8, 16, places=0), *room], now=now)  # today's are packed already
    for number, (name, address, language) in enumerate(GIFTS, start=4711):
        gift = Placement(
            number=str(number),
            email=address,
            name=name,
            language=language,
            lines=(Line("gift", 1),),
            promised_on=coming[-1],
        )
        place(inbox, gift, now=now)
        now += timedelta(seconds=30)
    actions.set_places(parcels, [_slot(day, 8, 16, places=3) for day in coming], now=now)
