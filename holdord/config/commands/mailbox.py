"""IMAP mailboxes."""

import argparse
import getpass
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdord.channels.models import Mailbox

HELP = """Read inboxes from IMAP mailboxes. A new mailbox brings nothing that is older than now, unless --since is
given; `try` says how many that would be. Reading changes nothing there."""
EXAMPLES = """examples:
  holdord mailbox add --inbox care@example.com --host imap.example.com --user care@example.com
  holdord mailbox add --inbox care@example.com --host outlook.office365.com --user care@example.com --token
  holdord mailbox try care@example.com --since 2026-01-01
  holdord mailbox list --json
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="read an inbox from a mailbox")
    add.add_argument("--inbox", required=True, help="the address of the inbox")
    add.add_argument("--host", required=True)
    add.add_argument("--port", type=int)
    add.add_argument("--security", choices=["tls", "starttls", "none"], default="tls")
    add.add_argument("--user", required=True)
    add.add_argument("--password-file", type=Path, help="a file with the password or token, instead of asking")
    add.add_argument("--token", action="store_true", help="the secret is an OAuth2 access token (Google, Microsoft)")
    add.add_argument("--folder", default="INBOX")
    add.add_argument("--since", type=date.fromisoformat, help="import what came since this day, too")
    add.add_argument("--untried", action="store_true", help="keep it without trying to log in, there and to send")
    acts.add_parser("list", help="every mailbox and how it is").add_argument("--json", action="store_true")
    trial = acts.add_parser("try", help="log in, and count what an import would bring; changes nothing")
    trial.add_argument("user")
    trial.add_argument("--since", type=date.fromisoformat)
    secret = acts.add_parser("set-password", help="a new password or token")
    secret.add_argument("user")
    secret.add_argument("--password-file", type=Path)
    secret.add_argument("--untried", action="store_true", help="keep it without trying to log in")
    acts.add_parser("remove", help="read it no longer; what came from it stays").add_argument("user")


def run(options: argparse.Namespace) -> int:
    from holdord.channels.models import Mailbox  # noqa: PLC0415 - needs Django set up

    acts = {"add": _add, "list": _list, "try": _try, "set-password": _set_password, "remove": _remove}
    try:
        return acts[options.act](options)
    except Mailbox.DoesNotExist:
        sys.stderr.write(f"holdord: no mailbox has the user {options.user}\n")
        return 1


def _add(options: argparse.Namespace) -> int:
    from holdord.channels.email import secrets  # noqa: PLC0415 - needs Django set up
    from holdord.channels.models import Mailbox  # noqa: PLC0415 - needs Django set up
    from holdord.people.models import Inbox  # noqa: PLC0415 - needs Django set up

    inbox = Inbox.objects.filter(address=options.inbox.lower()).first()
    if inbox is None:
        sys.stderr.write(f"holdord: no inbox has the address {options.inbox}\n")
        return 1
    mailbox = Mailbox(
        inbox=inbox,
        host=options.host,
        port=options.port or (993 if options.security == "tls" else 143),
        security=options.security,
        user=options.user,
        sealed_secret=secrets.seal(_secret(options.password_file)),
        uses_token=options.token,
        folder=options.folder,
        import_since=options.since,
    )
    if not options.untried and not _works(mailbox):
        return 1
    mailbox.save()
    sys.stdout.write(f"{options.user} is read from now on. `holdord mailbox try {options.user}` tries it.\n")
    return 0


def _works(mailbox: "Mailbox") -> bool:
    from holdord.channels.email.trials import try_mailbox  # noqa: PLC0415 - needs Django set up

    findings = try_mailbox(mailbox)
    for finding in findings:
        way = "mail in" if finding.is_incoming else "mail out"
        sys.stderr.write(f"holdord: {way}: {finding.words} ({finding.server_words})\n")
    if findings:
        sys.stderr.write("holdord: nothing was kept. With --untried it is kept all the same.\n")
    return not findings


def _list(options: argparse.Namespace) -> int:
    from holdord.channels.models import Mailbox, MailboxAlarm  # noqa: PLC0415 - needs Django set up

    for mailbox in Mailbox.objects.select_related("inbox").order_by("pk"):
        alarms = list(MailboxAlarm.objects.filter(mailbox=mailbox, ended_at=None).values_list("kind", flat=True))
        row = {
            "user": mailbox.user,
            "host": mailbox.host,
            "inbox": mailbox.inbox.address,
            "active": mailbox.is_active,
            "last_ok_at": mailbox.last_ok_at.isoformat() if mailbox.last_ok_at else None,
            "fault": mailbox.last_fault,
            "error": mailbox.last_error,
            "alarms": alarms,
        }
        words = f"{mailbox.user} on {mailbox.host} for {mailbox.inbox.address}: {_how_it_is(mailbox)}"
        sys.stdout.write((json.dumps(row) if options.json else words) + "\n")
    return 0


def _how_it_is(mailbox: "Mailbox") -> str:
    from holdord.channels.wording import fault_in_words  # noqa: PLC0415 - needs Django set up

    if not mailbox.last_error:
        return "well"
    words = fault_in_words(mailbox.last_fault or "other", host=mailbox.host, port=mailbox.port, folder=mailbox.folder)
    return f"{words} ({mailbox.last_error})"


def _try(options: argparse.Namespace) -> int:
    from holdord.channels.email.faults import fault_in, in_the_servers_words  # noqa: PLC0415 - needs Django set up
    from holdord.channels.email.imap.reader import Connection, Trouble  # noqa: PLC0415 - needs Django set up
    from holdord.channels.email.secrets import CannotUnseal  # noqa: PLC0415 - needs Django set up
    from holdord.channels.models import Mailbox  # noqa: PLC0415 - needs Django set up
    from holdord.channels.wording import fault_in_words  # noqa: PLC0415 - needs Django set up

    mailbox = Mailbox.objects.get(user=options.user)
    try:
        with Connection(mailbox) as server:
            server.look_into(mailbox.folder)
            sent = server.sent_folder() or "none"
            sys.stdout.write(f"Logged in. Folder {mailbox.folder}; sent mail: {sent}.\n")
            if options.since:
                count = server.count_since(mailbox.folder, options.since)
                sys.stdout.write(f"An import since {options.since} would bring {count} mails.\n")
    except (*Trouble, CannotUnseal) as trouble:
        words = fault_in_words(fault_in(trouble), host=mailbox.host, port=mailbox.port, folder=mailbox.folder)
        sys.stderr.write(f"holdord: {words} ({in_the_servers_words(trouble)})\n")
        return 1
    return 0


def _set_password(options: argparse.Namespace) -> int:
    from holdord.channels.email import secrets  # noqa: PLC0415 - needs Django set up
    from holdord.channels.models import Mailbox  # noqa: PLC0415 - needs Django set up

    mailbox = Mailbox.objects.get(user=options.user)
    mailbox.sealed_secret = secrets.seal(_secret(options.password_file))
    if not options.untried and not _works(mailbox):
        return 1
    mailbox.save(update_fields=["sealed_secret"])
    return 0


def _remove(options: argparse.Namespace) -> int:
    from holdord.channels.models import Mailbox  # noqa: PLC0415 - needs Django set up

    mailbox = Mailbox.objects.get(user=options.user)
    mailbox.delete()
    return 0


def _secret(file: Path | None) -> str:
    return file.read_text(encoding="utf-8").strip() if file else getpass.getpass("Password or token: ")
