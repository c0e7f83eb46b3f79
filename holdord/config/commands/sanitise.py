"""Clean HTML the way messages are cleaned."""

import argparse

from holdord.channels.email.reading.sanitise_command import DESCRIPTION, add_arguments, run

HELP = DESCRIPTION
EXAMPLES = """examples:
  holdord sanitise --jsonl < bodies.jsonl > clean.jsonl
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    add_arguments(parser)


__all__ = ["EXAMPLES", "HELP", "arguments", "run"]
