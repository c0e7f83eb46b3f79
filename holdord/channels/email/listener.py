"""Mail in by SMTP (RFC 5321) and LMTP (RFC 2033). The only module that knows aiosmtpd.

Meant to stand behind a mail server that filters spam and checks who sends (docs/self-hosting.md): it takes mail for our
inboxes alone, relays nothing and knows no password.
"""

import asyncio
import logging
import re
import ssl
import time
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax
from django.conf import settings
from django.db import connection

from holdord.channels.actions import Incoming
from holdord.channels.committing import Committer, DiskFull
from holdord.channels.models import Transport
from holdord.channels.queries import inbox_addresses, without_tag

log = logging.getLogger("holdord.mail_in")

TAKEN = "250 2.0.0 We have it"
LATER = "451 4.3.0 We can't take mail right now; please try again"
FULL = "452 4.3.1 Our disk is full; please try again later"
UNKNOWN = "550 5.1.1 No such inbox here"

BEYOND_LIMIT = 2
"""Times the limit for whole mails up to which the head of a larger one is kept and its sender told; beyond: 552."""

ADDRESSES_GOOD_FOR = 5.0
"""Seconds."""


READ_AT_ONCE = 2**20
"""Bytes that are kept of one connection before its sender waits. A line may be longer: RFC 5322 says 998, real senders
say otherwise.
"""

_THE_END = b"\r\n.\r\n"
_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN_ADDRESS = re.compile(rf"<({_WORD}(?:\.{_WORD})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)>(|\s.*)")


class _WholeMails(SMTP):  # type: ignore[misc]  # aiosmtpd has no types
    """Takes a mail as a whole, where aiosmtpd takes it line by line, and reads ordinary addresses at a glance, where it
    asks the grammar of mail headers: two thirds of what a mail costs at the door.
    """

    line_length_limit = READ_AT_ONCE

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        plain = _PLAIN_ADDRESS.fullmatch(arg)
        return (plain[1], plain[2]) if plain else super()._getaddr(arg)

    @syntax("DATA")  # type: ignore[untyped-decorator]  # aiosmtpd has no types
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        talks_ahead = bool(self._reader._buffer)
        if talks_ahead or arg or not self.envelope.rcpt_tos:
            await super().smtp_DATA(arg)  # it knows what to answer, and takes a mail that came before our 354
            return
        # So that every mail ends alike, one without any line too.
        self._reader.feed_data(b"\r\n")
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        sent = await self._up_to_the_end()
        if sent is None:
            answer = "552 Error: Too much mail data"
        else:
            # A dot that begins a line was added on the way (RFC 5321, 4.5.2).
            content = sent.removesuffix(b".\r\n").replace(b"\r\n.", b"\r\n").removeprefix(b"\r\n")
            self.envelope.content = self.envelope.original_content = content
            answer = await self._call_handler_hook("DATA")
        self._set_post_data_state()
        await self.push(answer)

    async def _up_to_the_end(self) -> bytes | None:
        """What comes up to the lone dot and with it; None for what is beyond the limit."""
        pieces: list[bytes] = []
        size, ended = 0, False
        while not ended:
            try:
                piece, ended = await self._reader.readuntil(_THE_END), True
            except asyncio.LimitOverrunError as much:
                piece = await self._reader.read(much.consumed)
            size += len(piece)
            if size > self.data_size_limit:
                pieces.clear()
            else:
                pieces.append(piece)
        return b"".join(pieces) if size <= self.data_size_limit else None


class _Lmtp(_WholeMails, LMTP):  # type: ignore[misc]  # aiosmtpd has no types
    pass


class Listener:
    """Both listeners of this process and the thread behind them."""

    def __init__(self) -> None:
        self._committer = Committer()
        self._handler = Door(self._committer)
        self._servers: list[asyncio.Server] = []
        self._connections: set[SMTP] = set()

    async def open(self) -> None:
        """Listen on LISTEN_SMTP and LISTEN_LMTP. Raises OSError when an address is taken."""
        self._committer.start()
        loop = asyncio.get_running_loop()
        for address, kind in ((settings.LISTEN_SMTP, _WholeMails), (settings.LISTEN_LMTP, _Lmtp)):
            if address:
                host, port = address
                self._servers.append(await loop.create_server(self._maker(kind), host, port, backlog=512))

    async def close(self) -> None:
        """Take no new connection, finish what is being accepted, end."""
        for server in self._servers:
            server.close()
        await asyncio.to_thread(self._committer.stop)
        await asyncio.sleep(0.05)
        for sender in self._connections:
            if sender.transport:
                sender.transport.close()

    def _maker(self, kind: type[SMTP]) -> Any:
        context = _tls_context()

        def make() -> SMTP:
            connection = kind(
                self._handler,
                data_size_limit=settings.LARGEST_MAIL * BEYOND_LIMIT,
                hostname=settings.SMTP_NAME or "holdord",
                ident="Holdord",
                enable_SMTPUTF8=True,
                tls_context=context,
                timeout=300,
                loop=asyncio.get_running_loop(),
            )
            self._connections = {known for known in self._connections if known.transport} | {connection}
            return connection

        return make


class Door:
    """What aiosmtpd calls. Its method names are aiosmtpd's."""

    def __init__(self, committer: Committer) -> None:
        self._committer = committer
        self._addresses: dict[str, int] = {}
        self._asked_at = float("-inf")

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        inbox = await self._inbox_of(address)
        if inbox is None:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        vars(envelope).setdefault("inboxes", []).append(inbox)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        try:
            await asyncio.wrap_future(self._committer.submit(_mails(envelope)))
        except DiskFull:
            log.error("the disk is full: mail is refused for now")
            return _for_each(server, envelope, FULL)
        except Exception:
            log.exception("a mail could not be taken; its sender is asked to try again")
            return _for_each(server, envelope, LATER)
        return _for_each(server, envelope, TAKEN)

    async def handle_exception(self, error: Exception) -> str:
        log.error("trouble in a conversation with a mail server", exc_info=error)
        return LATER

    async def _inbox_of(self, address: str) -> int | None:
        name = without_tag(address)
        if name not in self._addresses or time.monotonic() - self._asked_at > ADDRESSES_GOOD_FOR:
            self._addresses = await asyncio.to_thread(_ask_for_addresses)
            self._asked_at = time.monotonic()
        return self._addresses.get(name)


def _mails(envelope: Envelope) -> list[Incoming]:
    raw = envelope.original_content or b""
    recipients: dict[int, list[str]] = {}
    for address, inbox in zip(envelope.rcpt_tos, vars(envelope)["inboxes"], strict=True):
        recipients.setdefault(inbox, []).append(address)
    # aiosmtpd keeps the brackets of the empty sender, and of no other.
    sender = (envelope.mail_from or "").strip("<>")
    return [
        Incoming(raw, Transport.SMTP, inbox, sender, tuple(addresses)).within(settings.LARGEST_MAIL)
        for inbox, addresses in recipients.items()
    ]


def _ask_for_addresses() -> dict[str, int]:
    try:
        return inbox_addresses()
    finally:
        connection.close()  # the next time it is another thread


def _for_each(server: SMTP, envelope: Envelope, answer: str) -> str:
    # LMTP answers once for each recipient (RFC 2033, 4.2).
    return "\r\n".join([answer] * len(envelope.rcpt_tos)) if isinstance(server, LMTP) else answer


def _tls_context() -> ssl.SSLContext | None:
    if not settings.LISTEN_CERTIFICATE:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.LISTEN_CERTIFICATE, settings.LISTEN_CERTIFICATE_KEY)
    return context
