"""A real server beside the bench: `holdord serve` in a process of its own, on free ports."""

import http.client
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass
class Running:
    """The server while it runs."""

    process: "subprocess.Popen[bytes]"
    web: int
    smtp: int
    smtp_answers_after: float = 0.0
    page_answers_after: float = 0.0

    def anonymous_memory(self) -> int:
        """Bytes of memory that are its own (not files that the kernel could drop)."""
        for line in Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Anonymous:"):
                return int(line.split()[1]) * 1024
        raise OSError("the kernel does not tell")

    def page(self, path: str, cookie: str = "", headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """GET one page by a connection of its own."""
        client = http.client.HTTPConnection("127.0.0.1", self.web, timeout=60)
        try:
            client.request("GET", path, headers={"Cookie": cookie, **(headers or {})})
            answer = client.getresponse()
            return answer.status, answer.read()
        finally:
            client.close()


@contextmanager
def server(*, sends_to: int, sending_threads: int = 2) -> Iterator[Running]:
    """Start the server and wait until it answers; ends it at the end."""
    web, smtp = _free_port(), _free_port()
    environment = {
        **os.environ,
        "HOLDORD_DATA": str(settings.DATA),
        "HOLDORD_LISTEN_WEB": f"127.0.0.1:{web}",
        "HOLDORD_LISTEN_SMTP": f"127.0.0.1:{smtp}",
        "HOLDORD_SMTP_SERVER": f"127.0.0.1:{sends_to}",
        "HOLDORD_SENDING_THREADS": str(sending_threads),
        "HOLDORD_PUBLIC_URL": f"http://127.0.0.1:{web}",
    }
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "holdord", "serve"], env=environment, stdout=subprocess.DEVNULL)
    running = Running(process, web, smtp)
    try:
        running.smtp_answers_after = _until(lambda: _greets(smtp), begun, process)
        running.page_answers_after = _until(lambda: running.page("/account/login/")[0] == 200, begun, process)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _greets(port: int) -> bool:
    with smtplib.SMTP("127.0.0.1", port, timeout=5):
        return True


def _until(ready: "object", begun: float, process: "subprocess.Popen[bytes]") -> float:
    assert callable(ready)
    while time.perf_counter() - begun < 60:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            if ready():
                return time.perf_counter() - begun
        except (OSError, smtplib.SMTPException, http.client.HTTPException):
            pass
        time.sleep(0.01)
    raise TimeoutError("the server does not answer")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
