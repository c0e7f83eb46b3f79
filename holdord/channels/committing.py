"""One thread that makes what came durable; mails that come together share one wait for the disk."""

import errno
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future

from django.db import Error, close_old_connections, connection

from holdord.channels.actions import Incoming, accept
from holdord.kernel import clock

MOST_TOGETHER = 64

Work = tuple[Sequence[Incoming], "Future[None]"]


class DiskFull(Exception):
    """There is no room; the sender should try again later."""


class Committer(threading.Thread):
    """Takes mails by `submit` until `stop`."""

    def __init__(self) -> None:
        super().__init__(name="mail-in", daemon=True)
        self._queue: queue.SimpleQueue[Work | None] = queue.SimpleQueue()

    def submit(self, mails: Sequence[Incoming]) -> "Future[None]":
        """A future that is done when all of `mails` are durable; fails with DiskFull, OSError or django.db.Error."""
        done: Future[None] = Future()
        self._queue.put((mails, done))
        return done

    def stop(self) -> None:
        """Finish what was submitted, then end."""
        self._queue.put(None)
        self.join(20)

    def run(self) -> None:
        while work := self._queue.get():
            together, ending = self._take_more(work)
            close_old_connections()
            _commit(together)
            if ending:
                break
        connection.close()

    def _take_more(self, first: Work) -> tuple[list[Work], bool]:
        together = [first]
        while len(together) < MOST_TOGETHER:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                return together, True
            together.append(more)
        return together, False


def _commit(together: list[Work]) -> None:
    try:
        accept([mail for mails, _ in together for mail in mails], now=clock.now())
    except Exception as failure:  # noqa: BLE001 - whatever it is, each sender is told
        if len(together) == 1:
            together[0][1].set_exception(_named(failure))
            return
        # One of them may be the cause: each by itself.
        for work in together:
            _commit([work])
    else:
        for _, done in together:
            done.set_result(None)


def _named(failure: Exception) -> Exception:
    if isinstance(failure, OSError) and failure.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(str(failure))
    if isinstance(failure, Error):
        cause = failure.__cause__
        if "disk is full" in str(failure) or getattr(cause, "sqlstate", "") == "53100":
            return DiskFull(str(failure))
    return failure
