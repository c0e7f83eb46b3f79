"""Free ports on the loopback."""

import fcntl
import os
import socket
import tempfile
import time
from itertools import chain
from pathlib import Path

# Below the ports that the kernel gives to outgoing connections: one of those could take a port before its server does.
_FIRST, _LAST = 15_000, 30_000


def free_port() -> int:
    """A port nobody listens on, and that no other test process of this person was given lately."""
    counter = Path(tempfile.gettempdir()) / f"holdord-test-ports-{os.getuid()}"
    with counter.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        last = int(file.read() or _FIRST)
        for port in chain(range(last + 1, _LAST), range(_FIRST, last + 1)):
            if _is_free(port):
                file.truncate(0)
                file.write(str(port))
                return port
    raise OSError("no port is free")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait_for_port(port: int, *, seconds: float = 40, alive=lambda: True) -> None:
    """Return when something listens on the loopback `port`; raise TimeoutError after `seconds` or if `alive` says no."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and alive():
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")
