"""Writing history."""

import json
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from holdord.history.events import Happening, reactions_to
from holdord.history.rows import moment_for_driver, write


class NotInATransaction(Exception):
    """An event was announced outside the transaction of the change that it tells of."""


def announce(event: Happening) -> None:
    """Write the line of `event` and run every reaction to it, all in the caller's transaction.

    A reaction may refuse by raising: then everything rolls back. Raises NotInATransaction.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if not database.in_atomic_block:
        raise NotInATransaction(type(event).__name__)
    _write(event, database)
    for reaction in reactions_to(event):
        reaction(event)


_LINE = (
    "INSERT INTO history_event (kind, at, conversation_id, by_id, seen_by_customer, payload) "
    "VALUES (%s, %s, %s, %s, %s, %s)"
)
"""Written out, for every change of the desk passes here."""


def _write(event: Happening, database: Any) -> None:
    at = moment_for_driver(event.at, database.vendor)
    payload = json.dumps(_payload(event))
    values = (type(event).__name__, at, event.conversation_id, event.by_id, event.seen_by_customer, payload)
    write(_LINE, values)


def _payload(event: Happening) -> dict[str, Any]:
    return {name: _plain(getattr(event, name)) for name in _written(type(event))}


def _written(kind: type[Happening]) -> tuple[str, ...]:
    if kind not in _names:
        own = (field for field in fields(kind) if "unwritten" not in field.metadata)
        _names[kind] = tuple(field.name for field in own if field.name not in {"at", "conversation_id", "by_id"})
    return _names[kind]


_names: dict[type[Happening], tuple[str, ...]] = {}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
