"""Nothing lost: the desk is killed at random moments while mail, forms and replies run through it (mail.md In 1, Out 1).

What was answered (250, 303) is a message exactly once; every reply is sent exactly once, or shown as unknown where SMTP
can't tell. 20 rounds; 500 in bin/test --long, recorded in docs/benchmarks.md.
"""

import collections
import http.client
import json
import os
import random
import re
import smtplib
import threading
import time
import urllib.parse
from email.utils import make_msgid
from pathlib import Path
from uuid import uuid4

import pytest

from holdord.kernel import clock
from tests.support.mails import mail

pytestmark = pytest.mark.processes

LONG = os.environ.get("HOLDORD_LONG") == "yes"
ROUNDS = 500 if LONG else 20
REPLIES_A_ROUND = 4

_QUEUE_REPLIES = """
from datetime import timedelta
from holdord.conversations import actions
from holdord.conversations.models import Conversation, Message
from holdord.kernel import clock
from holdord.people.models import Agent
jonas = Agent.objects.get(email="jonas@lysbro.example")
cases = list(Conversation.objects.order_by("pk")[:10])
for number in range({count}):
    case = cases[number % len(cases)]
    at = clock.now() + timedelta(seconds=number * {every})
    actions.reply(case, by=jonas, text=f"Svar {{number}}", seen=None, not_before=at, now=clock.now())
"""
_STATE = """
import json
from holdord.channels.models import Arrival
from holdord.conversations.models import Message, Outgoing
print(json.dumps({
    "inbound": list(Message.objects.filter(kind="inbound").values_list("message_id", flat=True)),
    "arrivals": list(Arrival.objects.exclude(state__in=["read", "ignored"]).values_list("state", "error", "detail")),
    "replies": list(Outgoing.objects.filter(message__is_automatic=False).values_list("message__message_id", "state")),
    "automatic": list(Outgoing.objects.filter(message__is_automatic=True).values_list("message__message_id", "state")),
}))
"""


