"""Live pages over real sockets: who hears what, and how soon."""

import contextlib
import http.client
import json
import socket
import threading
import time
import urllib.parse
from pathlib import Path

import pytest

from tests.support.mails import hand_over, mail

pytestmark = pytest.mark.processes

_SESSION = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from holdord.people.models import Agent, Membership, Team
agent, made = Agent.objects.get_or_create(email={email!r}, defaults={{"name": {email!r}, "role": {role!r}}})
if made and {in_team!r}:
    Membership.objects.create(agent=agent, team=Team.objects.first())
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(agent.pk), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
session.save()
print(session.session_key)
"""
_LINK = """
from holdord.conversations.case_links import token_for
from holdord.conversations.models import Participant
print(token_for(Participant.objects.filter(is_customer=True).latest("pk")))
"""


class Stream(threading.Thread):
    """An open page: collects what it is told."""

    def __init__(self, server, path, session=None):
        super().__init__(daemon=True)
        self.told, self.ended = [], threading.Event()
        self._connection = http.client.HTTPConnection("127.0.0.1", server.web, timeout=30)
        self._connection.request("GET", path, headers={"Cookie": f"sessionid={session}"} if session else {})
        self._answer = self._connection.getresponse()
        self.status, self.type = self._answer.status, self._answer.headers["Content-Type"]
        if self.status == 200:
            self.start()

    def run(self):
        try:
            for line in self._answer:
                if line.startswith(b"data: "):
                    self.told.append((time.monotonic(), json.loads(line[6:])))
        except OSError:
            pass
        self.ended.set()

    def close(self):
        # Shut down, not merely closed: the thread above sits in a read.
        if self._connection.sock:
            with contextlib.suppress(OSError):
                self._connection.sock.shutdown(socket.SHUT_RDWR)
        if self.is_alive():
            self.join(5)
        self._answer.close()
        self._connection.close()

    def wait(self, count=1, seconds=5):
        until = time.monotonic() + seconds
        while len(self.told) < count and time.monotonic() < until:
            time.sleep(0.005)
        return [told for _, told in self.told]


def session(server, email, *, role="agent", in_team=True):
    return server.python(_SESSION.format(email=email, role=role, in_team=in_team)).strip()


@pytest.fixture
def running(server):
    return server.start()


@pytest.fixture
def page_of():
    """Opens pages, and closes them at the end."""
    opened = []

    def open_page(*where):
        opened.append(Stream(*where))
        return opened[-1]

    yield open_page
    for stream in opened:
        stream.close()


def threads_of(server):
    return len(list(Path(f"/proc/{server.process.pid}/task").iterdir()))


def test_who_may_see_a_conversation_hears_of_it_and_nobody_else(running, page_of):
    colleague = page_of(running, "/live/desk", session(running, "maja@lysbro.example"))
    elsewhere = page_of(running, "/live/desk", session(running, "other@lysbro.example", in_team=False))
    administrator = page_of(running, "/live/desk", session(running, "jonas@lysbro.example"))
    assert colleague.type == "text/event-stream; charset=utf-8"
    time.sleep(0.2)
    hand_over(mail(to=running.address).as_bytes(), port=running.smtp, to=running.address)
    (told,) = colleague.wait()[:1]
    assert told["id"] == 1
    assert "InquiryReceived" in told["parts"]
    assert administrator.wait()[0]["id"] == 1
    time.sleep(0.3)
    assert elsewhere.told == []


def test_without_a_session_or_with_a_guessed_token_nobody_listens(running, page_of):
    assert page_of(running, "/live/desk").status == 403
    assert page_of(running, "/live/desk", "guessed").status == 403
    assert page_of(running, f"/case/{urllib.parse.quote('x' * 43)}/live").status == 403
    assert page_of(running, "/case/x/live").status == 403


def test_a_case_page_hears_of_its_own_case_and_of_what_it_shows(running, page_of):
    hand_over(mail(to=running.address).as_bytes(), port=running.smtp, to=running.address)
    time.sleep(0.7)
    page = page_of(running, f"/case/{running.python(_LINK).strip()}/live")
    time.sleep(0.2)
    other = mail(to=running.address, by="maren@post.example")
    hand_over(other.as_bytes(), port=running.smtp, to=running.address)
    running.python(
        "from holdord.conversations import actions\n"
        "from holdord.conversations.models import Conversation\n"
        "from holdord.people.models import Agent\n"
        "from holdord.kernel import clock\n"
        "case, jonas = Conversation.objects.get(pk=1), Agent.objects.get(email='jonas@lysbro.example')\n"
        "actions.note(case, by=jonas, text='secret', now=clock.now())\n"
        "actions.take(case, by=jonas, now=clock.now())\n"
    )
    page.wait()
    time.sleep(0.5)
    kinds = [kind for _, told in page.told for kind in told["parts"]]
    assert {told["id"] for _, told in page.told} == {1}
    assert "ConversationTaken" in kinds
    assert "NoteWritten" not in kinds


@pytest.mark.alone
def test_many_pages_need_no_threads_and_hear_soon(running, page_of):
    key = session(running, "maja@lysbro.example")
    pages = [page_of(running, "/live/desk", key) for _ in range(10)]
    time.sleep(1)  # the desk's own threads have all begun
    before = threads_of(running)
    pages += [page_of(running, "/live/desk", key) for _ in range(140)]
    time.sleep(0.3)
    after = threads_of(running)
    assert after - before <= 4
    hand_over(mail(to=running.address).as_bytes(), port=running.smtp, to=running.address)
    for page in pages:
        assert page.wait()
    spread = max(page.told[0][0] for page in pages) - min(page.told[0][0] for page in pages)
    print(f"{len(pages)} pages told within {spread * 1000:.0f} ms; {after} threads")
    assert spread < 1


def test_open_pages_do_not_keep_the_desk_from_stopping(running, page_of):
    page = page_of(running, "/live/desk", session(running, "maja@lysbro.example"))
    assert running.stop() == 0
    assert page.ended.wait(5)
