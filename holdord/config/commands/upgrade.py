"""Bring an installation to this version."""

import argparse
import sys

HELP = "Copy the desk to DATA/backups, then bring its database to this version. Stop the desk first."
EXAMPLES = """examples:
  holdord upgrade
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    from holdord.config.upkeep import UpkeepRefused, upgrade  # noqa: PLC0415 - needs Django set up

    try:
        copy = upgrade()
    except UpkeepRefused as refusal:
        sys.stderr.write(f"holdord: {refusal}\n")
        return 1
    sys.stdout.write(f"The database is of this version. {f'Copy: {copy}' if copy else 'Nothing was to do.'}\n")
    return 0
