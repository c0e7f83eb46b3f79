"""One mail from standard input."""

import argparse
import os
import sys

HELP = """Take one mail from standard input, as a mail server's alias, .forward or Sieve `pipe` hands it over. Exits 0
when the mail is on disk, and 75 (EX_TEMPFAIL) on any trouble, so that the mail server keeps it and tries again."""
EXAMPLES = """examples:
  holdord pipe --to care@example.com < mail.eml
  care: "|/opt/holdord/.venv/bin/holdord pipe --to care@example.com"     in /etc/aliases
"""
TRY_AGAIN = 75
EXIT_WHEN_REFUSED = TRY_AGAIN


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to", help="the inbox's address; by default the environment's RECIPIENT or ORIGINAL_RECIPIENT"
    )
    parser.add_argument("--from", dest="sender", help="the envelope's sender; by default the environment's SENDER")


def run(options: argparse.Namespace) -> int:
    try:
        return _take(options)
    except Exception as trouble:  # noqa: BLE001 - the edge of the program
        sys.stderr.write(f"holdord pipe: {trouble}; the mail should be tried again\n")
        return TRY_AGAIN


def _take(options: argparse.Namespace) -> int:
    from django.conf import settings  # noqa: PLC0415 - needs Django set up

    from holdord.channels.actions import Incoming, accept  # noqa: PLC0415 - needs Django set up
    from holdord.channels.models import Transport  # noqa: PLC0415 - needs Django set up
    from holdord.channels.queries import inbox_addresses, without_tag  # noqa: PLC0415 - needs Django set up
    from holdord.kernel import clock  # noqa: PLC0415 - needs Django set up

    recipient = options.to or os.environ.get("ORIGINAL_RECIPIENT") or os.environ.get("RECIPIENT") or ""
    sender = options.sender if options.sender is not None else os.environ.get("SENDER")
    inbox = inbox_addresses().get(without_tag(recipient))
    if inbox is None:
        sys.stderr.write(f"holdord pipe: no inbox has the address {recipient!r} (--to names it)\n")
        return TRY_AGAIN
    raw = sys.stdin.buffer.read()
    mail = Incoming(raw, Transport.PIPE, inbox, sender, (recipient,)).within(settings.LARGEST_MAIL)
    accept([mail], now=clock.now())
    return 0
