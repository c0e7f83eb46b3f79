"""An installation of its own for each test, on the database of this run."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.postgres import Cluster
from tests.support.server import Server


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """An installation that is seeded once and never started: the others are copies of it."""
    first = Server(tmp_path_factory.mktemp("seeded") / "desk", database=_fresh_database())
    first.seed()
    return first


@pytest.fixture(scope="session")
def seeded_on_sqlite(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Server:
    """The same on SQLite, whatever database this run is on."""
    if not os.environ.get("HOLDORD_DATABASE_URL"):
        seeded: Server = request.getfixturevalue("seeded")
        return seeded
    first = Server(tmp_path_factory.mktemp("seeded") / "desk")
    first.seed()
    return first


@pytest.fixture(scope="session")
def seeded_on_cluster(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster) -> Server:
    """The same on a PostgreSQL that a test may stop, in its database `seeded`."""
    first = Server(tmp_path_factory.mktemp("seeded") / "desk", database=cluster.create("seeded"))
    first.seed()
    return first


@pytest.fixture
def make_server(tmp_path: Path, seeded: Server) -> Iterator[Callable[..., Server]]:
    """Makes servers, seeded and not started; they are killed at the end."""
    servers: list[Server] = []

    def make(*, is_seeded: bool = True, **settings: str) -> Server:
        directory = tmp_path / f"desk{len(servers)}"
        if is_seeded:
            shutil.copytree(seeded.directory, directory)
        database = _fresh_database(seeded.environment.get("HOLDORD_DATABASE_URL") if is_seeded else None)
        servers.append(Server(directory, database=database, **settings))
        return servers[-1]

    yield make
    for server in servers:
        if server.process:
            server.kill()


@pytest.fixture
def server(make_server: Callable[..., Server], sink) -> Server:
    """A seeded installation whose outgoing mail the sink catches."""
    return make_server(smtp_port=sink.port)


def _fresh_database(like: str | None = None) -> str | None:
    """The URL of a new database, empty or a copy; None where this run is on SQLite."""
    url = os.environ.get("HOLDORD_DATABASE_URL")
    if not url:
        return None
    name = f"desk_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like.rpartition('/')[2] if like else 'template1'}")
    return f"{url.rpartition('/')[0]}/{name}"
