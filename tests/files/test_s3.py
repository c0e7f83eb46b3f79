"""Files in S3: a server program on this machine that checks every signature, spoken to by HTTP.

rclone keeps the objects in a folder, so that a test can look at them, and be stopped and started again.
"""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import default_storage, storages
from django.test import Client

from holdord.channels.actions import Incoming, accept
from holdord.channels.jobs import read_arrivals
from holdord.channels.models import Arrival, Transport
from holdord.config import checks, environment
from holdord.conversations.models import Attachment
from holdord.files.actions import content_of, forget, keep, keep_apart
from holdord.files.models import Blob
from holdord.files.storage import StorageIsAway
from holdord.web.files import file_address
from tests.conftest import MovableClock
from tests.factories import small_desk
from tests.support.mails import mail
from tests.support.ports import free_port

PICTURE = b"\x89PNG\r\n" + bytes(range(256)) * 40


class Store:
    """An S3 server with one bucket, `desk`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        (folder / "desk").mkdir(parents=True)

    def start(self) -> None:
        program = shutil.which("rclone")
        assert program is not None
        options = ["--addr", f"127.0.0.1:{self.port}", "--auth-key", "key,secret", "--config", "/dev/null", "--quiet"]
        self._server = subprocess.Popen([program, "serve", "s3", *options, self.folder])
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        raise AssertionError("the S3 server did not start")

    def stop(self) -> None:
        self._server.terminate()
        self._server.wait(timeout=10)

    @property
    def objects(self) -> dict[str, bytes]:
        """What lies in the bucket, by key."""
        bucket = self.folder / "desk"
        return {str(path.relative_to(bucket)): path.read_bytes() for path in bucket.rglob("*") if path.is_file()}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A running server."""
    server = Store(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def s3(store: Store, monkeypatch: pytest.MonkeyPatch, settings) -> Store:
    """The desk keeps its files there."""
    monkeypatch.setenv("HOLDORD_S3_KEY", "key")
    monkeypatch.setenv("HOLDORD_S3_SECRET", "secret")
    address = f"http://127.0.0.1:{store.port}"
    monkeypatch.setenv("HOLDORD_FILES", f"s3://desk/files?endpoint_url={address}&region_name=eu-north-1")
    use_what_is_set(settings)
    return store


def use_what_is_set(settings) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": environment.storage("HOLDORD_FILES", None)}
    storages._storages.clear()


def test_files_lie_in_the_bucket_once_under_their_hash(db, clock: MovableClock, s3: Store) -> None:
    blob = keep(PICTURE, now=clock.now())
    assert s3.objects == {f"files/{blob.path}": PICTURE}
    assert content_of(blob) == PICTURE
    assert keep(PICTURE, now=clock.now()) == blob


def test_what_is_kept_apart_can_be_forgotten(db, clock: MovableClock, s3: Store) -> None:
    blob = keep_apart(PICTURE, now=clock.now())
    assert list(s3.objects.values()) == [PICTURE]
    forget(blob)
    assert s3.objects == {}


def test_a_lost_file_is_told_from_a_store_that_is_away(db, clock: MovableClock, s3: Store) -> None:
    lost, spoiled, unreached = (keep(PICTURE + bytes([end]), now=clock.now()) for end in range(3))
    default_storage.delete(lost.path)
    with pytest.raises(FileNotFoundError):
        content_of(lost)
    (s3.folder / "desk/files" / spoiled.path).unlink()  # behind the server's back: it answers 500
    with pytest.raises(StorageIsAway):
        content_of(spoiled)
    s3.stop()
    with pytest.raises(StorageIsAway):
        content_of(unreached)
    s3.start()


def test_a_wrong_secret_is_refused_and_leaves_no_row(
    db, clock: MovableClock, s3: Store, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDORD_S3_SECRET", "another")
    use_what_is_set(settings)
    with pytest.raises(StorageIsAway):
        keep(PICTURE, now=clock.now())
    assert (s3.objects, Blob.objects.count()) == ({}, 0)


def test_doctor_tries_the_store(db, s3: Store) -> None:
    finding = {found.name: found for found in checks.findings()}["files"]
    assert (finding.well, finding.words) == (True, "kept in s3://desk/files")
    assert s3.objects == {}
    s3.stop()
    assert not {found.name: found for found in checks.findings()}["files"].well
    s3.start()


def test_mail_with_a_file_waits_for_the_store_and_other_mail_goes_on(db, clock: MovableClock, s3: Store) -> None:
    desk = small_desk()
    plain, with_picture = (mail(to=desk.inbox.address) for _ in range(2))
    with_picture.add_attachment(PICTURE, maintype="application", subtype="pdf", filename="kvittering.pdf")
    s3.stop()
    waits, goes_on = accept(
        [Incoming(one.as_bytes(), Transport.IMAP, desk.inbox.pk) for one in (with_picture, plain)], now=clock.now()
    )
    assert [state_after_reading(one) for one in (waits, goes_on)] == ["waiting", "read"]
    assert (waits.attempts, waits.error) == (0, "")
    s3.start()
    clock.passes(minutes=1)
    assert state_after_reading(waits) == "read"
    (attachment,) = waits.message.attachments.all()
    assert content_of(attachment.blob) == PICTURE


def state_after_reading(arrival: Arrival) -> str:
    while read_arrivals():
        pass
    arrival.refresh_from_db()
    return arrival.state


def test_whoever_opens_a_file_is_told_that_it_is_not_lost(db, clock: MovableClock, s3: Store) -> None:
    message = small_desk().writes("Malingen flasser av.")
    blob = keep(PICTURE, now=clock.now())
    attachment = Attachment.objects.create(message=message, blob=blob, name="a.pdf", content_type="application/pdf")
    assert Client().get(file_address(attachment.pk, "a.pdf")).content == PICTURE
    s3.stop()
    answer = Client().get(file_address(attachment.pk, "a.pdf"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "not lost" in answer.content.decode()
    s3.start()
