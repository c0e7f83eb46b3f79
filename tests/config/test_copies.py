"""A copy that a foreign hand changed writes nothing outside its folder."""

import io
import tarfile
from pathlib import Path

import pytest

from holdord.config.upkeep import _extract


def packed(path: Path, member: tarfile.TarInfo) -> tarfile.TarFile:
    with tarfile.open(path, "w") as tar:
        tar.addfile(member, io.BytesIO(b"x" * member.size))
    return tarfile.open(path)


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside-of-a-copy", "files/../../outside"])
def test_nothing_leaves_the_folder(tmp_path: Path, name: str) -> None:
    member = tarfile.TarInfo(name)
    member.size = 1
    with packed(tmp_path / "copy.tar", member) as tar, pytest.raises(tarfile.TarError, match="no place"):
        _extract(tar, tmp_path / "here")
    assert not (tmp_path / "outside").exists()


def test_a_link_is_no_file_of_ours(tmp_path: Path) -> None:
    member = tarfile.TarInfo("database")
    member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with packed(tmp_path / "copy.tar", member) as tar, pytest.raises(tarfile.TarError, match="no place"):
        _extract(tar, tmp_path / "here")


def test_files_and_folders_come_out(tmp_path: Path) -> None:
    member = tarfile.TarInfo("files/ab/abc")
    member.size = 1
    with packed(tmp_path / "copy.tar", member) as tar:
        _extract(tar, tmp_path / "here")
    assert (tmp_path / "here" / "files" / "ab" / "abc").read_bytes() == b"x"
