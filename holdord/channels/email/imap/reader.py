"""One connection to one mailbox: what is new in a folder becomes arrivals, durable before the position moves."""

import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from holdord.channels.actions import HEAD_KEPT, Incoming, accept
from holdord.channels.email.faults import NoSuchFolder
from holdord.channels.email.imap import alarms
from holdord.channels.email.secrets import unseal
from holdord.channels.models import Mailbox, MailboxFolder, Transport
from holdord.channels.models.mailboxes import AlarmKind, Security
from holdord.kernel import clock

SECONDS_TO_ANSWER = 60
FETCHED_AT_ONCE = 20
Trouble = (OSError, IMAPClientError, ssl.SSLError)
"""What a network and a mail server can do."""


@dataclass(frozen=True)
class Count:
    """What a folder holds on the server and what we fetched of it, from the first UID we care for."""

    on_server: int
    fetched: int


class Connection:
    """A connection that is logged in. Use as a context manager. Opening raises one of Trouble, or CannotUnseal."""

    def __init__(
        self, mailbox: Mailbox, *, to_connect: float = SECONDS_TO_ANSWER, to_answer: float = SECONDS_TO_ANSWER
    ) -> None:
        """Connect and log in; the server has so many seconds to be reached, and for each answer."""
        self.mailbox = mailbox
        self._client = _connect(mailbox, SocketTimeout(connect=to_connect, read=to_answer))

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(*Trouble):
            self._client.logout()
        with suppress(*Trouble):
            self._client.shutdown()

    def read_new(self, folder_name: str, transport: str) -> int:
        """Take everything new in the folder; how many mails that were."""
        folder = self._select(folder_name)
        new = self._uids_after(folder.last_uid)
        for start in range(0, len(new), FETCHED_AT_ONCE):
            self._take(folder, new[start : start + FETCHED_AT_ONCE], transport)
        return len(new)

    def count(self, folder_name: str) -> Count:
        """Compare the server's messages with ours."""
        folder = self._select(folder_name)
        on_server = [uid for uid in self._uids_after(folder.first_uid) if uid <= folder.last_uid]
        return Count(len(on_server), folder.fetched)

    def look_into(self, folder_name: str) -> None:
        """Whether the folder can be read. Changes nothing. Raises NoSuchFolder."""
        self._examine(folder_name)

    def count_since(self, folder_name: str, since: date) -> int:
        """How many mails an import since this day would bring. Changes nothing."""
        self._examine(folder_name)
        return len(self._client.search(["SINCE", since]))

    def sent_folder(self) -> str:
        """The folder where the mail server or other clients keep what was sent; empty if there is none."""
        return self.mailbox.sent_folder or self._client.find_special_folder(b"\\Sent") or ""

    def idle(self, folder_name: str, *, seconds: float) -> bool:
        """Wait until something happens in the folder, at most `seconds`; whether the server can wait at all."""
        if b"IDLE" not in self._client.capabilities():
            return False
        self._examine(folder_name)
        self._client.idle()
        try:
            self._client.idle_check(timeout=seconds)
        finally:
            self._client.idle_done()
        return True

    def _select(self, name: str) -> MailboxFolder:
        selected = self._examine(name)
        validity, next_uid = int(selected[b"UIDVALIDITY"]), int(selected.get(b"UIDNEXT", 0) or 0)
        folder, new = MailboxFolder.objects.get_or_create(mailbox=self.mailbox, name=name)
        if new or folder.uid_validity is None:
            start = self._start(name, next_uid)
            folder.uid_validity, folder.first_uid, folder.last_uid, folder.fetched = validity, start, start, 0
            folder.save()
        elif folder.uid_validity != validity:
            # The numbers mean other mails now. All are read again; what we have is known by its Message-ID and body.
            alarms.note(self.mailbox, AlarmKind.RENUMBERED, now=clock.now(), detail=f"{name}: {validity}")
            folder.uid_validity, folder.last_uid, folder.fetched = validity, 0, 0
            folder.first_uid = 0
            folder.save()
        return folder

    def _examine(self, name: str) -> dict[bytes, Any]:
        # EXAMINE: the server may not mark anything as seen.
        try:
            selected: dict[bytes, Any] = self._client.select_folder(name, readonly=True)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            raise NoSuchFolder(str(error)) from error
        return selected

    def _start(self, name: str, next_uid: int) -> int:
        if self.mailbox.import_since is None or name != self.mailbox.folder:
            return (next_uid or max(self._client.search(["ALL"]), default=0) + 1) - 1
        wanted = self._client.search(["SINCE", self.mailbox.import_since])
        return min(wanted, default=next_uid or 1) - 1

    def _uids_after(self, uid: int) -> list[int]:
        # "n:*" always names the newest, even when it is below n (RFC 9051, 6.4.4).
        return sorted(found for found in self._client.search(["UID", f"{uid + 1}:*"]) if found > uid)

    def _take(self, folder: MailboxFolder, uids: list[int], transport: str) -> None:
        now = clock.now()
        mails = list(self._fetch(uids, transport))
        with transaction.atomic():
            accept(mails, now=now)
            folder.last_uid, folder.fetched = uids[-1], folder.fetched + len(uids)
            folder.save(update_fields=["last_uid", "fetched"])
            Mailbox.objects.filter(pk=self.mailbox.pk).update(last_mail_at=now)

    def _fetch(self, uids: list[int], transport: str) -> Iterator[Incoming]:
        sizes = self._client.fetch(uids, ["RFC822.SIZE"])
        small = [uid for uid in uids if uid in sizes and int(sizes[uid][b"RFC822.SIZE"]) <= settings.LARGEST_MAIL]
        bodies: dict[int, Any] = self._client.fetch(small, ["BODY.PEEK[]"]) if small else {}
        for uid in uids:
            if uid in bodies:
                yield Incoming(bodies[uid][b"BODY[]"], transport, self.mailbox.inbox_id)
            elif uid in sizes:
                head = self._client.fetch([uid], [f"BODY.PEEK[]<0.{HEAD_KEPT}>"])[uid]
                raw = next(value for key, value in head.items() if key.startswith(b"BODY[]"))
                yield Incoming(raw, transport, self.mailbox.inbox_id, truncated_from=int(sizes[uid][b"RFC822.SIZE"]))


def read_mailbox(mailbox: Mailbox, connection: Connection, *, now: datetime) -> int:
    """Everything new in the mailbox: its folder, and what its people sent from another client."""
    found = connection.read_new(mailbox.folder, Transport.IMAP)
    sent = connection.sent_folder()
    if sent and sent != mailbox.folder:
        found += connection.read_new(sent, Transport.SENT)
    alarms.well(mailbox, now=now)
    return found


def _connect(mailbox: Mailbox, timeout: SocketTimeout) -> IMAPClient:
    context = ssl.create_default_context()
    client = IMAPClient(
        mailbox.host,
        mailbox.port,
        ssl=mailbox.security == Security.TLS,
        ssl_context=context if mailbox.security == Security.TLS else None,
        timeout=timeout,
    )
    try:
        if mailbox.security == Security.STARTTLS:
            client.starttls(context)
        secret = unseal(mailbox.sealed_secret) if mailbox.sealed_secret else ""
        if mailbox.uses_token:
            client.oauth2_login(mailbox.user, secret)
        else:
            client.login(mailbox.user, secret)
    except BaseException:
        with suppress(*Trouble):
            client.shutdown()
        raise
    return client
