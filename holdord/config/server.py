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
    """The server, ready for `serve()`; listens on LISTEN_WEB."""
    from holdord.config.asgi import application  # noqa: PLC0415 - loads Django's pages: not for smtp or worker alone

    host, port = settings.LISTEN_WEB or ("127.0.0.1", 0)
    return WebServer(
        uvicorn.Config(
            application,
            host=host,
            port=port,
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
            backlog=1024,
        )
    )
