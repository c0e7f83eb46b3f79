"""Photos as a phone takes them: lying on their side, with where and when they were taken."""

import io
from pathlib import Path

from PIL import Image, ImageDraw

HEIC = Path(__file__).parent.parent / "files" / "turned.heic"
"""480 × 640 when it stands upright, red above and blue below; made by libheif, with a place in it."""

SECRETS = (b"Exif", b"Testphone", b"taken at home", b"GPS")


def photo(width: int = 640, height: int = 480, *, colours: tuple[str, str] = ("red", "blue")) -> bytes:
    """A JPEG that lies on its side: upright it is `height` × `width` pixels, the first colour above the second."""
    image = Image.new("RGB", (width, height), colours[0])
    ImageDraw.Draw(image).rectangle((width // 2, 0, width, height), fill=colours[1])
    exif = image.getexif()
    exif[0x0112], exif[0x010F] = 6, "Testphone"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (55.0, 40.0, 12.0), "E", (12.0, 34.0, 0.0)
    return written(image, "JPEG", exif=exif, comment="taken at home")


def written(image: Image.Image, kind: str, **options: object) -> bytes:
    """A picture as a file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    """A file as a picture."""
    return Image.open(io.BytesIO(content))
