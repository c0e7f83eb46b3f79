"""Import old mail."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, TextIO

HELP = """Import mail from mbox files, Maildirs, .eml files, or folders of them. Nothing imported is acknowledged. An
import that was interrupted goes on where it stopped; mails that are here already are known again."""
EXAMPLES = """examples:
  holdord import-mail --inbox care@example.com archive.mbox
  holdord import-mail --inbox care@example.com ~/Maildir --dry-run      says how many there are
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--inbox", required=True, help="the address of the inbox")
    parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(options: argparse.Namespace) -> int:
    from holdord.channels.importing import NotMail, import_mails  # noqa: PLC0415 - needs Django set up
    from holdord.channels.importing.sources import count_in  # noqa: PLC0415 - needs Django set up
    from holdord.kernel import clock  # noqa: PLC0415 - needs Django set up
    from holdord.people.models import Inbox  # noqa: PLC0415 - needs Django set up

    inbox = Inbox.objects.filter(address=options.inbox.lower()).first()
    if inbox is None:
        sys.stderr.write(f"holdord: no inbox has the address {options.inbox}\n")
        return 1
    found = []
    try:
        for path in options.paths:
            total = count_in(path)
            if options.dry_run:
                found.append({"path": str(path), "mails": total})
                continue
            bar = Bar(sys.stderr, total)
            done = import_mails(path, inbox=inbox, now=clock.now, tell=bar.show)
            bar.end()
            found.append({"path": str(path), "mails": total, "imported": done.done - done.done_before})
    except (NotMail, OSError) as refusal:
        sys.stderr.write(f"\nholdord: {refusal}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. The same command goes on where it stopped.\n")
        return 130
    for row in found:
        words = f"{row['path']}: {row['mails']} mails, {row.get('imported', 0)} imported"
        sys.stdout.write((json.dumps(row) if options.json else words) + "\n")
    return 0


class Bar:
    """A progress bar on a terminal; nothing elsewhere."""

    def __init__(self, out: TextIO, total: int) -> None:
        self._out, self._total = out, max(1, total)

    def show(self, progress: Any) -> None:
        """Draw how far a `channels.importing.Progress` is."""
        done = progress.done
        if self._out.isatty():
            filled = 40 * done // self._total
            self._out.write(f"\r[{'#' * filled}{'.' * (40 - filled)}] {done} of {self._total}")
            self._out.flush()

    def end(self) -> None:
        if self._out.isatty():
            self._out.write("\n")
