"""An installation of its own for each test, on the database of this run."""

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.server import Server


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Makes servers, seeded and not started; they are killed at the end."""
    servers: list[Server] = []

    def make(*, seeded: bool = True, **settings: str) -> Server:
        directory = tmp_path / f"desk{len(servers)}"
        server = Server(directory, database=_fresh_database(), **settings)
        servers.append(server)
        if seeded:
            server.seed()
        return server

    yield make
    for server in servers:
        if server.process:
            server.kill()


@pytest.fixture
def server(make_server: Callable[..., Server], sink) -> Server:
    """A seeded installation whose outgoing mail the sink catches."""
    return make_server(smtp_port=sink.port)


def _fresh_database() -> str | None:
    url = os.environ.get("HOLDORD_DATABASE_URL")
    if not url:
        return None
    name = f"desk_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{url.rpartition('/')[0]}/{name}"
