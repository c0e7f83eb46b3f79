"""People who log in."""

import argparse
import getpass
import json
import sys
from pathlib import Path

HELP = "Add people, list them, set a password, deactivate someone and let them in again."
EXAMPLES = """examples:
  holdord user add jonas@example.com --name "Jonas Berg" --role agent
  holdord user list --json
  holdord user set-password jonas@example.com
  holdord user deactivate jonas@example.com
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="make a person who may log in")
    add.add_argument("email")
    add.add_argument("--name", required=True)
    add.add_argument("--role", default="agent", choices=["agent", "lead", "director", "administrator"])
    add.add_argument("--language", default="en", choices=["da", "nb", "sv", "de", "en"])
    add.add_argument("--password-file", type=Path, help="a file with the password, instead of asking")
    listing = acts.add_parser("list", help="everybody, with role")
    listing.add_argument("--json", action="store_true")
    password = acts.add_parser("set-password", help="give a person a new password; all their sessions end")
    password.add_argument("email")
    password.add_argument("--password-file", type=Path, help="a file with the password, instead of asking")
    for act, text in (("deactivate", "keep a person from logging in"), ("activate", "let a person in again")):
        acts.add_parser(act, help=text).add_argument("email")


def run(options: argparse.Namespace) -> int:
    acts = {
        "add": _add,
        "list": _list,
        "set-password": _set_password,
        "deactivate": _set_active,
        "activate": _set_active,
    }
    from holdord.people.models import Agent  # noqa: PLC0415 - needs Django set up

    try:
        return acts[options.act](options)
    except Agent.DoesNotExist:
        sys.stderr.write(f"holdord: nobody here has the address {options.email}\n")
        return 1


def _add(options: argparse.Namespace) -> int:
    from holdord.people.models import Agent  # noqa: PLC0415 - needs Django set up

    if Agent.objects.filter(email=options.email.lower()).exists():
        sys.stderr.write(f"holdord: {options.email} is there already\n")
        return 1
    password = _password(options)
    if password is None:
        return 1
    Agent.objects.create_user(options.email, password, name=options.name, role=options.role, language=options.language)
    sys.stdout.write(f"{options.email} may log in.\n")
    return 0


def _list(options: argparse.Namespace) -> int:
    from holdord.people.models import Agent  # noqa: PLC0415 - needs Django set up

    for agent in Agent.objects.order_by("email"):
        row = {"email": agent.email, "name": agent.name, "role": agent.role, "active": agent.is_active}
        if options.json:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        else:
            sys.stdout.write(
                f"{agent.email:40} {agent.role:14} {'' if agent.is_active else '(inactive) '}{agent.name}\n"
            )
    return 0


def _set_password(options: argparse.Namespace) -> int:
    from holdord.people.models import Agent  # noqa: PLC0415 - needs Django set up

    agent = Agent.objects.get(email=options.email.lower())
    password = _password(options)
    if password is None:
        return 1
    agent.set_password(password)
    agent.save(update_fields=["password"])
    sys.stdout.write(f"{agent.email} has a new password.\n")
    return 0


def _set_active(options: argparse.Namespace) -> int:
    from holdord.people.models import Agent  # noqa: PLC0415 - needs Django set up

    agent = Agent.objects.get(email=options.email.lower())
    agent.is_active = options.act == "activate"
    agent.save(update_fields=["is_active"])
    sys.stdout.write(f"{agent.email} may {'log in again' if agent.is_active else 'not log in any longer'}.\n")
    return 0


def _password(options: argparse.Namespace) -> str | None:
    from django.contrib.auth.password_validation import validate_password  # noqa: PLC0415 - needs Django set up
    from django.core.exceptions import ValidationError  # noqa: PLC0415 - needs Django set up

    password = (
        options.password_file.read_text(encoding="utf-8").strip()
        if options.password_file
        else getpass.getpass("Password: ")
    )
    try:
        validate_password(password)
    except ValidationError as refusal:
        sys.stderr.write("holdord: " + " ".join(refusal.messages) + "\n")
        return None
    return str(password)
