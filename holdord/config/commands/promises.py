"""The promise ledger, for people at a terminal and for programs."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from holdord.people.models import Agent, Inbox
    from holdord.promises.models import Promise

HELP = """Look at promises, give them, move them, and end them. Times are on the clock of the promise's inbox unless
they carry an offset. A promise that does not fit into its pool is refused (exit 2), and the earliest time that holds is
said."""
EXAMPLES = """examples:
  holdord promises board
  holdord promises list --at-risk --json
  holdord promises give 4821 callback --by 2026-11-24T14:00 --agent maja@example.com
  holdord promises give 4821 refund --what "199 kr. back on your account" --agent maja@example.com
  holdord promises move 77 --to 2026-11-26 --reason "The carrier is late." --agent maja@example.com
  holdord promises keep 77 --agent maja@example.com
"""
REFUSED = 2


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    listed = acts.add_parser("list", help="running promises, what breaks first on top")
    listed.add_argument("--team", help="those of one team")
    chosen = listed.add_mutually_exclusive_group()
    chosen.add_argument("--at-risk", action="store_true", help="past their warning, or without room in their pool")
    chosen.add_argument("--broken", action="store_true", help="broken in the last seven days")
    listed.add_argument("--limit", type=int, default=100)
    listed.add_argument("--json", action="store_true", help="one object a line")
    given = acts.add_parser("give", help="promise something to the customer of a conversation")
    given.add_argument("conversation", type=int)
    given.add_argument("kind", choices=["callback", "update", "delivery", "refund", "fix", "visit", "other"])
    given.add_argument("--what", default="", help="in words the customer reads; the usual words of the kind otherwise")
    given.add_argument("--by", help="a day or a moment; the earliest that holds otherwise")
    given.add_argument("--work", type=int, help="minutes it takes")
    given.add_argument("--override", default="", metavar="REASON", help="promise it though there is no room (leads)")
    moved = acts.add_parser("move", help="give one a new time; the customer is told, with the reason")
    moved.add_argument("promise", type=int)
    moved.add_argument("--to", help="a day or a moment; the first that holds otherwise")
    moved.add_argument("--reason", required=True, help="in words the customer reads")
    for name, words in (("keep", "it is done"), ("release", "the customer let it go")):
        acts.add_parser(name, help=words).add_argument("promise", type=int)
    board = acts.add_parser("board", help="what is at risk, the pools, and what was broken")
    board.add_argument("--team")
    board.add_argument("--json", action="store_true")
    for act in ("give", "move", "keep", "release"):
        acts.choices[act].add_argument("--agent", required=True, help="the address of who does it")
        acts.choices[act].add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    from holdord.conversations.models import Conversation  # noqa: PLC0415 - needs Django set up
    from holdord.people.models import Agent, Team  # noqa: PLC0415 - needs Django set up
    from holdord.promises.actions import AlreadySettled, NoCapacity, NotAllowed, NoTime  # noqa: PLC0415 - needs Django set up
    from holdord.promises.models import Promise  # noqa: PLC0415 - needs Django set up

    acts: dict[str, Callable[[argparse.Namespace], int]] = {
        "list": _list, "give": _give, "move": _move, "keep": _keep, "release": _release, "board": _board,
    }  # fmt: skip
    try:
        return acts[options.act](options)
    except (Conversation.DoesNotExist, Promise.DoesNotExist, Agent.DoesNotExist, Team.DoesNotExist) as missing:
        return _refuse(f"there is no such {type(missing).__qualname__.partition('.')[0].lower()}", code=1)
    except NoCapacity as full:
        return _refuse(
            f"that time does not hold; the earliest that does is {full.earliest.due_at.isoformat()}"
            if full.earliest
            else "no time is known to hold"
        )
    except NoTime:
        return _refuse("say by when (--by), at a time still to come")
    except NotAllowed:
        return _refuse("only a lead may promise what there is no room for")
    except AlreadySettled:
        return _refuse("it has ended already")
    except ValueError as wrong:
        return _refuse(f"{wrong}; a time is like 2026-11-24 or 2026-11-24T14:00", code=1)


def _refuse(words: str, code: int = REFUSED) -> int:
    sys.stderr.write(f"holdord: {words}\n")
    return code


def _list(options: argparse.Namespace) -> int:
    for promise in _chosen(options)[: options.limit]:
        _say(promise, options)
    return 0


def _chosen(options: argparse.Namespace) -> "QuerySet[Promise]":
    from django.db.models import Q  # noqa: PLC0415 - needs Django set up

    from holdord.kernel import clock  # noqa: PLC0415 - needs Django set up
    from holdord.people.models import Team  # noqa: PLC0415 - needs Django set up
    from holdord.promises.models import Promise  # noqa: PLC0415 - needs Django set up

    now, rows = clock.now(), Promise.objects.select_related("conversation__inbox", "team", "owner")
    if options.team:
        rows = rows.filter(team=Team.objects.get(name=options.team))
    if getattr(options, "broken", False):
        return rows.filter(state="broken", settled_at__gte=now - timedelta(days=7)).order_by("-settled_at")
    rows = rows.running().order_by("rank_at", "pk")
    return rows.filter(Q(warn_at__lte=now) | Q(unfit_at__isnull=False)) if getattr(options, "at_risk", False) else rows


def _give(options: argparse.Namespace) -> int:
    from holdord.conversations.models import Conversation  # noqa: PLC0415 - needs Django set up
    from holdord.kernel import clock  # noqa: PLC0415 - needs Django set up
    from holdord.kernel.moments import Precision  # noqa: PLC0415 - needs Django set up
    from holdord.promises import actions  # noqa: PLC0415 - needs Django set up
    from holdord.promises.queries import usual_terms  # noqa: PLC0415 - needs Django set up
    from holdord.promises.rules import Kind, Source, usual_precision  # noqa: PLC0415 - needs Django set up

    conversation = Conversation.objects.select_related("inbox", "team").get(pk=options.conversation)
    kind, due_at = Kind(options.kind), None
    precision = usual_precision(kind)
    if options.by:
        due_at, by_day = _moment(options.by, conversation.inbox)
        precision = Precision.DAY if by_day else Precision.MINUTE
    terms = usual_terms(
        conversation,
        kind,
        what=options.what,
        due_at=due_at,
        precision=precision,
        work=timedelta(minutes=options.work) if options.work is not None else None,
    )
    given = actions.Given(source=Source.AGENT, by=_agent(options), override_reason=options.override)
    _say(actions.give(conversation, terms, given, now=clock.now()), options)
    return 0


def _move(options: argparse.Namespace) -> int:
    from holdord.kernel import clock  # noqa: PLC0415 - needs Django set up
    from holdord.people.queries import calendar_of  # noqa: PLC0415 - needs Django set up
    from holdord.promises import actions  # noqa: PLC0415 - needs Django set up
    from holdord.promises.queries import on_the_grid, terms_of  # noqa: PLC0415 - needs Django set up

    promise, to = _promise(options), None
    if options.to:
        to, _by_day = _moment(options.to, promise.conversation.inbox)
        to = on_the_grid(terms_of(promise), to, calendar_of(promise.conversation.inbox))
    actions.move_and_tell(promise, to=to, reason=options.reason, by=_agent(options), now=clock.now())
    _say(_promise(options), options)
    return 0


def _keep(options: argparse.Namespace) -> int:
    from holdord.kernel import clock  # noqa: PLC0415 - needs Django set up
    from holdord.promises import actions  # noqa: PLC0415 - needs Django set up

    actions.keep(_promise(options), evidence=None, by=_agent(options), now=clock.now())
    _say(_promise(options), options)
    return 0


def _release(options: argparse.Namespace) -> int:
    from holdord.kernel import clock  # noqa: PLC0415 - needs Django set up
    from holdord.promises import actions  # noqa: PLC0415 - needs Django set up

    actions.release(_promise(options), evidence=None, by=_agent(options), now=clock.now())
    _say(_promise(options), options)
    return 0


def _board(options: argparse.Namespace) -> int:
    options.at_risk, options.broken, options.limit = True, False, 50
    at_risk = list(_chosen(options)[: options.limit])
    options.at_risk, options.broken = False, True
    broken = list(_chosen(options)[: options.limit])
    pools = list(_pools())
    if options.json:
        found = {"at_risk": [_row(each) for each in at_risk], "pools": pools, "broken": [_row(each) for each in broken]}
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        return 0
    for title, rows in (("At risk", at_risk), ("Broken in the last seven days", broken)):
        sys.stdout.write(f"{title}: {len(rows) or 'nothing'}\n")
        for promise in rows:
            _say(promise, options)
    for pool in pools:
        sys.stdout.write("{pool}: {promised} promised, {unfit} no longer fit\n".format(**pool))
    return 0


def _pools() -> Iterable[dict[str, Any]]:
    from holdord.promises.models import Pool, Promise, PromisedDay  # noqa: PLC0415 - needs Django set up

    for pool in Pool.objects.select_related("team").order_by("kind", "key"):
        yield {
            "pool": pool.key or (pool.team.name if pool.team else ""),
            "kind": pool.kind,
            "promised": sum(PromisedDay.objects.filter(pool=pool).values_list("amount", flat=True)),
            "unfit": Promise.objects.unfit().filter(unfit_in=pool).count(),
        }


def _promise(options: argparse.Namespace) -> "Promise":
    from holdord.promises.models import Promise  # noqa: PLC0415 - needs Django set up

    return Promise.objects.select_related("conversation__inbox", "team", "owner").get(pk=options.promise)


def _agent(options: argparse.Namespace) -> "Agent":
    from holdord.people.models import Agent  # noqa: PLC0415 - needs Django set up

    return Agent.objects.get(email=options.agent.lower(), is_active=True)


def _moment(text: str, inbox: "Inbox") -> tuple[datetime, bool]:
    """A moment on the inbox's clock, and whether only a day was given."""
    from holdord.people.queries import calendar_of  # noqa: PLC0415 - needs Django set up
    from holdord.promises.queries import end_of_day  # noqa: PLC0415 - needs Django set up

    if len(text) == 10:
        return end_of_day(date.fromisoformat(text), calendar_of(inbox)), True
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(inbox.time_zone))), False


