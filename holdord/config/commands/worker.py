"""The worker alone."""

import argparse

from holdord.config.serving import Part
from holdord.config.serving import run as run_parts

HELP = """Run the worker alone, until SIGTERM: it reads mail that came, sends what waits, and keeps the clock."""
EXAMPLES = """examples:
  holdord worker
  holdord worker --upgrade     bring the database to this version first
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--upgrade", action="store_true", help="back up and migrate before starting")


def run(options: argparse.Namespace) -> int:
    if options.upgrade:
        from holdord.config.upkeep import upgrade  # noqa: PLC0415 - a start without it should be quick

        upgrade()
    return run_parts([Part.WORKER])
