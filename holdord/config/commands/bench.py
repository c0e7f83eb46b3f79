"""Measure this machine."""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdord.config.bench.measuring import Figure

HELP = """Fill a desk with conversations, start the real server beside it, talk to it by socket, and print each figure
beside its floor: the same rows written, or the same statements asked, by the bare database driver in the same run. Uses
a directory of its own, which it removes, unless HOLDORD_BENCH_DATA names one; HOLDORD_DATABASE_URL may name an empty
PostgreSQL database."""
EXAMPLES = """examples:
  holdord bench
  holdord bench --conversations 1000000
  holdord bench listening > docs/listening.md     how well texts are read
  HOLDORD_BENCH_DATA=/var/tmp/bench holdord bench --conversations 1000000 --json     fills once, measures again
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="?", default="desk", choices=["desk", "listening"], help="what is measured (desk)"
    )
    parser.add_argument("--conversations", type=int, default=10_000, help="how large the desk is (10,000)")
    parser.add_argument("--mails", type=int, default=2_000, help="how many mails are sent to it (2,000)")
    parser.add_argument("--promises", type=int, default=100_000, help="how many stand in one pool (100,000)")
    parser.add_argument("--check", action="store_true", help="fail when a figure is far off what it should be")
    parser.add_argument("--json", action="store_true", help="one JSON object for each figure")


def before_settings() -> None:
    """A desk of its own, never the one that is in use."""
    os.environ["HOLDORD_DEMO"] = "yes"
    os.environ["HOLDORD_DATA"] = os.environ.get("HOLDORD_BENCH_DATA") or tempfile.mkdtemp(prefix="holdord-bench-")


def run(options: argparse.Namespace) -> int:
    if options.what == "listening":
        return _listening(options)
    from django.conf import settings  # noqa: PLC0415 - needs Django set up

    from holdord.config.bench import measuring  # noqa: PLC0415 - needs Django set up
    from holdord.config.bench.budgets import far_off  # noqa: PLC0415 - needs Django set up
    from holdord.config.bench.filling import fill, show_progress  # noqa: PLC0415 - needs Django set up
    from holdord.config.bench.ledger import ledger  # noqa: PLC0415 - needs Django set up
    from holdord.config.bench.running import server  # noqa: PLC0415 - needs Django set up
    from holdord.config.upkeep import create  # noqa: PLC0415 - needs Django set up
    from holdord.conversations.models import Conversation  # noqa: PLC0415 - needs Django set up

    try:
        create()
        _people()
        floor = _floor_of_mail(min(options.mails, 400))
        missing = options.conversations - Conversation.objects.count()
        if missing > 0:
            fill(missing, show_progress)
            sys.stderr.write("\n")
        figures: list[Figure] = []
        agent = measuring.an_agent()
        with server(sends_to=9, sending_threads=0) as running:
            visitor = measuring.Visitor(running, agent)
            figures += measuring.start(running)
            figures += measuring.pages(visitor)
            figures += measuring.searches(visitor)
            figures.append(measuring.reply(visitor))
            figures.append(measuring.guard(visitor))
            figures.append(measuring.live(running, visitor))
            figures += measuring.tick()
            figures.append(measuring.memory(running, visitor, 300 if options.check else 1000))
            figures += measuring.mail_in(running, options.mails, floor)
        figures.append(_sending())
        figures += ledger(options.promises)
        for figure in figures:
            sys.stdout.write((figure.as_json() if options.json else _line(figure)) + "\n")
    finally:
        if "HOLDORD_BENCH_DATA" not in os.environ:
            shutil.rmtree(settings.DATA, ignore_errors=True)
    failures = far_off(figures) if options.check else []
    for failure in failures:
        sys.stderr.write(f"Far off: {failure}\n")
    return 1 if failures else 0


def _listening(options: argparse.Namespace) -> int:
    from holdord.config.bench import reading  # noqa: PLC0415 - the bank is read here alone

    if options.json:
        sys.stdout.write(reading.as_json() + "\n")
    else:
        for block in reading.listening():
            sys.stdout.write(block + "\n\n")
    return 0


def _line(figure: "Figure") -> str:
    floor = f"{figure.floor:10.2f}" if figure.floor is not None else " " * 10
    ratio = f"{figure.ratio:6.1f} ×" if figure.ratio is not None else " " * 8
    return f"{figure.what:44} {figure.value:10.2f} {figure.unit:8} floor {floor} {ratio}  {figure.said}"


def _people() -> None:
    """Ten inboxes with ten teams, each with ten people who work weekdays nine to five."""
    from datetime import time as wall  # noqa: PLC0415 - the module's own time is another

    from holdord.kernel import clock  # noqa: PLC0415 - needs Django set up
    from holdord.people.administration import InboxTerms, open_inbox  # noqa: PLC0415 - needs Django set up
    from holdord.people.models import Agent, Inbox, Membership, Role, Team  # noqa: PLC0415 - needs Django set up
    from holdord.promises.models import Pledge  # noqa: PLC0415 - needs Django set up

    if Inbox.objects.exists():
        return
    Agent.objects.create_user("bench@bench.example", None, name="Bench", role=Role.ADMINISTRATOR)
    hours = [(weekday, wall(9), wall(17)) for weekday in range(5)]
    for number in range(10):
        team = Team.objects.create(name=f"Team {number}")
        for person in range(10):
            agent = Agent.objects.create_user(f"{number}.{person}@bench.example", None, name=f"Agent {person}")
            Membership.objects.create(agent=agent, team=team)
        terms = InboxTerms(
            name=f"Brand {number}",
            address=f"brand{number}@bench.example",
            language="da",
            time_zone="Europe/Copenhagen",
            country="DK",
            subdivision="",
            hours=hours,
        )
        inbox = open_inbox(terms, team=team, now=clock.now())
        Pledge.objects.create(inbox=inbox, within_minutes=240, work_minutes=10)


def _floor_of_mail(count: int) -> float:
    """Mails a second whose rows the bare driver writes durably, twenty in a transaction; without reading them."""
    from holdord.channels import jobs  # noqa: PLC0415 - needs Django set up
    from holdord.channels.actions import Incoming, accept  # noqa: PLC0415 - needs Django set up
    from holdord.channels.models import Transport  # noqa: PLC0415 - needs Django set up
    from holdord.config.bench.floors import Bare, copy_of_the_database, drop_copy, recording  # noqa: PLC0415
    from holdord.config.bench.measuring import letters  # noqa: PLC0415 - needs Django set up
    from holdord.kernel import clock  # noqa: PLC0415 - needs Django set up
    from holdord.people.models import Inbox  # noqa: PLC0415 - needs Django set up

    inbox = Inbox.objects.order_by("pk")[0]
    copy = copy_of_the_database()
    mails = letters(count, inbox)
    with recording() as recorded:
        for mail in mails:
            accept([Incoming(mail, Transport.SMTP, inbox.pk, envelope_from="a@bench.example")], now=clock.now())
        while jobs.read_arrivals():
            pass
    bare = Bare(copy)
    spent = bare.play(recorded.writes, commit_every=20 * max(1, len(recorded.writes) // count))
    bare.close()
    drop_copy(copy)
    return count / spent


def _sending() -> "Figure":
    """The letters that wait, sent to a server that takes them."""
    from holdord.config.bench import measuring  # noqa: PLC0415 - needs Django set up
    from holdord.config.bench.running import server  # noqa: PLC0415 - needs Django set up

    waiting = measuring.waiting_to_go()
    with _taker() as port, server(sends_to=port):
        time.sleep(0.2)
        begun, before = time.perf_counter(), measuring.waiting_to_go()
        while time.perf_counter() - begun < 20 and measuring.waiting_to_go() > 0:
            time.sleep(0.1)
        return measuring.mail_out(max(0, min(before, waiting) - measuring.waiting_to_go()), time.perf_counter() - begun)


@contextmanager
def _taker() -> Iterator[int]:
    from holdord.stories.catching import taker  # noqa: PLC0415 - needs Django set up

    controller = taker()
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
