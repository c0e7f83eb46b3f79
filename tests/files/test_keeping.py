"""Files are kept once under their hash, in a folder that survives a crash or in S3 (`test_s3.py`)."""

import os
import subprocess
import sys

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from holdord.config import environment
from holdord.files.actions import content_of, keep
from holdord.files.models import Blob
from holdord.files.storage import DurableFolder
from tests.conftest import MovableClock

PICTURE = b"\x89PNG\r\n" + bytes(range(256)) * 40


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


def test_nonsense_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDORD_FILES", "ftp://somewhere")
    with pytest.raises(environment.BadSetting, match="s3://bucket"):
        environment.storage("HOLDORD_FILES", None)
