"""Show what mails say."""

import argparse

from holdord.channels.email.reading.command import DESCRIPTION, add_arguments, run

HELP = DESCRIPTION
EXAMPLES = """examples:
  holdord parse mail.eml --json
  holdord parse maildir/cur/* --json > mails.jsonl
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    add_arguments(parser)


__all__ = ["EXAMPLES", "HELP", "arguments", "run"]
