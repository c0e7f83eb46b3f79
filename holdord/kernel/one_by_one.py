"""Doing the same to many where one must not keep the others waiting."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

Each = TypeVar("Each")
Result = TypeVar("Result")


def one_by_one(
    rows: Iterable[Each], act: Callable[[Each], Result], *, log: logging.Logger, trouble: str
) -> list[Result]:
    """What `act` gave for each row. One it fails on is left out and logged: `trouble` % its key ("Draft %s stays")."""
    results = []
    for row in rows:
        try:
            results.append(act(row))
        except Exception:
            log.exception(trouble, getattr(row, "pk", row))
    return results
