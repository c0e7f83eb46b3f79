"""A real Chromium and a desk with the stories' customers in it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page

from holdord.config.wsgi import application
from holdord.conversations import actions, case_links
from holdord.conversations.models import Message, Participant
from holdord.people.models import Agent, Role
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk

SCREENS = Path("var/screens")


def picture(page: Page, name: str, **how: bool) -> None:
    """Keep a picture of a page to look at. Chromium can't always take one while a second is at work: then once more."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    try:
        page.screenshot(path=SCREENS / f"{name}.png", **how)  # type: ignore[arg-type]
    except Error:
        page.wait_for_timeout(1_000)
        page.screenshot(path=SCREENS / f"{name}.png", **how)  # type: ignore[arg-type]


def wait_until(page: Page, expression: str, *, seconds: float = 10) -> None:
    """Ask the page until the expression is true. `wait_for_function` polls with eval, which our pages forbid."""
    for _ in range(int(seconds * 10)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {expression}")


class _Quiet(WSGIRequestHandler):
    """Writes no lines and leaves no connection behind.

    Chromium opens connections ahead of need. This server answers one at a time, and must not wait for such a one.
    """

    timeout = 1

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def handle(self) -> None:
        try:
            with suppress(TimeoutError):
                super().handle()
        finally:
            connections.close_all()


@pytest.fixture
def served(transactional_db: None) -> Iterator[str]:
    """The address of a server over the test's database. One request at a time: it is about pages, not about load."""
    server: WSGIServer = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Stage:
    """A desk on a Thursday at 13:22, and a way to open browsers on it."""

    address: str
    desk: SmallDesk
    maja: Agent
    first: Message
    open_browser: Callable[..., BrowserContext]

    def page(self, *, logged_in: bool = True, **options: object) -> Page:
        """A page of a new browser, with Maja logged in, that fails the test when a script fails."""
        context = self.open_browser(**options)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
        if logged_in:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": self._session(), "url": self.address}])
            page.goto(f"{self.address}/next/")
        return page

    def _session(self) -> str:
        # The login form has tests of its own; a hundred more logins in a minute would be throttled, and rightly.
        client = Client()
        client.force_login(self.maja)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def case_link(self) -> str:
        participant = Participant.objects.get(conversation=self.first.conversation, is_customer=True)
        return f"{self.address}/case/{case_links.token_for(participant)}/"


@pytest.fixture
def stage(served: str, chromium: Browser, clock: MovableClock) -> Iterator[Stage]:
    clock.moves_to("Thu 10:00")
    desk = small_desk()
    desk.inbox.phone = "70 00 48 21"
    desk.inbox.save()
    maja = desk.agent("Maja Thomsen".partition(" ")[0], Role.ADMINISTRATOR)
    maja.name = "Maja Thomsen"
    maja.save()
    first = _jorgen(desk)
    clock.moves_to("Thu 11:02")
    actions.take(first.conversation, by=maja, now=clock.now())
    actions.note(
        first.conversation,
        by=desk.agent("Jonas"),
        text="Known fault: firmware 4.2. A new box is the only fix.",
        now=clock.now(),
    )
    _others(desk, clock)
    clock.moves_to("Thu 13:22")
    contexts: list[BrowserContext] = []

    def open_browser(**options: object) -> BrowserContext:
        defaults = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"}
        contexts.append(chromium.new_context(**{**defaults, **options}))
        return contexts[-1]

    yield Stage(served, desk, maja, first, open_browser)
    for context in contexts:
        context.close()


def _jorgen(desk: SmallDesk) -> Message:
    return desk.writes(
        "Boksen kom i mandags, tak for det. Men da jeg næsten var færdig, stod der »Der er opstået en fejl, prøv igen om "
        "lidt (HTTP 500, REST 11004)«. Jeg prøvede seks gange.\n\nJeg vil have en boks, der virker.",
        by="jorgen.lindholm@post.example",
        name="Jørgen Lindholm",
        subject="Boksen virker ikke",
        detected_language="da",
        trust="verified",
        facts=[("", "HTTP 500, REST 11004")],
    )


def _others(desk: SmallDesk, clock: MovableClock) -> None:
    letters = [
        ("Ingrid Solheim", "ingrid@post.example", "Svar om lån, konto og forsikring", "nb", "Thu 11:10"),
        ("Katharina Vogel", "k.vogel@post.example", "Antwort aus der Technik", "de", "Thu 11:30"),
        ("Jay Whitfield", "jay@post.example", "Tracking number for the new pair", "en", "Thu 12:05"),
        ("Sofie Dahl", "sofie@post.example", "Kortet er spærret", "da", "Thu 12:40"),
    ]
    for name, address, subject, language, at in letters:
        clock.moves_to(at)
        desk.writes(f"{subject}?", by=address, name=name, subject=subject, detected_language=language, trust="verified")


@pytest.fixture
def shop() -> Iterator[str]:
    """Another site, with whatever body it is given in `shop.body`."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(SHOP["page"].encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


SHOP = {"page": ""}
