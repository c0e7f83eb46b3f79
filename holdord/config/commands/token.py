"""Access for programs."""

import argparse
import json
import sys

HELP = "Make tokens for programs that use the API, list them, revoke them. A token is shown once."
EXAMPLES = """examples:
  holdord token add "Web shop" --scope orders:write --inbox lysbro
  holdord token add Planner --scope pools:write --scope promises:read
  holdord token list --json
  holdord token revoke holdord_1a2b3c
"""
SCOPES = ["orders:read", "orders:write", "promises:read", "promises:write", "pools:read", "pools:write"]


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="make a token and print it, once")
    add.add_argument("name", help="which program uses it")
    add.add_argument("--scope", action="append", required=True, choices=SCOPES, help="what it may do; several times")
    add.add_argument("--inbox", help="only in this inbox, by its short name")
    listing = acts.add_parser("list", help="every token, without its secret")
    listing.add_argument("--json", action="store_true")
    revoke = acts.add_parser("revoke", help="let a token open nothing from now on")
    revoke.add_argument("prefix", help="how it begins, as `list` shows it")


def run(options: argparse.Namespace) -> int:
    return {"add": _add, "list": _list, "revoke": _revoke}[options.act](options)


def _add(options: argparse.Namespace) -> int:
    from holdord.kernel import clock  # noqa: PLC0415 - needs Django set up
    from holdord.people.models import Inbox  # noqa: PLC0415 - needs Django set up
    from holdord.people.tokens import make_token  # noqa: PLC0415 - needs Django set up

    inbox = Inbox.objects.filter(slug=options.inbox).first() if options.inbox else None
    if options.inbox and inbox is None:
        sys.stderr.write(f"holdord: no inbox has the short name {options.inbox}\n")
        return 1
    _, secret = make_token(name=options.name, scopes=options.scope, inbox=inbox, by=None, now=clock.now())
    sys.stdout.write(secret + "\n")
    return 0


def _list(options: argparse.Namespace) -> int:
    from holdord.people.models import ApiToken  # noqa: PLC0415 - needs Django set up

    for token in ApiToken.objects.select_related("inbox").order_by("pk"):
        row = {
            "prefix": token.prefix,
            "name": token.name,
            "inbox": token.inbox.slug if token.inbox else None,
            "scopes": token.scopes,
            "last_used_at": token.last_used_at.isoformat() if token.last_used_at else None,
            "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
        }
        if options.json:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        else:
            gone = "(revoked) " if token.revoked_at else ""
            where = row["inbox"] or "every inbox"
            sys.stdout.write(f"{token.prefix:16} {gone}{token.name}: {where}, {' '.join(token.scopes)}\n")
    return 0


def _revoke(options: argparse.Namespace) -> int:
    from holdord.kernel import clock  # noqa: PLC0415 - needs Django set up
    from holdord.people.models import ApiToken  # noqa: PLC0415 - needs Django set up
    from holdord.people.tokens import revoke_token  # noqa: PLC0415 - needs Django set up

    token = ApiToken.objects.filter(prefix=options.prefix).first()
    if token is None:
        sys.stderr.write(f"holdord: no token begins with {options.prefix}\n")
        return 1
    revoke_token(token, by=None, now=clock.now())
    sys.stdout.write(f"{token.prefix} opens nothing any more.\n")
    return 0
