"""The demo: a desk full of stories, and a mailbox that catches everything it sends."""

import argparse
import logging
import os
import sys

from holdord.config.serving import Part
from holdord.config.serving import run as run_parts

HELP = """Run a desk filled with the stories, for trying it. Everything it sends is caught in a mailbox in the browser,
where it can be answered; its clock can be moved. The data is kept under HOLDORD_DATA until you delete it."""
EXAMPLES = """examples:
  holdord demo
  HOLDORD_LISTEN_WEB=127.0.0.1:8080 holdord demo
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def before_settings() -> None:
    """Make this a demo, with the mailbox as its mail server."""
    os.environ["HOLDORD_DEMO"] = "yes"
    os.environ.setdefault("HOLDORD_SMTP_SERVER", "127.0.0.1:2526")


def run(options: argparse.Namespace) -> int:
    from django.conf import settings  # noqa: PLC0415 - needs Django set up

    from holdord.config.upkeep import create  # noqa: PLC0415 - needs Django set up
    from holdord.stories import cast, catching, telling  # noqa: PLC0415 - needs Django set up
    from holdord.stories.executors.opening import open_companies  # noqa: PLC0415 - needs Django set up
    from holdord.stories.executors.starting import Running  # noqa: PLC0415 - only for the demo

    create()
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    mailbox = catching.catcher(settings.SMTP_HOST, settings.SMTP_PORT)
    mailbox.start()
    companies: list[Running] = []
    try:
        if not telling.is_told():
            telling.tell(_say)
            sys.stdout.write("\n")
        companies += open_companies()
        for line in _welcome(cast.PASSWORD):
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        return run_parts([Part.WEB, Part.WORKER, Part.SMTP])
    finally:
        for company in companies:
            company.stop()
        mailbox.stop()


def _say(progress: str) -> None:
    if sys.stdout.isatty():
        sys.stdout.write(f"\r{progress}  ")
        sys.stdout.flush()


def _welcome(password: str) -> list[str]:
    from django.conf import settings  # noqa: PLC0415 - needs Django set up

    from holdord.people.models import Inbox  # noqa: PLC0415 - needs Django set up

    desk = settings.PUBLIC_URL
    host, port = settings.LISTEN_SMTP or ("off", 0)
    first = Inbox.objects.order_by("pk")[0]
    return [
        "",
        f"  The desk:              {desk}/",
        f"      agent              maja@holdord.example   {password}",
        f"      lead               karen@holdord.example  {password}",
        f"      administrator      admin@holdord.example  {password}",
        f"  A contact form:        {desk}/write/{first.slug}/",
        f"  Help, a chat:          {desk}/help/{first.slug}/  {desk}/chat/{first.slug}/",
        f"  All cases of a customer: {desk}/mine/",
        f"  The customers' mail:   {desk}/demo/mail/",
        f"  Shop and card issuer:  {desk}/demo/systems/",
        f"  Mail to the desk:      smtp://{host}:{port}  (for example to {first.address})",
        "",
    ]
