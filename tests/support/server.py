"""A whole desk as a process: `holdord serve` with a data directory and ports of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.support.ports import free_port, wait_for_port

_SEED = """
from datetime import time
from holdord.kernel import clock
from holdord.people.administration import InboxTerms, open_inbox
from holdord.people.models import Agent, Membership, Team
from holdord.promises.models import Pledge
team = Team.objects.create(name="Kundeservice")
terms = InboxTerms(name="Lysbro", address="care@lysbro.example", language="da", time_zone="Europe/Copenhagen",
                   country="DK", subdivision="", hours=[(day, time(0), time(23, 59)) for day in range(7)])
inbox = open_inbox(terms, team=team, now=clock.now())
Pledge.objects.update_or_create(inbox=inbox, defaults={"within_minutes": 7 * 24 * 60, "work_minutes": 1})
agent = Agent.objects.create_user("jonas@lysbro.example", "pw-for-tests-1", name="Jonas Berg", role="administrator")
Membership.objects.create(agent=agent, team=team)
"""


class Server:
    """One installation in `directory`; `database` is a URL, or None for SQLite. The sink takes what it sends."""

    address, slug = "care@lysbro.example", "lysbro"

    def __init__(self, directory: Path, *, database: str | None = None, smtp_port: int = 1, **settings: str) -> None:
        self.directory = directory
        self.web, self.smtp = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.web}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("HOLDORD_", "DJANGO_"))},
            "HOLDORD_DATA": str(directory),
            "HOLDORD_SECRET_KEY": "a-key-for-the-tests-of-whole-processes",
            "HOLDORD_ALLOWED_HOSTS": "127.0.0.1",
            "HOLDORD_PUBLIC_URL": self.url,
            "HOLDORD_LISTEN_WEB": f"127.0.0.1:{self.web}",
            "HOLDORD_LISTEN_SMTP": f"127.0.0.1:{self.smtp}",
            "HOLDORD_SMTP_SERVER": f"127.0.0.1:{smtp_port}",
            "DJANGO_SETTINGS_MODULE": "holdord.config.settings",
            **settings,
        }
        if database:
            self.environment["HOLDORD_DATABASE_URL"] = database
        self.process: subprocess.Popen[bytes] | None = None

    def command(
        self, *arguments: str, stdin: bytes | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[bytes]:
        """Run `holdord …` on this installation."""
        done = subprocess.run(
            [sys.executable, "-m", "holdord", *arguments],
            env=self.environment,
            input=stdin,
            capture_output=True,
            timeout=120,
        )
        assert not check or done.returncode == 0, done.stderr.decode()
        return done

    def python(self, code: str, *, seconds: float = 120) -> str:
        """Run Python on this installation, with Django set up; what it prints."""
        done = subprocess.run(
            [sys.executable, "-c", f"import holdord, django; django.setup()\n{code}"],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def seed(self) -> None:
        """An inbox, its team and Jonas (jonas@lysbro.example, pw-for-tests-1)."""
        self.command("init")
        self.python(_SEED)

    def start(self, *parts: str) -> "Server":
        """Run `holdord serve` (or other parts) and wait until it answers."""
        log = (self.directory.parent / f"{self.directory.name}.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "holdord", *(parts or ("serve",))], env=self.environment, stdout=log, stderr=log
        )
        log.close()
        alive = self.process
        for port in (self.smtp, self.web) if not parts else ():
            wait_for_port(port, alive=lambda: alive.poll() is None)
        return self

    @property
    def log(self) -> str:
        return (self.directory.parent / f"{self.directory.name}.log").read_text(errors="replace")

    def kill(self) -> None:
        """SIGKILL: as a power cut is for a process."""
        self._signal(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        return self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(number)
        code = self.process.wait(30)
        self.process = None
        return code
