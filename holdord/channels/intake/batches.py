"""Taking the arrivals that wait, in batches: one commit for twenty mails."""

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, connection, connections, transaction
from django.db.models import F

from holdord.channels import raw as raw_mail
from holdord.channels.email.reading import ReadMail
from holdord.channels.intake.committing import repeatable
from holdord.channels.intake.reading import read_mail
from holdord.channels.intake.storing import store
from holdord.channels.models import Arrival, ArrivalState, Transport
from holdord.conversations import search
from holdord.conversations.models import Message
from holdord.files.storage import StorageIsAway
from holdord.history.conflicts import is_too_much, was_rolled_back_for_another
from holdord.history.finding import Find
from holdord.history.pipelining import pipelined
from holdord.history.rows import LookUp, cursor_of
from holdord.kernel.remembering import remembered
from holdord.people.models import Inbox

Reading = tuple[Arrival, ReadMail | Exception]
log = logging.getLogger("holdord.intake")

BATCH = 20
ATTEMPTS = 3
"""How often a mail is tried whose trouble may pass (two workers meeting at one row); others wait for people at once."""

LONGEST_TRANSACTION = 0.05
"""Seconds after which a transaction takes no further mail: others wait to write, pages among them."""

TOGETHER = 3
"""How often a batch is tried that gave way to others, before its mails are stored one by one."""

_GIVE_WAY = "SET LOCAL lock_timeout = '300ms'"
"""Sooner than PostgreSQL looks for two who wait for each other (after a second), so that it never ends what a person
does: it would be they who have to try again.
"""

WAITS_BETWEEN = timedelta(seconds=5)
WAITS_FOR_FILES = timedelta(seconds=30)
"""How long a mail with files waits when their store is away; mails without go on."""


def read_waiting(*, now: datetime) -> int:
    """Read up to twenty of the mails that wait; how many were looked at.

    Raises django.db.OperationalError or OSError when the database or the disk is the trouble: nothing is blamed on a
    mail then, and all of them wait on.
    """
    waiting = _waiting(now)
    if not waiting:
        return 0
    inboxes = _inboxes()
    turn = _Turn(inboxes, frozenset(inbox.address.lower() for inbox in inboxes.values()), now)
    read: list[Reading] = [(arrival, _read(arrival, turn.own)) for arrival in waiting]
    while read:
        read = _store_beside_others(read, turn)
    return len(waiting)


@dataclass(frozen=True, slots=True)
class _Turn:
    """What is the same for all mails of a turn: the inboxes by their keys, their addresses, and the time."""

    inboxes: dict[int, Inbox]
    own: frozenset[str]
    now: datetime


@remembered(lambda: None)
def _inboxes() -> dict[int, Inbox]:
    return {inbox.pk: inbox for inbox in Inbox.objects.all()}


def _store_beside_others(read: list[Reading], turn: _Turn) -> list[Reading]:
    """Store some; those that are left. The first mail of a batch may hold a pool while the second waits for a
    conversation, and whoever dismisses that one holds it and waits for the pool: then the batch gives way, and is tried
    again. One mail alone takes its conversation before a pool, as everybody does.
    """
    for _ in range(TOGETHER):
        try:
            return _store_together(read, turn)
        except Exception as trouble:  # noqa: BLE001 - whosever it is, one mail alone will say so
            if not was_rolled_back_for_another(trouble):
                log.info("a batch of %s mails is stored one by one: %s", len(read), type(trouble).__name__)
                break
            log.info("a batch of %s mails gave way to others", len(read))
    _store_one_by_one(read, turn)
    return []


def _store_one_by_one(read: list[Reading], turn: _Turn) -> None:
    """Trouble of the database or the disk is blamed on no mail, and raised when the others had their turn: it may be
    the trouble of one all the same.
    """
    met: Exception | None = None
    for arrival, mail in read:
        try:
            _store_alone(arrival, mail, turn)
        except (OperationalError, OSError) as trouble:
            if not connection.is_usable():
                raise
            met = trouble
    if met is not None:
        raise met


