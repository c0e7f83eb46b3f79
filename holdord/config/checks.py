"""What `holdord doctor` looks at. Each check says whether it is well, and if not, what to do."""

import os
import shutil
import smtplib
import sqlite3
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import Error, connection

from holdord.config import environment

LEAST_FREE = 1024**3
"""Bytes of disk below which a warning is due."""

SAFE_SQLITE = (3, 51, 3)
"""From here on the rare corruption of a WAL with several connections is mended."""


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    name: str
    well: bool
    words: str


def findings() -> Iterator[Finding]:
    """Every check, one after the other; none raises."""
    for check in _CHECKS:
        name = check.__name__.strip("_").replace("_", " ")
        try:
            well, words = check()
        except Exception as trouble:  # noqa: BLE001 - a check that stumbles is a finding
            well, words = False, f"{type(trouble).__name__}: {trouble}"
        yield Finding(name, well, words)


def _database() -> tuple[bool, str]:
    from holdord.config.upkeep import is_current  # noqa: PLC0415 - loads the migrations

    if not is_current():
        return False, "The tables are of another version: holdord upgrade"
    if connection.vendor == "sqlite":
        well = sqlite3.sqlite_version_info >= SAFE_SQLITE
        return well, f"SQLite {sqlite3.sqlite_version}" + (
            "" if well else ": older than 3.51.3, see docs/self-hosting.md"
        )
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    return int(version.split(".")[0]) >= 15, f"PostgreSQL {version}" + (
        "" if int(version.split(".")[0]) >= 15 else ": 15 or newer is needed"
    )


def _durable_writing() -> tuple[bool, str]:
    probe = Path(settings.DATA) / ".doctor"
    begun = time.perf_counter()
    with probe.open("wb") as file:
        file.write(b"x" * 8192)
        file.flush()
        os.fsync(file.fileno())
    milliseconds = (time.perf_counter() - begun) * 1000
    probe.unlink()
    well = milliseconds < 200
    return well, f"{milliseconds:.1f} ms to the disk" + ("" if well else ": mail will be taken slowly")


def _disk_space() -> tuple[bool, str]:
    free = shutil.disk_usage(settings.DATA).free
    return free > LEAST_FREE, f"{free / 1024**3:.1f} GB free in {settings.DATA}" + (
        "" if free > LEAST_FREE else ": make room"
    )


def _permissions() -> tuple[bool, str]:
    mode = Path(settings.DATA).stat().st_mode & 0o077
    return not mode, "only we can read the data" if not mode else f"others can look into {settings.DATA}: chmod 700"


def _clock() -> tuple[bool, str]:
    if connection.vendor == "sqlite":
        return True, "the machine's own"
    from holdord.kernel import clock  # noqa: PLC0415 - beside its use

    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        apart = abs((cursor.fetchone()[0] - clock.now()).total_seconds())
    return apart < 2, f"{apart:.1f} s from the database's" + ("" if apart < 2 else ": set both by NTP")


def _mail_out() -> tuple[bool, str]:
    where = f"{settings.SMTP_HOST}:{settings.SMTP_PORT}"
    try:
        if settings.SMTP_SECURITY == "tls":
            with smtplib.SMTP_SSL(
                settings.SMTP_HOST, settings.SMTP_PORT, timeout=10, context=ssl.create_default_context()
            ):
                return True, f"{where} answers (tls)"
        with smtplib.SMTP(settings.SMTP_HOST, settings.SMTP_PORT, timeout=10) as server:
            server.ehlo()
            if settings.SMTP_SECURITY == "starttls":
                server.starttls(context=ssl.create_default_context())
            return True, f"{where} answers ({settings.SMTP_SECURITY})"
    except (OSError, smtplib.SMTPException) as trouble:
        return False, f"{where}: {trouble}. HOLDORD_SMTP_SERVER names it."


def _mailboxes() -> tuple[bool, str]:
    from holdord.channels.models import Mailbox, MailboxAlarm  # noqa: PLC0415 - needs Django's tables

    alarms = list(MailboxAlarm.objects.filter(ended_at=None).values_list("mailbox__user", "kind"))
    if alarms:
        return False, "; ".join(f"{user}: {kind}" for user, kind in alarms)
    return True, f"{Mailbox.objects.filter(is_active=True).count()} read"


def _quarantine() -> tuple[bool, str]:
    from holdord.channels.queries import quarantined, waiting_count  # noqa: PLC0415 - needs Django's tables

    count = quarantined().count()
    words = f"{waiting_count()} waiting, {count} that can't be read"
    return not count, words + (": see the administrator's page" if count else "")


def _files() -> tuple[bool, str]:
    from django.core.files.base import ContentFile  # noqa: PLC0415 - beside its use
    from django.core.files.storage import default_storage  # noqa: PLC0415 - opens the store

    name = f".doctor/{os.urandom(8).hex()}"
    default_storage.save(name, ContentFile(b"whole"))
    with default_storage.open(name) as file:
        well = file.read() == b"whole"
    default_storage.delete(name)
    where = (environment.raw("HOLDORD_FILES") or "").partition("?")[0] or default_storage.path("")
    return well, f"kept in {where}" + ("" if well else ": another file came back than was saved")


def _pictures() -> tuple[bool, str]:
    from holdord.conversations.models import Attachment, Picture  # noqa: PLC0415 - needs Django's tables
    from holdord.files.pictures.preparing import prepare  # noqa: PLC0415 - beside its use

    prepare(_SMALLEST_PICTURE)
    waiting = Attachment.objects.filter(picture=Picture.WAITING).count()
    return waiting <= MOST_WAITING_PICTURES, f"can be drawn, {waiting} waiting" + (
        "" if waiting <= MOST_WAITING_PICTURES else ": does a worker run?"
    )


MOST_WAITING_PICTURES = 100
_SMALLEST_PICTURE = bytes.fromhex(
    "47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b"
)
"""A GIF of one point."""


def _addresses() -> tuple[bool, str]:
    if settings.DEMO:
        return False, "HOLDORD_DEMO is on: anybody may log in, and the clock can be moved"
    if "*" in settings.ALLOWED_HOSTS:
        return False, "HOLDORD_ALLOWED_HOSTS has *: name the hosts"
    if not settings.PUBLIC_URL.startswith("https://"):
        return False, f"HOLDORD_PUBLIC_URL is {settings.PUBLIC_URL}: customers' links and logins need https"
    return True, f"{settings.PUBLIC_URL}, {' '.join(settings.ALLOWED_HOSTS)}"


def _senders() -> tuple[bool, str]:
    if settings.AUTHSERV_ID:
        return True, f"trusts the word of {settings.AUTHSERV_ID}"
    return False, "HOLDORD_AUTHSERV_ID is not set: every sender counts as unverified"


def database_answers() -> bool:
    """Whether the database can be reached at all."""
    try:
        connection.ensure_connection()
    except Error:
        return False
    return True


_CHECKS: list[Callable[[], tuple[bool, str]]] = [
    _database,
    _durable_writing,
    _disk_space,
    _permissions,
    _clock,
    _mail_out,
    _mailboxes,
    _quarantine,
    _files,
    _pictures,
    _addresses,
    _senders,
]
