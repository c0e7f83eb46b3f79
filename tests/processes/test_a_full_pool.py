"""One pool, many who promise from it at once: eight processes with four threads each (decisions.md 9)."""

import collections
import json
import subprocess
import sys

import pytest

from tests.support.server import Server

pytestmark = pytest.mark.processes

PROCESSES, THREADS, ATTEMPTS, PLACES = 8, 4, 1000, 400

_PREPARE = """
import json
from datetime import datetime, timedelta
from holdord.conversations.models import Channel
from holdord.conversations import actions as conversations
from holdord.conversations.rules import Incoming
from holdord.kernel import clock
from holdord.people.models import Inbox
from holdord.promises import actions
from holdord.promises.rules import Kind, PoolKind, Slot
pool = actions.add_pool(key="parcels", name="Parcels", kind=PoolKind.FLOW, serves=Kind.DELIVERY)
today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
days = [today + timedelta(days=day) for day in range(1, 10)]
places = [{places}] + [100] * 8
slots = [Slot(day, day + timedelta(hours=20), number) for day, number in zip(days, places)]
actions.set_places(pool, slots, now=clock.now())
inbox = Inbox.objects.get()
numbers = []
for number in range(32):
    message = conversations.receive(Incoming(
        inbox=inbox, channel=Channel.EMAIL, address_kind="email", address=f"k{{number}}@post.example", name="K",
        at=clock.now(), written_at=None, subject="Gave", text="Gave", reply_text="Gave", html="", message_id=f"m{{number}}@x",
        body_hash="a" * 64), now=clock.now())
    numbers.append(message.conversation_id)
print(json.dumps({{"pool": pool.pk, "day": slots[0].ends_at.isoformat(), "conversations": numbers}}))
"""

_PROMISE = """
import collections, json, threading
from datetime import datetime
from django.db import connection, transaction
from holdord.conversations.models import Conversation
from holdord.kernel import clock
from holdord.kernel.moments import Precision
from holdord.promises import actions
from holdord.promises.rules import Kind, Source, Terms
day = datetime.fromisoformat("{day}")
outcome, faults = collections.Counter(), []

def promise(thread, attempts):
    try:
        conversation = Conversation.objects.select_related("inbox").get(pk=thread)
        for _ in range(attempts):
            terms = Terms(kind=Kind.DELIVERY, what="Gave", due_at=day, places=(({pool}, 1),))
            try:
                with transaction.atomic():
                    actions.give(conversation, terms, actions.Given(source=Source.FEED), now=clock.now())
                outcome["promised"] += 1
            except actions.NoCapacity as full:
                later = full.earliest is not None and full.earliest.due_at > day
                outcome["honest" if later else "no date"] += 1
    except Exception as fault:
        faults.append(repr(fault))
    finally:
        connection.close()

threads = [threading.Thread(target=promise, args=(pk, n)) for pk, n in {work}]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(json.dumps([outcome, faults]))
"""


def test_400_places_are_promised_400_times_whoever_asks_at_once(server: Server) -> None:

    made = json.loads(server.python(_PREPARE.format(places=PLACES)))
    share = [ATTEMPTS // (PROCESSES * THREADS)] * (PROCESSES * THREADS)
    share[0] += ATTEMPTS - sum(share)
    running = []
    for number in range(PROCESSES):
        mine = slice(number * THREADS, (number + 1) * THREADS)
        work = list(zip(made["conversations"][mine], share[mine], strict=True))
        code = "import django; django.setup()\n" + _PROMISE.format(pool=made["pool"], day=made["day"], work=work)
        running.append(subprocess.Popen([sys.executable, "-c", code], env=server.environment, stdout=subprocess.PIPE))
    outcome: collections.Counter[str] = collections.Counter()
    for process in running:
        printed, _ = process.communicate(timeout=240)
        found, faults = json.loads(printed)
        assert faults == []
        outcome.update(found)
    assert outcome == {"promised": PLACES, "honest": ATTEMPTS - PLACES}
    counted = server.python(
        "from django.db.models import Sum\n"
        "from holdord.promises.models import Promise, PromisedWork, PromisedDay, Reservation\n"
        "print(Promise.objects.filter(kind='delivery').count(), Reservation.objects.count(),"
        " *(model.objects.filter(pool__kind='flow').aggregate(n=Sum('amount'))['n'] for model in (PromisedWork, PromisedDay)))"
    )
    assert counted.split() == [str(PLACES)] * 4
