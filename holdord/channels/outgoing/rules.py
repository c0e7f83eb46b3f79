"""What is decided about sending without a database."""

from datetime import timedelta

_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15, 30, 60, 120, 240))
GIVES_UP_AFTER = timedelta(hours=48)
"""A message that was refused for now for this long will not arrive; its author knows since the 15th minute."""

_NOBODY_THERE = frozenset(
    {"mailer-daemon", "postmaster", "daemon", "bounce", "bounces", "noreply", "no-reply", "donotreply", "do-not-reply"}
    | {"no_reply", "do_not_reply", "ikke-svar", "ikkesvar", "svar-ikke", "svarikke", "svara-ej", "svaraej"}
    | {"nicht-antworten", "keine-antwort", "keineantwort", "listserv", "majordomo", "nobody", "autoresponder"}
)
_BEGINNINGS = (
    "noreply",
    "no-reply",
    "no_reply",
    "donotreply",
    "do-not-reply",
    "bounce-",
    "bounces-",
    "bounce+",
    "owner-",
)
_ENDINGS = ("-noreply", "-no-reply", "-bounces", "-bounce", "-request", "-owner")


def wait_before(attempt: int) -> timedelta:
    """How long to wait after the given number of attempts (from 1)."""
    return _WAITS[min(attempt, len(_WAITS)) - 1]


def nobody_reads(address: str) -> bool:
    """Whether this is an address of a machine: no-reply, a daemon, the command address of a list."""
    local = address.partition("@")[0].partition("+")[0].lower()
    return local in _NOBODY_THERE or local.startswith(_BEGINNINGS) or local.endswith(_ENDINGS)
