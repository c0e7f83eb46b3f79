"""What customers ask for is done once, though the desk is killed while it asks: before a call, during it, after it."""

import json
import random
import time
import urllib.request

import pytest

from holdord.stories.executors.starting import start
from tests.support.ports import free_port

pytestmark = pytest.mark.processes

ASKED = 30

_SET_UP = """
from holdord.fulfilment import actions, calling
from holdord.fulfilment.rules import Way
from holdord.people.models import Inbox
made = actions.set_executor(Inbox.objects.get(), "block", way=Way.WEBHOOK, url="{url}", inside=["127.0.0.1"])
print(calling.secret_of(made))
"""
_ASK = """
from holdord.conversations import actions as conversations
from holdord.conversations.models import RequestKind
from holdord.conversations.rules import Incoming
from holdord.fulfilment import actions
from holdord.kernel import clock
from holdord.people.models import Inbox
for number in range({count}):
    now = clock.now()
    message = conversations.receive(Incoming(inbox=Inbox.objects.get(), channel="email", address_kind="email",
        address=f"{{number}}@post.example", text="Hej", at=now, message_id=f"{{number}}@post.example", body_hash=""), now=now)
    request = conversations.ask(message.conversation, RequestKind.BLOCK, now=now)
    actions.carry_out(request, by=None, now=now)
"""
_STATES = """
import json
from holdord.conversations.models import Message, Request
from holdord.fulfilment.models import Deed
print(json.dumps({
    "deeds": sorted(Deed.objects.values_list("state", flat=True)),
    "tried_again": Deed.objects.filter(tries__gt=1).count(),
    "requests": sorted(set(Request.objects.values_list("state", flat=True))),
    "letters": Message.objects.filter(is_automatic=True, text__contains="spærret, som du bad om").count(),
}))
"""


def test_nothing_is_done_twice_and_nothing_is_lost(make_server, sink, tmp_path):
    port = free_port()
    server = make_server(smtp_port=sink.port, HOLDORD_REACH_INSIDE="127.0.0.1", HOLDORD_DEED_SECONDS="1")
    secret = server.python(_SET_UP.format(url=f"http://127.0.0.1:{port}/requests")).strip()
    cards = start("cards", tmp_path, [secret], its_clock=tmp_path / "no-clock", port=port)
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/slow", b"0.25", timeout=5).close()
        server.python(_ASK.format(count=ASKED))
        random.seed(7)
        for _round in range(6):
            server.start("worker")
            time.sleep(random.uniform(1.5, 3))
            server.kill()
        server.start("worker")
        told = _until_settled(server)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/state", timeout=5) as answer:
            acts = json.load(answer)["acts"]
        assert sorted(acts) == sorted(f"card of {number}@post.example: blocked" for number in range(ASKED))
        assert told.pop("tried_again") > 0, "no kill came in the middle of a call"
        assert told == {"deeds": ["done"] * ASKED, "requests": ["fulfilled"], "letters": ASKED}
    finally:
        cards.stop()


def _until_settled(server) -> dict[str, object]:
    for _second in range(90):
        told = json.loads(server.python(_STATES))
        if set(told["deeds"]) == {"done"}:
            return dict(told)
        time.sleep(1)
    return dict(told)
