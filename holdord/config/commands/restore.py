"""Put a copy back."""

import argparse
import sys
from pathlib import Path

HELP = """Put back a copy that `holdord backup` made. Stop the desk first. What is there is moved aside, not deleted
(on PostgreSQL the tables are replaced)."""
EXAMPLES = """examples:
  holdord restore /mnt/nightly/desk.tar
  holdord restore --force DATA/backups/holdord-20260302-090000.tar     in place of the desk that is there
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the tar file to read")
    parser.add_argument("--force", action="store_true", help="put it in place of the desk that is there")


def run(options: argparse.Namespace) -> int:
    from holdord.config.upkeep import UpkeepRefused, restore  # noqa: PLC0415 - needs Django set up

    try:
        aside = restore(options.file, force=options.force)
    except UpkeepRefused as refusal:
        sys.stderr.write(f"holdord: {refusal}\n")
        return 1
    sys.stdout.write(f"The desk is as it was.{f' What was there is in {aside}.' if aside else ''}\n")
    return 0
