"""One process: web, worker and mail in, or some of them."""

import asyncio
import contextlib
import gc
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterable
from enum import StrEnum
from typing import TextIO

from django.conf import settings
from django.db import Error, connection

log = logging.getLogger("holdord")


SWITCHES_EVERY = 0.0005
"""Seconds for which one thread may keep Python's interpreter from the others."""


class CannotListen(Exception):
    """An address is taken or not ours."""


class Part(StrEnum):
    """What a process may consist of."""

    WEB = "web"
    WORKER = "worker"
    SMTP = "smtp"


def run(parts: Iterable[Part], out: TextIO = sys.stdout) -> int:
    """Run until SIGTERM or SIGINT; everything begun is finished first. Returns the exit code."""
    refusal = _why_not()
    if refusal:
        sys.stderr.write(f"holdord: {refusal}\n")
        return 1
    # Pages and mail in answer in a millisecond or two; a worker that thinks may not keep the interpreter for five.
    sys.setswitchinterval(SWITCHES_EVERY)
    try:
        return asyncio.run(_run(frozenset(parts), out))
    except CannotListen as error:
        sys.stderr.write(f"holdord: {error}\n")
        return 1


def _why_not() -> str | None:
    # A desk that starts before its database (a restart of the whole machine) waits for it; one without tables can't.
    try:
        tables = connection.introspection.table_names()
    except Error as error:
        log.warning("the database does not answer yet: %s", error)
        return None
    finally:
        connection.close()
    if "channels_arrival" in tables:
        return None
    return "the database has no tables of this desk. `holdord init` makes them, `holdord upgrade` renews them."


async def _run(parts: frozenset[Part], out: TextIO) -> int:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with contextlib.AsyncExitStack() as stack:
        if Part.SMTP in parts:
            await stack.enter_async_context(_mail_in())
        if Part.WEB in parts and settings.LISTEN_WEB:
            await stack.enter_async_context(_web(settings.LISTEN_WEB, stopping))
        if Part.WORKER in parts:
            await stack.enter_async_context(_worker())
        for line in _addresses(parts):
            out.write(f"{line}\n")
        out.flush()
        # What is loaded by now stays: the collector need not look through it again and again.
        gc.freeze()
        await stopping.wait()
        log.info("stopping")
    return 0


@contextlib.asynccontextmanager
async def _mail_in() -> AsyncIterator[None]:
    from holdord.channels.email.listener import Listener  # noqa: PLC0415 - only where mail comes in

    listener = Listener()
    try:
        await listener.open()
    except OSError as error:
        raise CannotListen(f"Can't listen for mail: {error.strerror}.") from error
    try:
        yield
    finally:
        await listener.close()


@contextlib.asynccontextmanager
async def _worker() -> AsyncIterator[None]:
    from holdord.config.worker import Worker  # noqa: PLC0415 - only where work is done

    worker = Worker()
    worker.start()
    try:
        yield
    finally:
        await asyncio.to_thread(worker.stop)


@contextlib.asynccontextmanager
async def _web(address: tuple[str, int], stopping: asyncio.Event) -> AsyncIterator[None]:
    from holdord.config.server import web_server  # noqa: PLC0415 - only where pages are served

    try:
        listening = socket.create_server(
            address, family=socket.AF_INET6 if ":" in address[0] else socket.AF_INET, backlog=1024
        )
    except OSError as error:
        raise CannotListen(f"Can't listen on {_written(address)}: {error.strerror}.") from error
    # asyncio does this only for sockets that name TCP as their protocol, and `create_server` doesn't: without it a
    # page waits 40 ms for the acknowledgement of its head.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = web_server()
    serving = asyncio.create_task(server.serve(sockets=[listening]))
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
