"""Orders from a table."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdord.orders.tables import OrderItem, Result
    from holdord.people.models import Inbox

HELP = """Take a table (CSV) of orders and of what became of them, line by line. The same table twice changes nothing: a
run that was interrupted is run again. Exits 1 when a line could not be done."""
EXAMPLES = """examples:
  holdord orders orders.csv --inbox lysbro --dry-run      says what each line would do
  holdord orders orders.csv --inbox lysbro
  holdord orders - --inbox lysbro --json < events.csv
columns: number, kind, event, at, email, name, language, sku, article, quantity, price, promised_on, accept_later,
  reason, by, new_date. A line without a kind is an order; kinds are shipped, delivered, delayed, cancelled.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a CSV file, - for standard input")
    parser.add_argument("--inbox", help="the short name of the inbox; not needed when there is one")
    parser.add_argument("--dry-run", action="store_true", help="say what each line would do, and change nothing")
    parser.add_argument("--json", action="store_true", help="one object a line")


def run(options: argparse.Namespace) -> int:
    from holdord.orders.tables import NotATable, orders_in, text_of  # noqa: PLC0415 - needs Django set up
    from holdord.people.models import Inbox  # noqa: PLC0415 - needs Django set up

    inboxes = list(Inbox.objects.filter(slug=options.inbox) if options.inbox else Inbox.objects.all()[:2])
    if len(inboxes) != 1:
        wrong = f"no inbox has the short name {options.inbox}" if options.inbox else "which inbox? --inbox says it"
        sys.stderr.write(f"holdord: {wrong}\n")
        return 2
    try:
        content = sys.stdin.buffer.read() if str(options.file) == "-" else options.file.read_bytes()
        items = orders_in(text_of(content), zone=inboxes[0].time_zone)
    except NotATable as fault:
        sys.stderr.write(f"holdord: the first line must name these columns: {fault}\n")
        return 2
    except OSError as fault:
        sys.stderr.write(f"holdord: {fault}\n")
        return 2
    return _tell(_results(items, inboxes[0], dry=options.dry_run), as_json=options.json)


def _results(items: "list[OrderItem]", inbox: "Inbox", *, dry: bool) -> "Iterator[Result]":
    from holdord.kernel import clock  # noqa: PLC0415 - needs Django set up
    from holdord.orders.looking import Looking  # noqa: PLC0415 - needs Django set up
    from holdord.orders.uploads import do  # noqa: PLC0415 - needs Django set up

    return Looking(inbox, clock.now()).results(items) if dry else (do(item, inbox, now=clock.now()) for item in items)


def _tell(results: "Iterator[Result]", *, as_json: bool) -> int:
    wrong = 0
    for result in results:
        wrong += result.is_wrong
        show(result, as_json=as_json)
    return 1 if wrong else 0


def show(result: "Result", *, as_json: bool) -> None:
    """Print what became of a line."""
    from holdord.desk.upload_rows import in_words  # noqa: PLC0415 - needs Django set up

    words = in_words(result.outcome, said=result.said, column=result.column)
    row = {"line": result.line, "outcome": result.outcome, "wrong": result.is_wrong, "column": result.column}
    if as_json:
        sys.stdout.write(json.dumps({**row, "words": words}, ensure_ascii=False) + "\n")
    else:
        where = f"line {result.line}" + (f", {result.column}" if result.column else "")
        sys.stdout.write(f"{where}: {words}\n")
