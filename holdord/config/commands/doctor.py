"""Check an installation."""

import argparse
import json
import sys

HELP = "Look at the database, the disk, mail server, mailboxes and settings. Exits 1 when something needs mending."
EXAMPLES = """examples:
  holdord doctor
  holdord doctor --json      one JSON object a line, for monitoring
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    from holdord.config.checks import findings  # noqa: PLC0415 - needs Django set up

    all_well = True
    for finding in findings():
        all_well = all_well and finding.well
        if options.json:
            sys.stdout.write(json.dumps({"check": finding.name, "well": finding.well, "says": finding.words}) + "\n")
        else:
            sys.stdout.write(f"{'ok ' if finding.well else 'BAD'}  {finding.name:16} {finding.words}\n")
    return 0 if all_well else 1
