"""A small desk with its mail listener, and the turns of its worker taken by hand."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator

import pytest
from django.conf import settings as the_settings
from django.db import connections

from holdord.channels import jobs
from holdord.channels.actions import Incoming, accept
from holdord.channels.models import Arrival, Transport
from holdord.conversations.models import Message, Outgoing
from holdord.kernel import clock as the_clock
from tests.factories import SmallDesk, small_desk
from tests.support.ports import free_port
from tests.support.sink import Sink


class MailDesk:
    """A desk that mail comes to and goes from, one step at a time."""

    def __init__(self, desk: SmallDesk, sink: Sink) -> None:
        self.desk, self.sink = desk, sink
        self.inbox = desk.inbox
        self.address = desk.inbox.address

    def takes(self, raw: bytes, *, transport: str = Transport.IMAP, **more) -> Arrival:
        """A mail arrives and is read; the arrival as it is then."""
        more.setdefault("envelope_from", "henrik@post.example")
        arrival = accept([Incoming(raw, transport, self.inbox.pk, **more)], now=the_clock.now())[0]
        self.reads()
        arrival.refresh_from_db()
        return arrival

    def message(self, raw: bytes, **more) -> Message:
        """The message that a mail became."""
        arrival = self.takes(raw, **more)
        assert arrival.message is not None, (arrival.state, arrival.error, arrival.detail)
        return arrival.message

    def reads(self) -> None:
        while jobs.read_arrivals():
            pass

    def sends(self) -> list:
        """Everything due goes out; what the sink has caught in all."""
        while jobs.send_one():
            pass
        return self.sink.caught

    def replies(self, to: Message, text: str = "Den kommer på torsdag.", **more) -> Outgoing:
        """Jonas answers; the row of the outbox, which is due."""
        from holdord.conversations import actions

        message = actions.reply(
            to.conversation,
            by=self.desk.agent("Jonas"),
            text=text,
            seen=to,
            not_before=the_clock.now(),
            now=the_clock.now(),
            **more,
        )
        return message.outgoing


@pytest.fixture
def mail_desk(db, clock, sink, settings) -> MailDesk:
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_SECURITY = "127.0.0.1", sink.port, "none"
    return MailDesk(small_desk(), sink)


@contextlib.contextmanager
def listening() -> Iterator[int]:
    """The listeners, really listening where the settings say; the port of SMTP."""
    from holdord.channels.email.listener import Listener

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    opened = Listener()
    asyncio.run_coroutine_threadsafe(opened.open(), loop).result(10)
    try:
        yield the_settings.LISTEN_SMTP[1]
    finally:
        asyncio.run_coroutine_threadsafe(opened.close(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        connections.close_all()


@pytest.fixture
def listener(transactional_db, settings) -> Iterator[int]:
    """SMTP and LMTP on the loopback; the port of SMTP."""
    settings.LISTEN_SMTP, settings.LISTEN_LMTP = ("127.0.0.1", free_port()), ("127.0.0.1", free_port())
    with listening() as port:
        yield port
