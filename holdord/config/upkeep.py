"""Bringing the database up, copying a running desk, putting a copy back."""

import hashlib
import json
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import holdord
from holdord.kernel import clock

MANIFEST = "holdord-backup.json"
KEPT = ("raw", "files", "secret-key")
"""What of the data directory belongs into a copy, beside the database."""


class UpkeepRefused(Exception):
    """It can't be done like this; the message says what can be done."""


def is_current() -> bool:
    """Whether the database has this version's tables."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def is_empty() -> bool:
    """Whether nothing was ever put into the database."""
    return not connection.introspection.table_names()


def create() -> None:
    """Make the data directory and the tables; what is there already stays."""
    Path(settings.DATA).mkdir(parents=True, exist_ok=True, mode=0o700)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def upgrade() -> Path | None:
    """Copy the desk, then bring its database to this version. The path of the copy; None when nothing was to do."""
    if is_current():
        return None
    copy = None
    if not is_empty():
        copy = Path(settings.DATA) / "backups" / f"before-{holdord.__version__}-{clock.now():%Y%m%d-%H%M%S}.tar"
        backup(copy)
    create()
    return copy


def backup(target: Path) -> dict[str, Any]:
    """Write a consistent copy of the running desk to the tar file `target`; what is in it, as a dictionary.

    The database comes first: files are never changed or removed, so those copied after it are all that it names.
    Raises UpkeepRefused, OSError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.parent) as directory:
        database = Path(directory) / "database"
        _copy_database(database)
        manifest = {
            "made_at": clock.now().isoformat(),
            "version": holdord.__version__,
            "database": connection.vendor,
            "bytes": database.stat().st_size,
            "sha256": _sha256(database),
        }
        (Path(directory) / MANIFEST).write_text(json.dumps(manifest))
        with tarfile.open(fresh, "w") as tar:
            tar.add(Path(directory) / MANIFEST, MANIFEST)
            tar.add(database, "database")
            for name in KEPT:
                if (path := Path(settings.DATA) / name).exists():
                    tar.add(path, name)
    fresh.chmod(0o600)
    fresh.replace(target)
    return manifest


def restore(source: Path, *, force: bool = False) -> Path | None:
    """Put the copy `source` back. What was there is moved aside first, to the path returned.

    Raises UpkeepRefused when there is a desk already (unless `force`), when the copy is of another kind of database,
    or when it is damaged. The desk must not run meanwhile.
    """
    manifest = _manifest(source)
    if manifest["database"] != connection.vendor:
        raise UpkeepRefused(
            f"This copy is of {manifest['database']}, but HOLDORD_DATABASE_URL names {connection.vendor}. "
            "Set it as it was when the copy was made."
        )
    data = Path(settings.DATA)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not is_empty() and not force:
        raise UpkeepRefused("There is a desk already. Stop it, and add --force to put the copy in its place.")
    connection.close()
    with tempfile.TemporaryDirectory(dir=data) as directory:
        _unpack(source, Path(directory), manifest)
        aside = _move_aside(data)
        for name in KEPT:
            if (path := Path(directory) / name).exists():
                path.rename(data / name)
        _put_database_back(Path(directory) / "database")
    return aside


def _unpack(source: Path, directory: Path, manifest: dict[str, Any]) -> None:
    try:
        with tarfile.open(source) as tar:
            _extract(tar, directory)
        whole = _sha256(directory / "database") == manifest["sha256"]
    except (OSError, KeyError, tarfile.TarError) as error:
        raise UpkeepRefused(f"{source} is damaged: {error}") from error
    if not whole:
        raise UpkeepRefused(f"{source} is damaged: its database is not what was copied.")


def _extract(tar: tarfile.TarFile, directory: Path) -> None:
    """Files and folders of the copy, inside `directory` and nowhere else. Before 3.11.4 Python has no filter for it.

    Raises tarfile.TarError for anything else that a foreign hand put in.
    """
    for member in tar:
        inside = (directory / member.name).resolve().is_relative_to(directory.resolve())
        if not inside or not (member.isfile() or member.isdir()):
            raise tarfile.TarError(f"{member.name} has no place in a copy")
        tar.extract(member, directory)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_database(target: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        copy = sqlite3.connect(target)
        try:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        finally:
            copy.close()
        _check_copy(target)
    else:
        _run_postgres("pg_dump", "--format=custom", f"--file={target}")


def _check_copy(database: Path) -> None:
    if connection.vendor != "sqlite":
        return
    copy = sqlite3.connect(database)
    try:
        found = copy.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    finally:
        copy.close()
    if found != "ok":
        raise UpkeepRefused(f"The copy of the database is damaged: {found}")


def _manifest(source: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source) as tar:
            member = tar.extractfile(MANIFEST)
            manifest: dict[str, Any] = json.load(member) if member else {}
    except (OSError, KeyError, tarfile.TarError, ValueError) as error:
        raise UpkeepRefused(f"{source} is no copy that `holdord backup` made: {error}") from error
    return manifest


def _move_aside(data: Path) -> Path | None:
    there = [path for path in _of_the_desk(data) if path.exists()]
    if not there:
        return None
    aside = data / f"before-restore-{clock.now():%Y%m%d-%H%M%S}"
    aside.mkdir()
    for path in there:
        path.rename(aside / path.name)
    return aside


def _of_the_desk(data: Path) -> Iterator[Path]:
    yield from (data / name for name in KEPT)
    if connection.vendor == "sqlite":
        database = Path(settings.DATABASES["default"]["NAME"])
        yield from (database.with_name(database.name + ending) for ending in ("", "-wal", "-shm"))


def _put_database_back(copy: Path) -> None:
    if connection.vendor == "sqlite":
        database = Path(settings.DATABASES["default"]["NAME"])
        database.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(copy, database)
    else:
        _run_postgres("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(copy))


def _run_postgres(program: str, *arguments: str) -> None:
    where = settings.DATABASES["default"]
    environment = {"PGPASSWORD": where["PASSWORD"]} if where["PASSWORD"] else {}
    connecting = ["--host", where["HOST"], "--port", str(where["PORT"] or 5432), "--username", where["USER"]]
    found = shutil.which(program)
    if found is None:
        raise UpkeepRefused(f"{program} is missing. On Debian or Ubuntu: sudo apt-get install postgresql-client")
    done = subprocess.run(  # noqa: S603 - our own arguments
        [found, *connecting, "--dbname", where["NAME"], *arguments],
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UpkeepRefused(f"{program} failed: {done.stderr.strip()}")


def backup_name(now: datetime) -> str:
    """The name of a copy made at `now`."""
    return f"holdord-{now:%Y%m%d-%H%M%S}.tar"
