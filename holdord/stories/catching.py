"""The demo's mail server: it takes everything the desk sends and keeps it, so that nothing leaves the machine."""

import asyncio
import secrets
import socket
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from holdord.kernel import clock
from holdord.stories.mailbox import folder


class _Keeper:
    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's
        assert isinstance(envelope.content, bytes)
        await asyncio.to_thread(keep, envelope.content)
        return "250 OK"


def catcher(host: str, port: int) -> Controller:
    """The server, on a thread of its own; call `start()` (raises OSError when the port is taken) and `stop()`."""
    return Controller(_Keeper(), hostname=host, port=port, enable_SMTPUTF8=True)


class _Taker:
    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's
        return "250 OK"


def taker() -> Controller:
    """A server that takes every mail and keeps none, on a free port: for measuring."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    return Controller(_Taker(), hostname="127.0.0.1", port=port)


def keep(raw: bytes) -> Path:
    """Keep one mail; its name sorts by the time it came."""
    folder().mkdir(parents=True, exist_ok=True)
    name = f"{clock.now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}.eml"
    fresh, kept = folder() / f".{name}", folder() / name
    fresh.write_bytes(raw)
    fresh.replace(kept)
    return kept
