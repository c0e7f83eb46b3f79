"""One company's system as a process: python -m holdord.stories.executors.serving shop 8031 FOLDER CLOCK"""

import contextlib
import hmac
import json
import os
import sys
import threading
import time
from base64 import b64decode, b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from holdord.kernel import clock
from holdord.stories.executors.books import Act, Books
from holdord.stories.executors.companies import COMPANIES

SECRETS = "COMPANY_SECRETS"
"""The environment variable with the secrets that may sign, separated by blanks."""

_OLDEST = 300
_LARGEST = 64 * 1024


class System(ThreadingHTTPServer):
    """Listens on the loopback alone; `slow_for` seconds pass between each deed and its answer. `asked`
    counts how often a deed was asked for, done or not.
    """

    daemon_threads = True

    def __init__(self, port: int, act: Act, books: Books, secrets: list[str]) -> None:
        super().__init__(("127.0.0.1", port), _Asked)
        self.act, self.books, self.secrets, self.slow_for, self.asked = act, books, secrets, 0.0, 0
        books.open()


class _Asked(BaseHTTPRequestHandler):
    server: System
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """What became of a key; `/state` is what the demo shows."""
        where = urlsplit(self.path)
        if where.path == "/state":
            told = {"slow_for": self.server.slow_for, "asked": self.server.asked, "things": self.server.books.things()}
            self._answer(200, {**told, "acts": self.server.books.acts()})
            return
        if not self._is_signed(b""):
            self._answer(401, {"error": "signature"})
            return
        answer = self.server.books.answer_to(parse_qs(where.query).get("key", [""])[0])
        self._answer(404 if answer is None else 200, answer or {"error": "never heard of it"})

    def do_POST(self) -> None:
        """Do it, once for each key."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _LARGEST))
        if self.path == "/slow":
            self.server.slow_for = float(body or 0)
            self._answer(200, {"slow_for": self.server.slow_for})
            return
        if not self._is_signed(body):
            self._answer(401, {"error": "signature"})
            return
        self.server.asked += 1
        answer = self.server.books.do(self.headers["webhook-id"], json.loads(body), self.server.act)
        time.sleep(self.server.slow_for)
        self._answer(200, answer)

    def _is_signed(self, body: bytes) -> bool:
        key, at = self.headers.get("webhook-id", ""), self.headers.get("webhook-timestamp", "0")
        if not at.isdigit() or abs(clock.now().timestamp() - int(at)) > _OLDEST:
            return False
        given = self.headers.get("webhook-signature", "").removeprefix("v1,")
        for secret in self.server.secrets:
            mine = hmac.digest(b64decode(secret.removeprefix("whsec_")), f"{key}.{at}.".encode() + body, sha256)
            if hmac.compare_digest(b64encode(mine).decode(), given):
                return True
        return False

    def _answer(self, status: int, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        with contextlib.suppress(ConnectionError):  # who asked has hung up: they will ask what became of it
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - http.server's name
        """The books tell what was done."""


def main(arguments: list[str]) -> int:
    """Serve until the process that started this one ends, or a signal does."""
    company, port, folder, its_clock = arguments
    clock.allow_moving(Path(its_clock))
    books = Books(Path(folder) / f"demo-{company}.sqlite3")
    system = System(int(port), COMPANIES[company], books, os.environ.get(SECRETS, "").split())
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    sys.stdout.write(f"{system.server_address[1]}\n")
    sys.stdout.flush()
    system.serve_forever()
    return 0


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
