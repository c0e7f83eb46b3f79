"""The web server of this process: uvicorn around `holdord.config.asgi`."""

import contextlib
from collections.abc import Iterator

import uvicorn
from django.conf import settings


class WebServer(uvicorn.Server):
    """Leaves signals to us, since it is one part of a process among others."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def web_server() -> WebServer:
    """The server, ready for `serve(sockets=…)`."""
    from holdord.config.asgi import application  # noqa: PLC0415 - loads Django's pages: not for smtp or worker alone

    return WebServer(
        uvicorn.Config(
            application,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="on",
            interface="asgi3",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips=settings.TRUSTED_PROXIES,
            timeout_graceful_shutdown=10,
        )
    )
