"""Answers that hold for the length of one batch are asked once.

Who reads twenty mails in a tenth of a second needs the calendar of an inbox once, not twenty times. Outside
`remembering()` nothing is kept, so nobody can meet an answer that has grown old.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")
_remembered: ContextVar[dict[Hashable, Any] | None] = ContextVar("remembered", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """While it lasts, `remembered` functions answer the same question from memory; one inside another shares it."""
    memory = _remembered.get()
    token = _remembered.set({} if memory is None else memory)
    try:
        yield
    finally:
        _remembered.reset(token)


def remembered(
    key: Callable[_Arguments, Hashable],
) -> Callable[[Callable[_Arguments, _Answer]], Callable[_Arguments, _Answer]]:
    """Let a function be asked once for each `key` of its arguments, inside `remembering()`."""

    def decorate(function: Callable[_Arguments, _Answer]) -> Callable[_Arguments, _Answer]:
        @wraps(function)
        def answer(*arguments: _Arguments.args, **named: _Arguments.kwargs) -> _Answer:
            memory = _remembered.get()
            if memory is None:
                return function(*arguments, **named)
            place = (function, key(*arguments, **named))
            if place not in memory:
                memory[place] = function(*arguments, **named)
            found: _Answer = memory[place]
            return found

        return answer

    return decorate
