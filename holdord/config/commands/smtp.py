"""Mail in alone."""

import argparse

from holdord.config.serving import Part
from holdord.config.serving import run as run_parts

HELP = """Run the SMTP and LMTP listeners alone, until SIGTERM. Put a mail server before them."""
EXAMPLES = """examples:
  holdord smtp
  holdord smtp --upgrade     bring the database to this version first
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--upgrade", action="store_true", help="back up and migrate before starting")


def run(options: argparse.Namespace) -> int:
    if options.upgrade:
        from holdord.config.upkeep import upgrade  # noqa: PLC0415 - a start without it should be quick

        upgrade()
    return run_parts([Part.SMTP])
