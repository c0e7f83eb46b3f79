"""The child: one picture from standard input, drawn anew to standard output. Run as a module, not imported by the desk.

Whatever a camera or a person wrote beside the picture (place, time, device, comments, previews, layers) is not copied:
the pixels are read, and new files are written from them. Colours are turned into sRGB, since the profile goes too.
"""

import io
import json
import resource
import sys
import warnings
from contextlib import suppress
from typing import Final

from PIL import Image, ImageCms, ImageSequence

from holdord.files.pictures.kinds import AVIF, GIF, HEIF, PNG, kind_of

LARGE: Final = 3200
"""The longest side of what is kept, in pixels: a serial number on a type plate stays legible."""

SMALL: Final = 480
MOST_PIXELS: Final = 100_000_000
MOST_MOVING_PIXELS: Final = 60_000_000
"""Pixels of all frames of a moving picture together."""

LARGEST_PNG: Final = 3_000_000
"""Bytes from which a PNG without transparency is a photo, and becomes JPEG. Screenshots stay sharp."""

DAMAGED, TOO_LARGE = 4, 5


class TooLarge(Exception):
    """More pixels than are drawn."""


def main(cpu_seconds: int, memory_bytes: int) -> int:
    """Limits first; then the picture. The answer is a line of JSON, then the large and the small file."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        head, large, small = draw(sys.stdin.buffer.read())
    except (TooLarge, MemoryError, Image.DecompressionBombError):
        return TOO_LARGE
    except Exception:  # noqa: BLE001 - whatever the decoders of five formats raise for what strangers sent
        return DAMAGED
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + large + small)
    sys.stdout.buffer.flush()
    return 0


def draw(content: bytes) -> tuple[dict[str, int | str], bytes, bytes]:
    """What is to be known of the picture, the large file and the small one."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # it raises at twice that
    warnings.simplefilter("ignore")
    kind = kind_of(content)
    image = _opened(content, kind)
    if kind == GIF and getattr(image, "n_frames", 1) > 1:
        large, ending = _moving(image), "gif"
        image = _upright(image)
    else:
        image = _upright(image)
        large, ending = _written(image, keeps_png=kind == PNG)
    small = image.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    head: dict[str, int | str] = {
        "ending": ending, "width": image.width, "height": image.height, "large": len(large)
    }  # fmt: skip
    return head, large, _file(small, "WEBP", quality=74, method=4)


def _opened(content: bytes, kind: str) -> Image.Image:
    if kind == HEIF:
        from pi_heif import register_heif_opener  # noqa: PLC0415 - a library for one kind of picture

        register_heif_opener(thumbnails=False)
    image = Image.open(io.BytesIO(content), formats=[kind])
    if image.width * image.height > MOST_PIXELS:
        raise TooLarge
    if kind not in {HEIF, AVIF}:
        image.draft("RGB", (LARGE, LARGE))  # a JPEG is read at a half or a quarter of its size where that suffices
    return image


def _upright(image: Image.Image) -> Image.Image:
    """Small enough, upright, in sRGB, with nothing beside the pixels."""
    profile, orientation = image.info.get("icc_profile"), image.getexif().get(_ORIENTATION, 1)
    image = _plain(image)
    image.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):  # a damaged profile: the colours as they are
            image = _in_srgb(image, profile)
    image.info.clear()
    if orientation in _TURNS:
        image = image.transpose(_TURNS[orientation])
    return image if image.mode in {"RGB", "RGBA", "L"} else image.convert("RGB")


_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
"""Exif 2.32, 4.6.4, tag 274. HEIC turns by itself: its reader says 1."""


def _plain(image: Image.Image) -> Image.Image:
    """In a mode that can be shrunk: pixels, not palettes; eight bits."""
    if image.mode.startswith("I") or image.mode == "F":
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.copy() if image.mode in {"RGB", "L", "CMYK"} else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    return turned or image


def _written(image: Image.Image, *, keeps_png: bool) -> tuple[bytes, str]:
    if image.mode == "RGBA":
        return _file(image, "PNG", optimize=False, compress_level=6), "png"
    if keeps_png:
        sharp = _file(image, "PNG", compress_level=6)
        if len(sharp) <= LARGEST_PNG:
            return sharp, "png"
    return _file(image, "JPEG", quality=84, progressive=True, optimize=True), "jpg"


def _moving(image: Image.Image) -> bytes:
    """A GIF with its frames and nothing else."""
    if image.width * image.height * getattr(image, "n_frames", 1) > MOST_MOVING_PIXELS:
        raise TooLarge
    frames, spans = [], []
    for frame in ImageSequence.Iterator(image):
        spans.append(max(20, int(frame.info.get("duration", 100) or 100)))
        fresh = frame.convert("RGBA")
        fresh.info.clear()
        frames.append(fresh)
    image.seek(0)
    return _file(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=spans, loop=0, disposal=2)


def _file(image: Image.Image, format_: str, **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, format_, **options)
    return written.getvalue()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
