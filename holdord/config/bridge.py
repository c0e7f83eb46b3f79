"""A WSGI application (PEP 3333) behind an ASGI server, in a fixed pool of threads.

The body is read whole before a thread is taken, so a slow client holds no thread, and a form whose sender vanished
half-way never reaches the application. A finished page goes back in one step.
"""

import asyncio
import io
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

KEPT_IN_MEMORY = 512 * 1024
"""Bytes of a request's body, or of a response, beyond which it goes through a temporary file or in pieces."""


TOO_LARGE = "holdord.body_too_large"
"""In the environment of a request whose body was thrown away."""

HEARD_OUT = 4
"""How many times the largest body is still read, and thrown away: a browser that is cut off shows no answer at all."""


class Bridge:
    """Runs the WSGI `application` on `threads` threads. A body beyond `largest` bytes is thrown away: the application
    gets `TOO_LARGE` in its environment instead, and answers in the reader's language.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], *, threads: int, largest: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY) as body:
            status = await self._read(receive, body)
            if status in {200, 413}:
                loop = asyncio.get_running_loop()
                environ = _without_body(scope) if status == 413 else _environ(scope, body)
                sent = await loop.run_in_executor(self._threads, self._respond, environ, send, loop)
                await asyncio.wrap_future(sent)

    async def _read(self, receive: Receive, body: IO[bytes]) -> int:
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return 499
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > self._largest * HEARD_OUT:
                return 413
            if size <= self._largest:
                body.write(chunk)
            more = message.get("more_body", False)
        body.seek(0)
        return 200 if size <= self._largest else 413

    def _respond(self, environ: dict[str, Any], send: Send, loop: asyncio.AbstractEventLoop) -> "Future[None]":
        head: list[MutableMapping[str, Any]] = []

        def start_response(status: str, headers: list[tuple[str, str]], failure: Any = None) -> Callable[..., None]:
            head[:] = [_head(status, headers)]
            return _no_write

        chunks = self._application(environ, start_response)
        try:
            pieces = iter(chunks)
            first, whole = _gather(pieces)
            sent = asyncio.run_coroutine_threadsafe(_send_all(send, head[0], first, more=not whole), loop)
            if whole:
                return sent
            for chunk in pieces:
                sent.result()
                sent = asyncio.run_coroutine_threadsafe(_send_body(send, chunk, more=True), loop)
            sent.result()
            return asyncio.run_coroutine_threadsafe(_send_body(send, b"", more=False), loop)
        finally:
            # Django ends its request here, in the thread that began it: the connection stays this thread's.
            close = getattr(chunks, "close", None)
            if close:
                close()


def _gather(pieces: Iterator[bytes]) -> tuple[bytes, bool]:
    found, size = [], 0
    for piece in pieces:
        found.append(piece)
        size += len(piece)
        if size > KEPT_IN_MEMORY:
            return b"".join(found), False
    return b"".join(found), True


async def _send_all(send: Send, head: MutableMapping[str, Any], body: bytes, *, more: bool) -> None:
    await send(head)
    await _send_body(send, body, more=more)


async def _send_body(send: Send, body: bytes, *, more: bool) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


def _head(status: str, headers: list[tuple[str, str]]) -> MutableMapping[str, Any]:
    return {
        "type": "http.response.start",
        "status": int(status[:3]),
        "headers": [(name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers],
    }


def _no_write(_: bytes) -> None:
    raise NotImplementedError("the write() of old WSGI is not offered")


def _without_body(scope: Scope) -> dict[str, Any]:
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"content-length"]
    return {**_environ({**scope, "headers": headers}, io.BytesIO()), TOO_LARGE: True}


def _environ(scope: Scope, body: Any) -> dict[str, Any]:
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").upper(), raw_value.decode("latin-1")
        # An underscore would let a client forge a header that a proxy sets with a dash.
        if "_" in name:
            continue
        key = name.replace("-", "_")
        key = key if key in {"CONTENT_LENGTH", "CONTENT_TYPE"} else f"HTTP_{key}"
        joined = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joined}{value}" if key in environ else value
    if "CONTENT_LENGTH" not in environ and scope["method"] in {"POST", "PUT", "PATCH"}:
        body.seek(0, 2)
        environ["CONTENT_LENGTH"] = str(body.tell())
        body.seek(0)
    return environ
