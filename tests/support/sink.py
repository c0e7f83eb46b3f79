"""A real SMTP server that catches what the desk sends, and fails when told to."""

import asyncio
import email
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.ports import free_port


@dataclass(frozen=True)
class Caught:
    """One mail that was answered 250 (or, with `dropped`, whose answer never reached the sender)."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    dropped: bool = False

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=POLICY)  # type: ignore[return-value]

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass
class Sink:
    """Listens on `port` while open. `answer` says what to reply to DATA: "250 …", "451 …", "550 …", or "drop" to take
    the mail and close the connection without a word, or "hang".
    """

    port: int = field(default_factory=free_port)
    answer: Callable[[Envelope], str] = lambda envelope: "250 caught"
    answer_to_recipient: Callable[[str], str] = lambda address: "250 ok"
    caught: list[Caught] = field(default_factory=list)

    def open(self) -> "Sink":
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(10)
        return self

    def close(self) -> None:
        """Stop listening: senders are refused from now on."""
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def wait_for(self, count: int, *, seconds: float = 15) -> list[Caught]:
        """The mails caught, when there are `count`; AssertionError when they don't come."""
        until = time.monotonic() + seconds
        while len(self.caught) < count and time.monotonic() < until:
            time.sleep(0.02)
        assert len(self.caught) >= count, f"{len(self.caught)} mails of {count} came"
        return list(self.caught)

    # what aiosmtpd calls

    async def handle_RCPT(self, server: Any, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        answer = self.answer_to_recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answer(envelope)
        if answer.startswith("250") or answer == "drop":
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self.caught.append(
                Caught(
                    (envelope.mail_from or "").strip("<>"), tuple(envelope.rcpt_tos), content, dropped=answer == "drop"
                )
            )
        if answer == "drop":
            server.transport.abort()
            return "451 gone"
        return answer

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._connections: set[SMTP] = set()
        listening = self._loop.create_server(self._connection, "127.0.0.1", self.port)
        self._server = self._loop.run_until_complete(listening)
        self._loop.call_soon(started.set)
        self._loop.run_forever()

    def _connection(self) -> SMTP:
        connection = SMTP(self, hostname="sink.example", enable_SMTPUTF8=True, loop=self._loop)
        connection.line_length_limit = 100_000
        self._connections.add(connection)
        return connection

    async def _stop(self) -> None:
        self._server.close()
        for connection in self._connections:
            if connection.transport:
                connection.transport.abort()
        await self._server.wait_closed()
        pending = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
