"""Pictures are drawn anew: upright, small enough, with nothing in them but what is seen; bombs hurt nobody."""

import os
import subprocess
import sys
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from holdord.files.pictures.kinds import kind_of
from holdord.files.pictures.preparing import Unreadable, prepare
from tests.support.photos import HEIC, SECRETS, opened, photo, written


@pytest.mark.parametrize("content", [photo(), HEIC.read_bytes()], ids=["JPEG", "HEIC"])
def test_a_phones_photo_stands_upright_and_says_nothing_of_where_it_was_taken(content: bytes) -> None:
    assert any(secret in content for secret in SECRETS)
    prepared = prepare(content)
    assert (prepared.ending, prepared.width, prepared.height) == ("jpg", 480, 640)
    for file in (prepared.large, prepared.small):
        picture = opened(file).convert("RGB")
        assert picture.getpixel((5, 5))[0] > 200, "red is not above"
        assert picture.getpixel((5, picture.height - 6))[2] > 200, "blue is not below"
        assert [secret for secret in (*SECRETS, b"xmp") if secret in file] == []
        assert not opened(file).getexif()


def test_a_large_photo_becomes_smaller_and_its_thumbnail_small() -> None:
    prepared = prepare(photo(4032, 3024))
    assert (prepared.width, prepared.height) == (2400, 3200)
    assert max(opened(prepared.small).size) == 480
    assert len(prepared.small) < 60_000


def test_a_screenshot_stays_sharp() -> None:
    screen = written(Image.new("RGB", (1290, 2796), "white"), "PNG")
    prepared = prepare(screen)
    assert (prepared.ending, prepared.width, prepared.height) == ("png", 1290, 2796)


@pytest.mark.parametrize(
    ("mode", "kind", "ending"),
    [("RGBA", "WEBP", "png"), ("RGB", "WEBP", "jpg"), ("CMYK", "JPEG", "jpg"), ("I;16", "PNG", "png"),
     ("P", "PNG", "png"), ("1", "PNG", "png"), ("L", "JPEG", "jpg"), ("RGB", "AVIF", "jpg"), ("LA", "PNG", "png")],
)  # fmt: skip
def test_every_kind_becomes_one_that_every_browser_and_mail_program_shows(mode: str, kind: str, ending: str) -> None:
    prepared = prepare(written(Image.new(mode, (60, 40)), kind))
    assert (prepared.ending, prepared.width, prepared.height) == (ending, 60, 40)


def test_a_moving_picture_goes_on_moving() -> None:
    frames = [Image.new("RGB", (30, 20), (number * 20, 0, 0)) for number in range(5)]
    moving = written(frames[0], "GIF", save_all=True, append_images=frames[1:], comment=b"taken at home")
    prepared = prepare(moving)
    assert (prepared.ending, opened(prepared.large).n_frames) == ("gif", 5)
    assert b"taken at home" not in prepared.large


def test_colours_are_those_the_phone_meant() -> None:
    from PIL import ImageCms

    other = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    as_if = prepare(written(Image.new("RGB", (40, 40), (90, 160, 90)), "JPEG", icc_profile=b"no profile"))
    assert opened(as_if.large).getpixel((20, 20))[1] > 150  # a damaged profile loses no picture
    assert "icc_profile" not in opened(prepare(written(Image.new("RGB", (9, 9)), "PNG", icc_profile=other)).large).info


def _bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has this many pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        body = name + content
        return len(content).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x06\x00\x00\x00"
    pixels = zlib.compress(bytes(10_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("sides", [(60_000, 60_000), (2_000_000_000, 4), (12_000, 9_000)])
def test_a_bomb_is_refused(sides: tuple[int, int]) -> None:
    with pytest.raises(Unreadable) as refused:
        prepare(_bomb(*sides))
    assert refused.value.is_too_large or sides[0] == 2_000_000_000


def test_one_that_takes_too_much_memory_or_time_ends_and_nothing_else_does() -> None:
    with pytest.raises(Unreadable):
        prepare(_bomb(9_000, 9_000), memory_bytes=400 << 20)
    with pytest.raises(Unreadable):
        prepare(photo(4032, 3024), wall_seconds=0.05)


@pytest.mark.parametrize(
    "beginning", [b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x09\x00\x00\x00WEBP"]
)
def test_what_only_begins_like_a_picture_is_damaged(beginning: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        prepare(beginning + b"\x00\xff<script>" * 500)
    assert not refused.value.is_too_large


def test_a_machine_that_cannot_draw_blames_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "PIL.py").write_text("raise ImportError('there is no Pillow here')")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{os.environ.get('PYTHONPATH', os.getcwd())}")
    with pytest.raises(OSError, match="Pillow"):
        prepare(photo(60, 40))


def test_half_a_photo_is_damaged() -> None:
    with pytest.raises(Unreadable):
        prepare(photo(2000, 1500)[:8_000])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (photo()[:40], "JPEG"),
        (HEIC.read_bytes()[:40], "HEIF"),
        (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1avif", "AVIF"),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1heic", "HEIF"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", ""),
        (b"%PDF-1.7", ""),
        (b"<svg xmlns", ""),
        (b"", ""),
    ],
)
def test_a_picture_is_known_by_how_it_begins(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


def test_the_desk_itself_does_not_load_the_picture_library() -> None:
    code = (
        "import sys, django; django.setup()\n"
        "import holdord.channels.jobs, holdord.config.urls, holdord.portal.urls, holdord.desk.urls\n"
        "from holdord.files.pictures.preparing import prepare\n"
        "import base64; prepare(base64.b64decode(sys.argv[1]))\n"
        "assert not [name for name in sys.modules if name.startswith(('PIL', 'pi_heif'))]\n"
    )
    import base64
    import os

    environment = {**os.environ, "HOLDORD_DEMO": "yes", "DJANGO_SETTINGS_MODULE": "holdord.config.settings"}
    subprocess.run([sys.executable, "-c", code, base64.b64encode(photo(60, 40)).decode()], check=True, env=environment)


def test_a_dozen_megapixels_are_ready_soon() -> None:
    from time import monotonic

    content, began = photo(4032, 3024), monotonic()
    prepare(content)
    assert timedelta(seconds=monotonic() - began) < timedelta(seconds=10)  # half a second on an idle machine
