"""Writing history."""

from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.db import transaction

from holdord.history.events import Happening, reactions_to
from holdord.history.making import new
from holdord.history.models import Event
from holdord.history.rows import insert


class NotInATransaction(Exception):
    """An event was announced outside the transaction of the change that it tells of."""


def announce(event: Happening) -> None:
    """Write the line of `event` and run every reaction to it, all in the caller's transaction.

    A reaction may refuse by raising: then everything rolls back. Raises NotInATransaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInATransaction(type(event).__name__)
    line = new(
        Event,
        kind=type(event).__name__,
        at=event.at,
        conversation_id=event.conversation_id,
        by_id=event.by_id,
        seen_by_customer=event.seen_by_customer,
        payload=_payload(event),
    )
    insert(line)
    for reaction in reactions_to(event):
        reaction(event)


def _payload(event: Happening) -> dict[str, Any]:
    kind = type(event)
    names = _written.get(kind)
    if names is None:
        names = _written[kind] = [
            field.name
            for field in fields(event)
            if field.name not in {"at", "conversation_id", "by_id"} and "unwritten" not in field.metadata
        ]
    return {name: _plain(getattr(event, name)) for name in names}


_written: dict[type[Happening], list[str]] = {}
"""The fields of a kind's own that go into the history."""


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
