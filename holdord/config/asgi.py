"""The root of the web server: live pages natively, everything else by synchronous Django in a fixed pool of threads.

An empty page costs 2.2 ms of CPU through Django's own ASGI handler and 0.3 ms this way: a request gets a thread that
keeps its database connection, not a new one of both.
"""

import asyncio
from importlib import import_module
from typing import Any

from django.conf import settings
from django.template import engines

from holdord.config.bridge import Bridge
from holdord.config.live.endpoint import Live, Receive, Scope, Send
from holdord.config.live.hub import Hub
from holdord.config.live.watcher import Watcher
from holdord.config.wsgi import application as pages


class Application:
    """One for each process. The watcher begins with the server (ASGI lifespan) and ends with it."""

    def __init__(self) -> None:
        # Before anybody asks: the first page would wait for it, beside a worker that is busy already.
        import_module(settings.ROOT_URLCONF)
        engines.all()
        self._hub = Hub()
        self._live = Live(self._hub)
        self._pages = Bridge(pages, threads=settings.WEB_THREADS, largest=settings.LARGEST_UPLOAD)
        self._watcher: Watcher | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live_through(receive, send)
        elif scope["type"] == "http" and self._live.answers(scope["path"]):
            await self._live(scope, receive, send)
        else:
            await self._pages(scope, receive, send)

    def end_streams(self) -> None:
        """Let every live page go, so that the server may stop; browsers come back by themselves."""
        self._hub.close()

    async def _live_through(self, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()

        def tell(changes: list[Any]) -> None:
            loop.call_soon_threadsafe(self._hub.tell, changes)

        await receive()
        self._watcher = Watcher(tell)
        self._watcher.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._watcher.stop()
        await send({"type": "lifespan.shutdown.complete"})


application = Application()
