"""The one thread of a process that looks for new events."""

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import Error, close_old_connections, connection

LOOKS_EVERY = 0.03
"""Seconds. A look at SQLite costs some 5 µs."""

LATE_COMMITS = 5.0
"""Seconds. On PostgreSQL a lower id may commit after a higher one: ids younger than this are looked for again."""

LOOKS_BACK_EVERY = 0.3
"""Seconds."""

_MOST_AT_ONCE = 2_000

ABOUT_POOLS = frozenset({"PoolOverpromised", "PoolChanged", "TellingBegun"})
"""Events without a conversation that the board shows: every desk page hears of them, under the number 0."""


@dataclass(frozen=True)
class Change:
    """One event, as live pages need it."""

    conversation_id: int
    kind: str
    team_ids: frozenset[int]
    owner_id: int | None
    seen_by_customer: bool


class Watcher(threading.Thread):
    """Calls `tell` (in this thread) with the changes of each look that found some; survives a lost database."""

    def __init__(self, tell: Callable[[list[Change]], None]) -> None:
        super().__init__(name="watcher", daemon=True)
        self._tell = tell
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End within one look."""
        self._stopping.set()

    def run(self) -> None:
        look: Look | None = None
        while not self._stopping.wait(LOOKS_EVERY):
            try:
                if look is None:
                    look = Look()
                elif found := look.again():
                    self._tell(found)
            except Error:
                with suppress(Error):
                    close_old_connections()
                self._stopping.wait(1)
        connection.close()


class Look:
    """Finds what is new since it was made, or since it last looked."""

    def __init__(self) -> None:
        self._commits_in_order = connection.vendor == "sqlite"
        self._newest = self._floor = _newest()
        self._seen: dict[int, float] = {}
        self._looked_back = time.monotonic()

    def again(self) -> list[Change]:
        """The changes nobody was told of yet, oldest first."""
        newest, now = _newest(), time.monotonic()
        if newest == self._newest and not self._must_look_back(now):
            return []
        self._newest, self._looked_back = newest, now
        rows = [row for row in _events_after(self._floor) if row[0] not in self._seen]
        self._raise_floor([row[0] for row in rows], now)
        return _changes([row for row in rows if row[1] is not None or row[2] in ABOUT_POOLS])

    def _must_look_back(self, now: float) -> bool:
        return bool(self._seen) and now - self._looked_back > LOOKS_BACK_EVERY

    def _raise_floor(self, found: list[int], now: float) -> None:
        if self._commits_in_order:
            self._floor = max([self._floor, *found])
            return
        self._seen.update(dict.fromkeys(found, now))
        self._floor = max([self._floor, *(key for key, at in self._seen.items() if now - at > LATE_COMMITS)])
        self._seen = {key: at for key, at in self._seen.items() if key > self._floor}


def _newest() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM history_event")
        return int(cursor.fetchone()[0] or 0)


def _events_after(event_id: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, conversation_id, kind, seen_by_customer, payload FROM history_event"
            " WHERE id > %s ORDER BY id LIMIT %s",
            [event_id, _MOST_AT_ONCE],
        )
        return list(cursor.fetchall())


def _changes(rows: list[tuple[Any, ...]]) -> list[Change]:
    if not rows:
        return []
    about = {row[1] for row in rows if row[1] is not None}
    places = _places(about) if about else {}
    found = []
    for _, conversation_id, kind, seen_by_customer, payload in rows:
        team_id, owner_id = places.get(conversation_id, (None, None))
        # A conversation that left a team changes for those it left, too.
        teams = frozenset(team for team in (team_id, *_teams_in(payload)) if team is not None)
        found.append(Change(conversation_id or 0, kind, teams, owner_id, bool(seen_by_customer)))
    return found


def _places(conversation_ids: set[int]) -> dict[int, tuple[int, int | None]]:
    marks = ", ".join(["%s"] * len(conversation_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, team_id, owner_id FROM conversations_conversation WHERE id IN ({marks})",  # noqa: S608
            list(conversation_ids),
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def _teams_in(payload: Any) -> set[int]:
    values = json.loads(payload) if isinstance(payload, str) else payload or {}
    return {value for name, value in values.items() if name.endswith("team_id") and isinstance(value, int)}