def _row(promise: "Promise") -> dict[str, Any]:
    return {
        "promise": promise.pk,
        "conversation": promise.conversation_id,
        "kind": promise.kind,
        "what": promise.what,
        "state": promise.state,
        "due_at": promise.due_at.isoformat(),
        "earliest_at": promise.earliest_at.isoformat() if promise.earliest_at else None,
        "precision": promise.precision,
        "team": promise.team.name,
        "owner": promise.owner.email if promise.owner else None,
        "source": promise.source,
        "fits": promise.unfit_at is None,
        "override_reason": promise.override_reason or None,
    }


def _say(promise: "Promise", options: argparse.Namespace) -> None:
    if options.json:
        sys.stdout.write(json.dumps(_row(promise), ensure_ascii=False) + "\n")
        return
    due = promise.due_at.astimezone(ZoneInfo(promise.conversation.inbox.time_zone))
    when = f"{due:%Y-%m-%d}      " if promise.precision == "day" else f"{due:%Y-%m-%d %H:%M}"
    owner = promise.owner.name if promise.owner else promise.team.name
    room = "" if promise.unfit_at is None else "  no room"
    sys.stdout.write(
        f"{promise.pk:>7}  {when}  {promise.kind:<9} {promise.state:<8} #{promise.conversation_id}  "
        f"{promise.what}  ({owner}){room}\n"
    )
