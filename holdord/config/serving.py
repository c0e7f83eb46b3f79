"""One process: web, worker and mail in, or some of them."""

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Iterable
from enum import StrEnum
from typing import TextIO

from django.conf import settings

log = logging.getLogger("holdord")


class Part(StrEnum):
    """What a process may consist of."""

    WEB = "web"
    WORKER = "worker"
    SMTP = "smtp"


def run(parts: Iterable[Part], out: TextIO = sys.stdout) -> int:
    """Run until SIGTERM or SIGINT; everything begun is finished first. Returns the exit code."""
    try:
        return asyncio.run(_run(frozenset(parts), out))
    except OSError as error:
        sys.stderr.write(f"holdord: {error.strerror or error}. Is another desk running on this address?\n")
        return 1


async def _run(parts: frozenset[Part], out: TextIO) -> int:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with contextlib.AsyncExitStack() as stack:
        if Part.SMTP in parts:
            await stack.enter_async_context(_mail_in())
        if Part.WEB in parts:
            await stack.enter_async_context(_web(stopping))
        if Part.WORKER in parts:
            await stack.enter_async_context(_worker())
        for line in _addresses(parts):
            out.write(f"{line}\n")
        out.flush()
        await stopping.wait()
        log.info("stopping")
    return 0


@contextlib.asynccontextmanager
async def _mail_in():  # type: ignore[no-untyped-def]
    from holdord.channels.email.listener import Listener  # noqa: PLC0415 - only where mail comes in

    listener = Listener()
    await listener.open()
    try:
        yield
    finally:
        await listener.close()


@contextlib.asynccontextmanager
async def _worker():  # type: ignore[no-untyped-def]
    from holdord.config.worker import Worker  # noqa: PLC0415 - only where work is done

    worker = Worker()
    worker.start()
    try:
        yield
    finally:
        await asyncio.to_thread(worker.stop)


@contextlib.asynccontextmanager
async def _web(stopping: asyncio.Event):  # type: ignore[no-untyped-def]
    from holdord.config.server import web_server  # noqa: PLC0415 - only where pages are served

    server = web_server()
    serving = asyncio.create_task(server.serve())
    while not server.started:
        if serving.done():
            serving.result()
            raise OSError(None, f"the web server could not listen on {settings.LISTEN_WEB}")
        await asyncio.sleep(0.005)
    serving.add_done_callback(lambda _: stopping.set())
    try:
        yield
    finally:
        server.config.app.end_streams()  # type: ignore[union-attr]
        server.should_exit = True
        await serving


def _addresses(parts: frozenset[Part]) -> list[str]:
    found = []
    if Part.WEB in parts and settings.LISTEN_WEB:
        found.append(f"Pages:   http://{_written(settings.LISTEN_WEB)}   (public: {settings.PUBLIC_URL})")
    if Part.SMTP in parts and settings.LISTEN_SMTP:
        found.append(f"Mail in: smtp://{_written(settings.LISTEN_SMTP)}")
    if Part.SMTP in parts and settings.LISTEN_LMTP:
        found.append(f"         lmtp://{_written(settings.LISTEN_LMTP)}")
    if Part.WORKER in parts:
        found.append(f"Mail out through {settings.SMTP_HOST}:{settings.SMTP_PORT} ({settings.SMTP_SECURITY})")
    return found


def _written(address: tuple[str, int]) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
