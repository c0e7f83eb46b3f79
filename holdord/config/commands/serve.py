"""The whole desk in one process."""

import argparse

from holdord.config.serving import Part
from holdord.config.serving import run as run_parts

HELP = """Run pages, worker and mail in, in one process, until SIGTERM. Listens where HOLDORD_LISTEN_WEB,
HOLDORD_LISTEN_SMTP and HOLDORD_LISTEN_LMTP say. Put a reverse proxy with TLS before it."""
EXAMPLES = """examples:
  holdord serve
  holdord serve --upgrade     bring the database to this version first
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--upgrade", action="store_true", help="back up and migrate before starting")


def run(options: argparse.Namespace) -> int:
    if options.upgrade:
        from holdord.config.upkeep import upgrade  # noqa: PLC0415 - a start without it should be quick

        upgrade()
    return run_parts([Part.WEB, Part.WORKER, Part.SMTP])
