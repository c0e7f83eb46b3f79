"""What is read from a file once in each process, however many threads ask at once."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Loaded = TypeVar("Loaded")


class LoadedOnce(Generic[Key, Loaded]):
    """Keeps what `load` gives for each key. Threads that come at once wait for one loading, and don't each do it."""

    def __init__(self, load: Callable[[Key], Loaded]) -> None:
        self._load = load
        self._kept: dict[Key, Loaded] = {}
        self._loading = Lock()

    def __call__(self, key: Key) -> Loaded:
        """What was loaded for `key`. Raises what loading raises, and tries again the next time."""
        if (found := self._kept.get(key)) is not None:
            return found
        with self._loading:
            if (found := self._kept.get(key)) is None:
                found = self._kept[key] = self._load(key)
            return found
