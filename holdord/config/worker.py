"""The worker: reads what came, sends what waits, keeps the clock, watches the mailboxes. Threads of one process."""

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import close_old_connections, connection

from holdord.config.timetable import TIMETABLE, Line
from holdord.kernel import clock

log = logging.getLogger("holdord.worker")

RESTS_AFTER_TROUBLE = 1.0
"""Seconds a loop waits after an error, so that a lost database doesn't fill the log."""

DEEDS_AT_ONCE = 3
"""Calls to other systems that run side by side: one that is slow keeps no other waiting."""


class Worker:
    """Starts the loops and ends them."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin every loop; returns at once."""
        from holdord.channels import jobs  # noqa: PLC0415 - not for a process that only serves pages
        from holdord.fulfilment.jobs import carry_out_next  # noqa: PLC0415 - not for a process that only serves pages
        from holdord.promises.jobs import tell_late  # noqa: PLC0415 - not for a process that only serves pages

        self._begin("intake", jobs.read_arrivals, rests=0.05)
        for number in range(settings.SENDING_THREADS):
            self._begin(f"sending-{number}", jobs.send_one, rests=0.1)
        self._begin("clock", Clock(TIMETABLE).tick, rests=0.2)
        self._begin("telling", lambda: bool(tell_late(now=clock.now())), rests=1.0)
        self._begin("pictures", jobs.prepare_pictures, rests=0.3)
        for number in range(DEEDS_AT_ONCE):
            self._begin(f"deeds-{number}", carry_out_next, rests=0.2)
        self._begin("links", lambda: jobs.send_links() > 0, rests=1.0)
        self._begin("mailboxes", jobs.MailboxKeeper(self._stopping).look, rests=2.0)

    def stop(self, seconds: float = 10) -> None:
        """Let each loop finish what it is at; returns when they have ended, or after `seconds`."""
        self._stopping.set()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _begin(self, name: str, turn: Callable[[], bool], *, rests: float) -> None:
        thread = threading.Thread(target=self._loop, args=(name, turn, rests), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _loop(self, name: str, turn: Callable[[], bool], rests: float) -> None:
        while not self._stopping.is_set():
            try:
                close_old_connections()
                busy = turn()
            except Exception:
                log.exception("%s met trouble; it goes on", name)
                close_old_connections()
                self._stopping.wait(RESTS_AFTER_TROUBLE)
            else:
                if not busy:
                    self._stopping.wait(rests)
        connection.close()


class Clock:
    """Runs the lines of a timetable when they are due; one that fails keeps no other from running."""

    def __init__(self, lines: list[Line]) -> None:
        self._due = [(line, line.load(), [0.0]) for line in lines]

    def tick(self) -> bool:
        """Run what is due. Always False: nothing is left over for the next turn."""
        for line, job, next_at in self._due:
            if time.monotonic() < next_at[0]:
                continue
            next_at[0] = time.monotonic() + line.seconds
            try:
                job(now=clock.now())
            except Exception:
                log.exception("%s met trouble; it runs again in %s s", line.job, line.seconds)
        return False
