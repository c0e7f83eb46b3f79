"""`holdord parse FILE... --json`: one JSON object a line, whatever is in the files."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TextIO

from holdord.channels.email.reading import json_lines
from holdord.channels.email.reading.confined import LARGEST_UNCONFINED, read_confined
from holdord.channels.email.reading.message import read, unread
from holdord.channels.email.reading.values import Address, ReadMail

DESCRIPTION: Final = """\
Reads mails (.eml, any bytes) and prints one JSON object a line, in the order of the files. Never fails on a file.

file            as given
message_id      without angle brackets; made from the bytes' SHA-256 if the mail has none
subject         decoded, on one line
from            {"name", "address"}, the first mailbox, or null
to, cc, reply_to  lists of {"name", "address"}
date            ISO 8601 in UTC, or null
in_reply_to     one id without angle brackets, or null
references      list of ids without angle brackets, oldest first
text            all that can be read, as plain text      reply_text  the new words alone, without quote and signature
html            the HTML body as sent, not sanitised, or null
attachments     list of {"name", "type", "size" in bytes, "sha256"}
is_auto_reply   a machine wrote it (lists and newsletters too)
is_bounce       a final failure of delivery              bounced_recipient  whose, or null
loop            it went in circles or came from us
defects         list of codes: what was wrong with it
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    json_lines.describe(parser, DESCRIPTION, "--json")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a mail; - reads one from standard input")
    parser.add_argument(
        "--own", action="append", default=[], metavar="ADDRESS", help="an address of ours: mail from it is a loop"
    )


def run(arguments: argparse.Namespace, out: TextIO | None = None) -> int:
    """Prints a line for every file. Always 0: what went wrong stands in `defects`."""
    stream = out or sys.stdout
    own = frozenset(address.lower() for address in arguments.own)
    for line in parsed_lines(arguments.files, own):
        json_lines.write(stream, line)
    return 0


def parsed_lines(files: Iterable[str], own_addresses: frozenset[str] = frozenset()) -> Iterator[str]:
    for file in files:
        fields = {"file": file, **as_json(_read_file(file, own_addresses))}
        yield json_lines.line(fields)


def as_json(mail: ReadMail) -> dict[str, Any]:
    """The fields that `holdord parse` prints."""
    return {
        "message_id": mail.message_id,
        "subject": mail.subject,
        "from": _address(mail.sender) if mail.sender else None,
        "to": [_address(address) for address in mail.to],
        "cc": [_address(address) for address in mail.cc],
        "reply_to": [_address(address) for address in mail.reply_to],
        "date": mail.date.isoformat() if mail.date else None,
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
        "text": mail.text,
        "reply_text": mail.reply_text,
        "html": mail.html,
        "attachments": [
            {"name": attachment.name, "type": attachment.type, "size": attachment.size, "sha256": attachment.sha256}
            for attachment in mail.attachments
        ],
        "is_auto_reply": mail.is_auto_reply,
        "is_bounce": mail.is_bounce,
        "bounced_recipient": mail.bounced_recipient,
        "loop": mail.loop,
        "defects": list(mail.defects),
    }


def _address(address: Address) -> dict[str, str]:
    return {"name": address.name, "address": address.address}


def _read_file(file: str, own_addresses: frozenset[str]) -> ReadMail:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        return unread(b"", [f"unreadable_file:{type(error).__name__}"])
    if len(raw) > LARGEST_UNCONFINED:
        return read_confined(raw, own_addresses=own_addresses)
    return read(raw, own_addresses=own_addresses)


if __name__ == "__main__":
    sys.exit(json_lines.run_alone("holdord parse", add_arguments, run))
