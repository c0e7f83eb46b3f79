"""Keeps one thread for each mailbox: connect, read, wait for more; on trouble wait longer and try again."""

import logging
import threading
from datetime import timedelta

from django.db import close_old_connections, connection

from holdord.channels.email.imap import alarms
from holdord.channels.email.imap.reader import Connection, read_mailbox
from holdord.channels.models import Mailbox
from holdord.channels.models.mailboxes import AlarmKind
from holdord.kernel import clock

log = logging.getLogger("holdord.imap")

LOOKS_EVERY = 20.0
"""Seconds between looks. A server with IDLE tells earlier; a look finds what it forgot to tell."""

COUNTS_EVERY = timedelta(days=1)
_LONGEST_WAIT = 300.0


class MailboxKeeper:
    """Called every few seconds by the worker: starts threads for new mailboxes, ends those of removed ones."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._threads: dict[int, MailboxThread] = {}

    def look(self) -> bool:
        """One look; never more to do at once."""
        active = {mailbox.pk for mailbox in Mailbox.objects.filter(is_active=True)}
        for key, thread in list(self._threads.items()):
            if key not in active or not thread.is_alive():
                thread.ends.set()
                del self._threads[key]
        for key in active - set(self._threads):
            self._threads[key] = MailboxThread(key, self._stopping)
            self._threads[key].start()
        return False


class MailboxThread(threading.Thread):
    """Reads one mailbox until it is removed or the worker stops."""

    def __init__(self, mailbox_id: int, stopping: threading.Event) -> None:
        super().__init__(name=f"mailbox-{mailbox_id}", daemon=True)
        self.ends = threading.Event()
        self._mailbox_id = mailbox_id
        self._stopping = stopping

    def run(self) -> None:
        wait = 1.0
        while not self._over():
            close_old_connections()
            try:
                self._read_until_trouble()
                wait = 1.0
            except Exception as trouble:  # noqa: BLE001 - the edge of a loop; it is noted and shown
                wait = min(wait * 2, _LONGEST_WAIT)
                log.warning("mailbox %s: %s; again in %.0f s", self._mailbox_id, trouble, wait)
                self._note(trouble)
                self._stopping.wait(wait)
        connection.close()

    def _read_until_trouble(self) -> None:
        mailbox = Mailbox.objects.get(pk=self._mailbox_id)
        with Connection(mailbox) as server:
            while not self._over():
                mailbox.refresh_from_db()
                read_mailbox(mailbox, server, now=clock.now())
                check(mailbox, server)
                if not server.idle(mailbox.folder, seconds=min(LOOKS_EVERY, 5.0)):
                    self._stopping.wait(LOOKS_EVERY)

    def _note(self, trouble: Exception) -> None:
        try:
            close_old_connections()
            alarms.failed(Mailbox.objects.get(pk=self._mailbox_id), trouble, now=clock.now())
        except Exception:
            log.exception("the trouble of mailbox %s could not be noted", self._mailbox_id)

    def _over(self) -> bool:
        return self.ends.is_set() or self._stopping.is_set()


def check(mailbox: Mailbox, server: Connection) -> None:
    """Once a day: does the server hold what we fetched, and is the mailbox silent for too long?"""
    now = clock.now()
    if mailbox.last_counted_at and now - mailbox.last_counted_at < COUNTS_EVERY:
        return
    count = server.count(mailbox.folder)
    # Mails may be deleted there after we took them; there may never be more than we took.
    if count.on_server > count.fetched:
        detail = f"{count.on_server} on the server, {count.fetched} here"
        alarms.note(mailbox, AlarmKind.COUNT_DIFFERS, now=now, detail=detail)
    else:
        alarms.end(mailbox, AlarmKind.COUNT_DIFFERS, now=now)
    alarms.look_for_silence(mailbox, now=now)
    Mailbox.objects.filter(pk=mailbox.pk).update(last_counted_at=now)
