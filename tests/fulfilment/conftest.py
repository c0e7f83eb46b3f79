"""A desk whose shop and card issuer are processes of their own, asked over real HTTP."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from holdord.conversations.actions import ask
from holdord.conversations.models import Conversation, Request, RequestKind
from holdord.fulfilment import actions, calling, jobs
from holdord.fulfilment.models import Deed, Executor
from holdord.fulfilment.rules import Way
from holdord.kernel import clock as the_clock
from holdord.people.models import Inbox
from holdord.stories.executors.starting import Running, start
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk
from tests.support.ports import free_port


@dataclass
class Company:
    """One of the demo's systems, and what it says it did."""

    running: Running

    @property
    def acts(self) -> list[str]:
        return list(self._told()["acts"])

    @property
    def things(self) -> dict[str, str]:
        return {name: state for _owner, name, state in self._told()["things"]}

    @property
    def asked(self) -> int:
        """How often it was asked for a deed."""
        return int(self._told()["asked"])

    def answers_after(self, seconds: float) -> None:
        """The switch: the deed at once, its answer later."""
        urllib.request.urlopen(f"http://127.0.0.1:{self.running.port}/slow", str(seconds).encode(), timeout=5).close()

    def _told(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.running.port}/state", timeout=5) as answer:
            return dict(json.load(answer))


@pytest.fixture
def desk(db, clock) -> SmallDesk:
    return small_desk()


@pytest.fixture
def company(settings, tmp_path) -> Iterator[Callable[..., Company]]:
    """Start a company, and let it carry out these kinds for an inbox."""
    started: list[Running] = []

    def begin(name: str, inbox: Inbox, *kinds: str) -> Company:
        port = free_port()
        url = f"http://127.0.0.1:{port}/requests"
        settings.REACH_INSIDE = [*settings.REACH_INSIDE, f"127.0.0.1:{port}"]
        for kind in kinds:
            actions.set_executor(inbox, kind, way=Way.WEBHOOK, url=url, inside=settings.REACH_INSIDE)
        secret = calling.secret_of(Executor.objects.filter(inbox=inbox)[0])
        running = start(name, tmp_path, [secret], its_clock=settings.DATA / "clock", port=port)
        started.append(running)
        return Company(running)

    yield begin
    for each in started:
        each.stop()


def asked(conversation: Conversation, kind: str) -> Deed:
    """The customer asks for it on the page."""
    request = ask(conversation, RequestKind(kind), now=the_clock.now())
    return actions.carry_out(request, by=None, now=the_clock.now())


def fresh_request(deed: Deed) -> Request:
    return Request.objects.get(pk=deed.request_id)


def works_off(clock: MovableClock, *, for_seconds: int = 0) -> None:
    """The worker does what is due, while so many seconds pass."""
    until = the_clock.now().timestamp() + for_seconds
    while True:
        while jobs.carry_out_next():
            pass
        if the_clock.now().timestamp() >= until:
            return
        clock.passes(seconds=5)
