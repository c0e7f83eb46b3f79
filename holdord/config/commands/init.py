"""Set up an installation."""

import argparse
import getpass
import os
import secrets
import sys
from pathlib import Path

HELP = """Create the data directory, a secret key (in DATA/secret-key, unless HOLDORD_SECRET_KEY is set), the database
and the first administrator. Safe to run again: what is there stays."""
EXAMPLES = """examples:
  holdord init --email kari@example.com --name "Kari Nordmann"     asks for the password
  holdord init --email kari@example.com --password-file /run/secrets/kari
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--email", help="of the first administrator; without it nobody is made")
    parser.add_argument("--name", default="", help="of the first administrator")
    parser.add_argument("--password-file", type=Path, help="a file with the password, instead of asking")


def before_settings() -> None:
    """Make the secret key before the settings ask for it."""
    from holdord.config import environment  # noqa: PLC0415 - only for this command

    data = environment.path("HOLDORD_DATA", Path.cwd() / "var")
    key = data / "secret-key"
    if environment.raw("HOLDORD_SECRET_KEY") or key.exists():
        return
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))


def run(options: argparse.Namespace) -> int:
    from django.conf import settings  # noqa: PLC0415 - needs Django set up

    from holdord.config.upkeep import create  # noqa: PLC0415 - needs Django set up
    from holdord.people.models import Agent, Role  # noqa: PLC0415 - needs Django set up

    create()
    sys.stdout.write(f"The desk's data is in {settings.DATA}.\n")
    if not options.email:
        sys.stdout.write("No administrator was made: holdord init --email you@example.com\n")
    elif Agent.objects.filter(email=options.email.lower()).exists():
        sys.stdout.write(f"{options.email} is there already.\n")
    else:
        Agent.objects.create_user(
            options.email,
            _password(options.password_file),
            name=options.name or options.email.partition("@")[0],
            role=Role.ADMINISTRATOR,
        )
        sys.stdout.write(f"{options.email} may log in at {settings.PUBLIC_URL}/ once `holdord serve` runs.\n")
    return 0


def _password(file: Path | None) -> str:
    return file.read_text(encoding="utf-8").strip() if file else getpass.getpass("Password: ")
