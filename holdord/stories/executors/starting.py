"""Starting the companies' systems beside the demo."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from holdord.stories.executors.serving import SECRETS

PORTS = {"shop": 8031, "cards": 8032}
"""Where each listens in the demo."""


@dataclass
class Running:
    """One system that runs."""

    port: int
    at: "subprocess.Popen[str]"

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.port}/requests"

    def stop(self) -> None:
        """End it; what it did stays in its file."""
        self.at.terminate()
        self.at.wait(10)
        if self.at.stdout:
            self.at.stdout.close()


def start(company: str, folder: Path, secrets: Sequence[str], *, its_clock: Path, port: int = 0) -> Running:
    """Start a company's system with its books in `folder`; port 0 takes a free one. Raises OSError when it is taken."""
    command = [sys.executable, "-m", "holdord.stories.executors.serving", company, str(port), str(folder)]
    command.append(str(its_clock))
    environment = {**os.environ, SECRETS: " ".join(secrets)}
    started = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
    assert started.stdout is not None
    line = started.stdout.readline()
    if not line:
        started.wait(10)
        started.stdout.close()
        raise OSError(f"{company} does not start on port {port}")
    return Running(int(line), started)
