"""A lock that is handed over in the order of asking.

Python's own lock lets the thread that has just released it take it again before the one that waits wakes up: a worker
that writes without pause would keep mail and pages waiting for seconds.
"""

import threading
from collections import deque


class FirstComeLock:
    """Like threading.Lock; whoever asked first gets it first. May be released by another thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Lock] = deque()

    def acquire(self, timeout: float) -> bool:
        """Take the lock, waiting at most `timeout` seconds; whether it was got."""
        with self._guard:
            if not self._held:
                self._held = True
                return True
            ticket = threading.Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        if ticket.acquire(timeout=timeout):
            return True
        with self._guard:
            if ticket not in self._waiting:
                # Handed over in the very moment in which we gave up: it is ours.
                return True
            self._waiting.remove(ticket)
        return False

    def release(self) -> None:
        """Hand the lock to who waits longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False
