"""Which workers are alive. Each holds a lock on a file of its own, which the kernel lets go of when it dies."""

import fcntl
import os
import secrets
import socket
from pathlib import Path

from django.conf import settings

_held: dict[int, tuple[str, int]] = {}


def this_worker() -> str:
    """The name of this process as a worker; alive from the first call until the process ends."""
    if os.getpid() not in _held:
        directory = _directory()
        directory.mkdir(parents=True, exist_ok=True)
        name = f"{_machine()}-{secrets.token_hex(8)}"
        # Never closed: the lock ends with the process, however that ends.
        descriptor = os.open(directory / name, os.O_WRONLY | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _held[os.getpid()] = (name, descriptor)
    return _held[os.getpid()][0]


def is_dead(name: str) -> bool:
    """Whether the worker with this name has ended. False for one of another machine: its locks mean nothing here."""
    path = _directory() / name
    if not name.startswith(f"{_machine()}-") or name == _held.get(os.getpid(), ("", 0))[0]:
        return False
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def forget(name: str) -> None:
    """Remove the file of a dead worker."""
    (_directory() / name).unlink(missing_ok=True)


def dead_workers() -> list[str]:
    """The names of this machine's workers that have ended."""
    directory = _directory()
    return [path.name for path in directory.iterdir() if is_dead(path.name)] if directory.is_dir() else []


def _machine() -> str:
    return socket.gethostname()[:40]


def _directory() -> Path:
    return Path(settings.DATA) / "workers"