class Senders:
    """People who write by mail and by form, until stopped; they remember what they were told."""

    def __init__(self, server, slug):
        self.server, self.slug = server, slug
        self.answered, self.asked = [], []
        self.forms_answered, self.forms_asked = [], []
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=self._forever, args=(what,)) for what in (self._mail, self._mail, self._form)
        ]
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join(30)

    def _forever(self, what):
        while not self.over.is_set():
            try:
                what()
            except (OSError, smtplib.SMTPException, http.client.HTTPException):
                time.sleep(0.05)

    def _mail(self):
        with smtplib.SMTP("127.0.0.1", self.server.smtp, timeout=10) as client:
            for _ in range(10):
                if self.over.is_set():
                    return
                message_id = make_msgid(domain="post.example")
                by = f"kunde{random.randrange(10_000)}@post.example"
                raw = mail(to=self.server.address, by=by, Message_ID=message_id).as_bytes()
                self.asked.append(message_id.strip("<>"))
                client.sendmail(by, [self.server.address], raw)
                self.answered.append(message_id.strip("<>"))

    def _form(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.web, timeout=10)
        try:
            connection.request("GET", f"/write/{self.slug}/")
            page = connection.getresponse().read().decode()
            offer = re.search(r'name="offer"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="offer"', page)
            key = uuid4().hex
            said = {"text": "Hvornår kommer den?", "email": f"form{random.randrange(999)}@post.example", "key": key}
            said["offer"] = (offer[1] or offer[2]) if offer else ""
            self.forms_asked.append(f"form.{key}")
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.server.url}
            connection.request("POST", f"/write/{self.slug}/", urllib.parse.urlencode(said), headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 303:
                self.forms_answered.append(f"form.{key}")
        finally:
            connection.close()
        time.sleep(0.02)


def settled(server, seconds=90):
    """The state when nothing waits any longer."""
    until = time.monotonic() + seconds
    while True:
        state = json.loads(server.python(_STATE))
        busy = [s for _, s in [*state["replies"], *state["automatic"]] if s in {"queued", "sending"}]
        waiting = [row for row in state["arrivals"] if row[0] == "waiting"]
        if not busy and not waiting:
            return state
        assert time.monotonic() < until, f"{len(busy)} mails unsent, {len(waiting)} unread: {server.log[-3000:]}"
        time.sleep(0.5)


def test_killed_at_random_moments_nothing_is_lost_and_nothing_is_doubled(make_server, sink, tmp_path):
    server = make_server(
        smtp_port=sink.port,
        # The load sends faster than people, from one address.
        HOLDORD_FORM_PER_ADDRESS="0",
        HOLDORD_FORM_PER_INBOX="0",
        HOLDORD_FORM_LEAST_SECONDS="0",
    )
    server.start()
    with smtplib.SMTP("127.0.0.1", server.smtp) as client:
        first = [make_msgid(domain="post.example") for _ in range(10)]
        for message_id in first:
            raw = mail(to=server.address, by=f"a{message_id[1:6]}@post.example", Message_ID=message_id).as_bytes()
            client.sendmail("a@post.example", [server.address], raw)
    settled(server)
    server.python(_QUEUE_REPLIES.format(count=ROUNDS * REPLIES_A_ROUND, every=0.4))
    senders = Senders(server, server.slug)
    begun = time.monotonic()
    for number in range(ROUNDS):
        time.sleep(random.uniform(0.05, 2.5))
        server.kill()
        server.start()
        print(
            f"round {number + 1} of {ROUNDS}: {len(senders.answered)} mails, {len(senders.forms_answered)} forms",
            flush=True,
        )
    time.sleep(0.5)
    senders.stop()
    state = settled(server, seconds=120 + ROUNDS)
    figures = (
        f"{ROUNDS} kills in {time.monotonic() - begun:.0f} s: {len(senders.answered)} mails answered 250, "
        f"{len(senders.forms_answered)} forms answered 303, {len(state['replies'])} replies, "
        f"{sum(s == 'unknown' for _, s in state['replies'] + state['automatic'])} shown as unknown"
    )
    print(figures)

    # Every mail and form that was answered is a message, exactly once; the others at most once.
    found = collections.Counter(state["inbound"])
    assert state["arrivals"] == []
    assert [key for key in (*senders.answered, *senders.forms_answered) if found[key] != 1] == []
    assert [key for key in (*senders.asked, *senders.forms_asked) if found[key] > 1] == []
    assert len(senders.answered) > ROUNDS
    assert len(senders.forms_answered) > ROUNDS / 4

    # Every reply left exactly once, or people are shown that nobody can know.
    caught = collections.Counter(one.message_id.strip("<>") for one in sink.caught)
    assert len(state["replies"]) == ROUNDS * REPLIES_A_ROUND
    for message_id, outcome in [*state["replies"], *state["automatic"]]:
        assert outcome in {"sent", "unknown"}
        assert caught[message_id] <= 1, f"{message_id} was sent {caught[message_id]} times"
        assert caught[message_id] == 1 or outcome == "unknown", f"{message_id} is {outcome} but was not caught"
    assert sum(outcome == "unknown" for _, outcome in state["replies"]) < max(10, len(state["replies"]) / 3)
    if LONG:
        record(figures)


def record(figures):
    """Add a line to the page of measurements: after everything above held."""
    database = "PostgreSQL" if os.environ.get("HOLDORD_DATABASE_URL") else "SQLite"
    page = Path(__file__).parents[2] / "docs" / "benchmarks.md"
    heading = "## Long kills"
    text = page.read_text() if page.exists() else "# Measured\n"
    if heading not in text:
        text = f"{text.rstrip()}\n\n{heading}\n\nThe desk killed with SIGKILL at random moments; nothing lost, nothing doubled.\n"
    before, _, after = text.partition(heading)
    page.write_text(f"{before}{heading}{after.rstrip()}\n- {clock.now():%Y-%m-%d}, {database}: {figures}\n")
