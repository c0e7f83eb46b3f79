"""`/live/desk` and `/case/<token>/live`: server-sent events (HTML Living Standard, 9.2) without a thread per page."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from holdord.config.live import admission
from holdord.config.live.hub import Hub, Listener

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BEATS_EVERY = 15.0
"""Seconds between comments that keep proxies from closing an idle stream."""

CHECKS_EVERY = 60.0
"""Seconds after which it is checked again that the person is still logged in, and what they may see."""

MOST_LISTENERS = 5_000


class Live:
    """The ASGI application of the live endpoints."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        # Admission asks the database: a few threads for all pages.
        self._asking = ThreadPoolExecutor(2, thread_name_prefix="live")

    @staticmethod
    def answers(path: str) -> bool:
        """Whether this path is one of ours."""
        return path == "/live/desk" or (path.startswith("/case/") and path.endswith("/live"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        listener = await self._admit(scope)
        if listener is None:
            await _refuse(send, 403)
        elif len(self._hub.listeners) >= MOST_LISTENERS or self._hub.closing:
            await _refuse(send, 503)
        else:
            await self._stream(scope, listener, receive, send)

    async def _stream(self, scope: Scope, listener: Listener, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(_until_disconnected(receive))
        self._hub.listeners.add(listener)
        try:
            await _begin(send)
            await self._tell_until(gone, scope, listener, send)
        finally:
            self._hub.listeners.discard(listener)
            gone.cancel()

    async def _tell_until(self, gone: "asyncio.Future[None]", scope: Scope, listener: Listener, send: Send) -> None:
        loop = asyncio.get_running_loop()
        checked = loop.time()
        while not gone.done() and not self._hub.closing:
            woken = asyncio.ensure_future(listener.woken.wait())
            waiting: set[asyncio.Future[Any]] = {gone, woken}
            await asyncio.wait(waiting, timeout=BEATS_EVERY, return_when=asyncio.FIRST_COMPLETED)
            woken.cancel()
            if loop.time() - checked > CHECKS_EVERY:
                fresh = await self._admit(scope)
                if fresh is None:
                    break
                listener.team_ids, checked = fresh.team_ids, loop.time()
            await _body(send, _written(*listener.take()))
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _admit(self, scope: Scope) -> Listener | None:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._asking, admission.listener_for, scope["path"], scope["headers"])


def _written(changes: dict[int, list[str]], overflowed: bool) -> bytes:
    if overflowed:
        return b"event: reload\ndata: {}\n\n"
    if not changes:
        return b": beat\n\n"
    lines = (json.dumps({"id": key, "parts": parts}, separators=(",", ":")) for key, parts in changes.items())
    return "".join(f"event: changed\ndata: {line}\n\n" for line in lines).encode()


async def _begin(send: Send) -> None:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"referrer-policy", b"no-referrer"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await _body(send, b"retry: 2000\n\n")


async def _body(send: Send, chunk: bytes) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
