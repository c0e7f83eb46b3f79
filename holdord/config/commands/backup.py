"""Copy a running desk."""

import argparse
import json
import sys
from pathlib import Path

HELP = """Write one tar file with everything: the database, the raw mails, the files, the secret key. The desk may run.
On PostgreSQL this needs pg_dump. Keep the file as you keep the desk: it can read all mail."""
EXAMPLES = """examples:
  holdord backup                         into DATA/backups, named by the time
  holdord backup /mnt/nightly/desk.tar
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path, help="the tar file to write")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")


def run(options: argparse.Namespace) -> int:
    from django.conf import settings  # noqa: PLC0415 - needs Django set up

    from holdord.config.upkeep import UpkeepRefused, backup, backup_name  # noqa: PLC0415 - needs Django set up
    from holdord.kernel import clock  # noqa: PLC0415 - needs Django set up

    target = options.file or Path(settings.DATA) / "backups" / backup_name(clock.now())
    try:
        made = backup(target)
    except (UpkeepRefused, OSError) as refusal:
        sys.stderr.write(f"holdord: {refusal}\n")
        return 1
    said = json.dumps({"file": str(target), **made}) if options.json else f"Copied to {target}"
    sys.stdout.write(said + "\n")
    return 0
