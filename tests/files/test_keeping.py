"""Files are kept once under their hash, in a folder that survives a crash or in S3."""

import os
import subprocess
import sys
from collections.abc import Iterator

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer

from holdord.config import environment
from holdord.files.actions import content_of, keep
from holdord.files.models import Blob
from holdord.files.storage import DurableFolder
from tests.conftest import MovableClock
from tests.support.ports import free_port

PICTURE = b"\x89PNG\r\n" + bytes(range(256)) * 40


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict]:
    """An S3 server on this machine, spoken to by HTTP, and the settings that name it.

    It imitates S3 (moto). Looked for in place of it: Debian 12 has rclone 1.60, which can't serve S3 yet, no MinIO,
    Garage or SeaweedFS, and RADOS (radosgw) and Swift, which are clusters of several daemons and were not tried; PyPI
    and npm showed clients of S3 and imitations (s3rver).
    """
    port = free_port()
    server = ThreadedMotoServer(port=port, verbose=False)
    server.start()
    endpoint = f"http://127.0.0.1:{port}"
    monkeypatch.setenv("HOLDORD_S3_KEY", "key")
    monkeypatch.setenv("HOLDORD_S3_SECRET", "secret")
    monkeypatch.setenv("HOLDORD_FILES", f"s3://desk/files?endpoint_url={endpoint}&region_name=eu-north-1")
    boto3.client(
        "s3", endpoint_url=endpoint, aws_access_key_id="key", aws_secret_access_key="secret", region_name="eu-north-1"
    ).create_bucket(Bucket="desk", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    yield environment.storage("HOLDORD_FILES", None)
    server.stop()


def test_the_same_bytes_are_kept_once(db, clock: MovableClock) -> None:
    first, second = keep(PICTURE, now=clock.now()), keep(PICTURE, now=clock.now())
    assert first == second
    assert Blob.objects.count() == 1
    assert content_of(first) == PICTURE


def test_the_folder_is_the_durable_one() -> None:
    assert isinstance(storages["default"], DurableFolder)


def test_a_file_is_whole_or_absent_when_the_process_dies(tmp_path) -> None:
    code = (
        "import os, sys, holdord\n"
        "from django.conf import settings; settings.configure()\n"
        "from holdord.files import storage\n"
        "from django.core.files.base import ContentFile\n"
        "os.fsync = lambda descriptor: os._exit(9)\n"  # dies after writing, before the name is there
        "storage.DurableFolder(location=sys.argv[1]).save('ab/cd/whole', ContentFile(b'x' * 100_000))\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, tmp_path], check=False)
    assert ended.returncode == 9
    assert not (tmp_path / "ab/cd/whole").exists()
    folder = DurableFolder(location=tmp_path)
    folder.save("ab/cd/whole", ContentFile(b"y" * 10))
    assert (tmp_path / "ab/cd/whole").read_bytes() == b"y" * 10


def test_a_full_disk_leaves_nothing_half_written(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        DurableFolder(location=tmp_path).save("ab/cd/whole", ContentFile(b"x"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_files_can_lie_in_s3(db, clock: MovableClock, s3: dict, settings) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": s3}
    storages._storages.clear()
    blob = keep(PICTURE, now=clock.now())
    assert content_of(blob) == PICTURE
    assert storages["default"].exists(blob.path)
    assert keep(PICTURE, now=clock.now()) == blob


def test_nonsense_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDORD_FILES", "ftp://somewhere")
    with pytest.raises(environment.BadSetting, match="s3://bucket"):
        environment.storage("HOLDORD_FILES", None)
