"""Runs a command and starts it anew when a file under holdord/ changes; for bin/dev."""

import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2] / "holdord"
LOOKED_AT = {".py", ".html", ".css", ".js", ".toml", ".mo"}


def stamps() -> dict[Path, int]:
    """When each file was changed last."""
    return {path: path.stat().st_mtime_ns for path in ROOT.rglob("*") if path.suffix in LOOKED_AT and path.exists()}


def main(command: list[str]) -> int:
    """Run until interrupted."""
    while True:
        known = stamps()
        running = subprocess.Popen(command)
        try:
            while stamps() == known:
                time.sleep(0.5)
        except KeyboardInterrupt:
            return running.wait()
        running.send_signal(signal.SIGTERM)
        running.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