def _store_together(read: list[Reading], turn: _Turn) -> list[Reading]:
    """Store mails in one transaction until its time is up; those that are left. All or none are stored."""
    until = time.monotonic() + LONGEST_TRANSACTION
    done = 0
    stored: list[Message] = []
    with repeatable():
        if len(read) > 1 and connection.vendor == "postgresql":
            cursor_of(connections[DEFAULT_DB_ALIAS]).execute(_GIVE_WAY)
        ours = _claim(read)
        with pipelined(len(ours)):
            for arrival, mail in read:
                if arrival.pk in ours:
                    _store(arrival, mail, turn, stored.append)
                done += 1
                if time.monotonic() > until:
                    break
            search.index(*stored)
    return read[done:]


def _store_alone(arrival: Arrival, mail: ReadMail | Exception, turn: _Turn) -> None:
    """Store a mail in a transaction of its own. What keeps it out is its own trouble, and said with it."""
    try:
        with repeatable():
            if _claim([(arrival, mail)]):
                _store(arrival, mail, turn, search.index)
    except StorageIsAway:
        log.warning("arrival %s waits: the store of files is away", arrival.pk)
        Arrival.objects.waiting().filter(pk=arrival.pk).update(next_attempt_at=turn.now + WAITS_FOR_FILES)
    except Exception as trouble:
        if isinstance(trouble, OperationalError | OSError) and not is_too_much(trouble):
            raise
        log.exception("arrival %s can't be stored", arrival.pk)
        _set_aside(arrival, trouble, turn.now)


def _waiting(now: datetime) -> list[Arrival]:
    """The next that wait, but for those another worker is storing: on PostgreSQL these are locked, and passed over."""
    if not connection.features.has_select_for_update_skip_locked:
        return _WAITING.all(now)
    with transaction.atomic():
        return _WAITING.all(now)


_WAITING = Find(
    lambda now: (
        Arrival.objects.waiting()
        .filter(next_attempt_at__lte=now)
        .select_related("raw")
        .order_by("next_attempt_at", "pk")
        .select_for_update(skip_locked=True, of=("self",))[:BATCH]
    ),
    datetime,
)


def _claim(read: list[Reading]) -> set[int]:
    """Which of these this worker has, until its transaction ends, and perhaps others that came between them.

    On PostgreSQL the rows are locked, and another worker's are left to it, not waited for; SQLite has one writer.
    """
    keys = [arrival.pk for arrival, _ in read]
    return {key for (key,) in _STILL_WAITING.rows(min(keys), max(keys))}


_STILL_WAITING = LookUp(
    lambda first, last: (
        Arrival.objects.waiting()
        .filter(pk__gte=first, pk__lte=last)
        .select_for_update(skip_locked=True)
        .values_list("pk")
    ),
    int,
    int,
)


def _read(arrival: Arrival, own: frozenset[str]) -> ReadMail | Exception:
    try:
        return read_mail(raw_mail.read(arrival.raw), own)
    except OperationalError:
        raise
    except Exception as trouble:
        log.exception("arrival %s can't be read", arrival.pk)
        return trouble


def _store(arrival: Arrival, mail: ReadMail | Exception, turn: _Turn, index: Callable[[Message], None]) -> None:
    """Store a mail, or set it aside if it couldn't be read."""
    if isinstance(mail, Exception):
        _set_aside(arrival, mail, turn.now)
    else:
        store(arrival, mail, _inbox(arrival, turn.inboxes), turn.own, index=index, now=turn.now)


def _inbox(arrival: Arrival, inboxes: dict[int, Inbox]) -> Inbox:
    if arrival.inbox_id is None:
        raise LookupError(f"no inbox for mail by {Transport(arrival.transport)}")
    return inboxes[arrival.inbox_id]


def _set_aside(arrival: Arrival, trouble: Exception, now: datetime) -> None:
    row = Arrival.objects.waiting().filter(pk=arrival.pk)  # another worker may have it by now
    if isinstance(trouble, IntegrityError) and arrival.attempts + 1 < ATTEMPTS:
        row.update(attempts=F("attempts") + 1, next_attempt_at=now + WAITS_BETWEEN)
        return
    # The last line names the cause, those above where: for the administrator's page, without words of the mail.
    where = "".join(traceback.format_tb(trouble.__traceback__)[-3:])
    row.update(
        state=ArrivalState.QUARANTINED,
        attempts=F("attempts") + 1,
        error=type(trouble).__name__[:60],
        detail=f"{type(trouble).__name__}: {str(trouble)[:300]}\n{where}".replace("\0", ""),
    )
