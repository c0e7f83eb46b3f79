"""Story 2, gifts that would not come before Christmas: 10,000 orders against 9,000 parcels, which become 6,000.

Nobody is promised what can't be kept; the 3,000 who no longer fit, and only they, are told once, though the desk is
killed in the middle. They are counted at the mail server that took the letters.
"""

import collections
import json
import re
import time

import pytest

from tests.support.server import Server
from tests.support.sink import Sink

pytestmark = pytest.mark.processes

ORDERS, PLACES, LEFT = 10_000, 9_000, 6_000

UNKNOWN = 8
"""So many letters at most were under way when the desk was killed."""

_ORDER = """
import json
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo
from django.db import transaction
from holdord.conversations.models import Channel, Conversation, Status
from holdord.kernel import clock
from holdord.kernel.moments import Precision
from holdord.kernel.remembering import remembering
from holdord.people.actions import recognise
from holdord.people.models import Inbox
from holdord.promises import actions
from holdord.promises.rules import Kind, PoolKind, Slot, Source, Terms
inbox, now = Inbox.objects.get(), clock.now()
zone = ZoneInfo(inbox.time_zone)
first = now.astimezone(zone).date() + timedelta(days=10)
slot = lambda day, places: Slot(datetime.combine(day, time(6), zone), datetime.combine(day, time(20), zone), places)
pool = actions.add_pool(key="parcels", name="Parcels", kind=PoolKind.FLOW, serves=Kind.DELIVERY)
days = [slot(first, {places})] + [slot(first + timedelta(days=n), 1000) for n in range(1, 8)]
actions.set_places(pool, days, now=now)
christmas = datetime.combine(first, time(23, 59), zone)
later, promised = [], 0
for begins in range(0, {orders}, 20):
    with transaction.atomic(), remembering():
        for number in range(begins, begins + 20):
            identity = recognise(kind="email", address=f"k{{number}}@post.example", name="K", inbox=inbox, now=now)
            case = Conversation.objects.create(inbox=inbox, team_id=inbox.team_id, customer=identity.customer,
                subject=f"Order {{number}}", language=["da", "en"][number % 2], channel=Channel.FORM,
                status=Status.WAITING, opened_at=now, changed_at=now)
            case.participants.create(identity=identity, is_customer=True, joined_at=now)
            terms = Terms(kind=Kind.DELIVERY, what=f"Order {{number}}", due_at=christmas, precision=Precision.DAY,
                          places=((pool.pk, 1),))
            try:
                with transaction.atomic():
                    actions.give(case, terms, actions.Given(source=Source.FEED, awaits_people=False), now=clock.now())
                promised += 1
            except actions.NoCapacity as full:
                later.append(full.earliest.due_at > christmas)
print(json.dumps({{"promised": promised, "later": len(later), "honest": all(later)}}))
"""

_CUT = """
import json, time as stopwatch
from holdord.kernel import clock
from holdord.people.models import Agent
from holdord.promises import actions
from holdord.promises.models import Pool, Promise
from holdord.promises.rules import Choice, Slot
pool, now = Pool.objects.get(key="parcels"), clock.now()
first = pool.slots.order_by("starts_at").first()
actions.set_places(pool, [Slot(first.starts_at, first.ends_at, {left})], now=now)
begun = stopwatch.monotonic()
actions.check_pool(pool, now=now)
took = stopwatch.monotonic() - begun
late = list(Promise.objects.unfit().order_by("pk").values_list("conversation__participants__identity__address", flat=True))
reason = "Snow has closed the warehouse for two days."
actions.begin_telling(pool, reason=reason, choices=list(Choice), by=Agent.objects.first(), now=now)
print(json.dumps({{"late": late, "took": took}}))
"""

_STATE = """
import json
from django.db.models import Count
from holdord.conversations.models import Outgoing
from holdord.promises.models import Move, Promise, PromisedWork, ToTell
print(json.dumps({
    "waiting": ToTell.objects.filter(done_at__isnull=True).count(),
    "unsent": Outgoing.objects.filter(state__in=["queued", "sending"]).count(),
    "unknown": list(Outgoing.objects.filter(state="unknown").values_list("to", flat=True)),
    "moves": Move.objects.count(), "told": Move.objects.filter(told_at__isnull=False).count(),
    "unfit": Promise.objects.unfit().count(),
    "by_day": list(PromisedWork.objects.filter(pool__kind="flow").order_by("due_at").values_list("amount", flat=True)),
}))
"""


def test_ten_thousand_orders_and_each_who_is_late_is_told_once(make_server, sink: Sink) -> None:
    server: Server = make_server(smtp_port=sink.port, HOLDORD_TELLING_AT_ONCE="400")
    # Given 10,000 orders for a day with 9,000 places
    given = json.loads(server.python(_ORDER.format(orders=ORDERS, places=PLACES), seconds=600))
    # Then 9,000 are promised, and the others are told a later date that holds
    assert given == {"promised": PLACES, "later": ORDERS - PLACES, "honest": True}
    # When the warehouse can do 6,000
    cut = json.loads(server.python(_CUT.format(left=LEFT), seconds=120))
    late = set(cut["late"])
    print(f"{len(late)} no longer fit, found in {cut['took']:.1f} s")
    assert len(cut["late"]) == len(late) == PLACES - LEFT
    # And the desk tells them, and is killed twice in the middle
    begun = time.monotonic()
    server.start()
    for part in (0.3, 0.6):
        sink.wait_for(int(part * len(late)), seconds=240)
        server.kill()
        server.start()
    sink.wait_for(len(late) - UNKNOWN, seconds=300)
    state = _when_all_are_told(server)
    print(f"told in {time.monotonic() - begun:.0f} s, two restarts included")
    # Then the letters at the mail server are one for each of them, and for nobody else
    caught = collections.Counter(recipient for one in sink.caught for recipient in one.recipients)
    assert set(caught) <= late
    assert [address for address, number in caught.items() if number != 1] == []
    assert late - set(caught) <= set(state["unknown"])  # SMTP could not tell: a person decides, and is shown each
    assert len(state["unknown"]) <= UNKNOWN
    assert (state["moves"], state["unfit"]) == (len(late), 0)
    assert state["told"] >= len(late) - len(state["unknown"])
    # And each has a date that holds: a thousand a day, the first day first
    assert state["by_day"] == [LEFT, 1000, 1000, 1000]
    some = sink.caught[0].message.get_body(("plain",)).get_content()
    assert "Snow has closed the warehouse for two days." in some
    assert re.search(r"http://\S+/case/\S+", some)


def _when_all_are_told(server: Server, seconds: float = 300) -> dict:
    until = time.monotonic() + seconds
    while True:
        state = json.loads(server.python(_STATE))
        if not state["waiting"] and not state["unsent"]:
            return state
        assert time.monotonic() < until, f"{state['waiting']} wait, {state['unsent']} unsent: {server.log[-2000:]}"
        time.sleep(1)
