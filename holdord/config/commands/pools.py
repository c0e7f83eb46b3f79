"""What promises draw on."""

import argparse
import json
import sys
from pathlib import Path

from holdord.config.commands.orders import show

HELP = "List the pools that promises draw on, make one, set their places from a table (CSV)."
EXAMPLES = """examples:
  holdord pools list --json
  holdord pools add parcels --name "Parcels a day" --kind flow --serves delivery
  holdord pools set places.csv --dry-run
  holdord pools set - < places.csv
columns: pool, places, and a date (the whole day) or starts_at and ends_at.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    acts.add_parser("list", help="every counted pool").add_argument("--json", action="store_true")
    add = acts.add_parser("add", help="make a pool")
    add.add_argument("key", help="the word that tables and programs use; for a stock the article's key")
    add.add_argument("--name", required=True)
    add.add_argument("--kind", default="flow", choices=["flow", "slots", "stock"])
    add.add_argument(
        "--serves", default="delivery", choices=["callback", "update", "delivery", "refund", "fix", "visit", "other"]
    )
    places = acts.add_parser("set", help="set places from a table")
    places.add_argument("file", type=Path, metavar="FILE", help="a CSV file, - for standard input")
    places.add_argument("--dry-run", action="store_true", help="say what each line would do, and change nothing")
    places.add_argument("--json", action="store_true", help="one object a line")


def run(options: argparse.Namespace) -> int:
    return {"list": _list, "add": _add, "set": _set}[options.act](options)


def _list(options: argparse.Namespace) -> int:
    from holdord.promises.models import Pool  # noqa: PLC0415 - needs Django set up

    for pool in Pool.objects.exclude(kind="minutes").select_related("team").order_by("key"):
        team = pool.team.name if pool.team else None
        row = {"key": pool.key, "name": pool.name, "kind": pool.kind, "serves": pool.serves, "team": team}
        words = f"{pool.key:24} {pool.kind:6} {pool.serves:10} {pool.name}"
        sys.stdout.write((json.dumps(row, ensure_ascii=False) if options.json else words) + "\n")
    return 0


def _add(options: argparse.Namespace) -> int:
    from holdord.promises.actions import PoolExists, add_pool  # noqa: PLC0415 - needs Django set up
    from holdord.promises.rules import Kind, PoolKind  # noqa: PLC0415 - needs Django set up

    try:
        add_pool(key=options.key, name=options.name, kind=PoolKind(options.kind), serves=Kind(options.serves))
    except PoolExists:
        sys.stderr.write(f"holdord: there is a pool {options.key} already\n")
        return 1
    return 0


def _set(options: argparse.Namespace) -> int:
    from django.conf import settings  # noqa: PLC0415 - needs Django set up

    from holdord.kernel import clock  # noqa: PLC0415 - needs Django set up
    from holdord.orders.tables import NotATable, places_in, text_of  # noqa: PLC0415 - needs Django set up
    from holdord.orders.uploads import PORTION, in_order, place  # noqa: PLC0415 - needs Django set up
    from holdord.people.models import Inbox  # noqa: PLC0415 - needs Django set up
    from holdord.promises.models import Pool  # noqa: PLC0415 - needs Django set up

    inbox = Inbox.objects.order_by("pk").first()
    try:
        content = sys.stdin.buffer.read() if str(options.file) == "-" else options.file.read_bytes()
        items = places_in(text_of(content), zone=inbox.time_zone if inbox else settings.TIME_ZONE)
    except (NotATable, OSError) as fault:
        sys.stderr.write(f"holdord: {fault}\n")
        return 2
    pools = {pool.key: pool for pool in Pool.objects.exclude(kind="minutes")}
    lines = in_order(items, pools)
    results = [result for _, result, _ in lines]
    if not options.dry_run:
        results = []
        for first in range(0, len(lines), PORTION):
            results += place(lines[first : first + PORTION], pools, now=clock.now(), by=None)
            if len(lines) > PORTION and sys.stderr.isatty():
                sys.stderr.write(f"\r{len(results):,} of {len(lines):,} lines")
    for result in sorted(results, key=lambda result: result.line):
        show(result, as_json=options.json)
    return 1 if any(result.is_wrong for result in results) else 0
