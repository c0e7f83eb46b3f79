"""Pictures for the demo, drawn by rows: PNG (ISO/IEC 15948), without a library."""

import struct
import zlib
from collections.abc import Callable

Colour = tuple[int, int, int]

_BROWN, _LIGHT, _DARK, _RED = (139, 94, 60), (205, 170, 125), (45, 30, 22), (196, 46, 52)
_PLACES: dict[str, tuple[Colour, Colour, int]] = {
    "poolen": ((168, 214, 232), (64, 156, 190), 150),
    "morgenmad": ((246, 228, 196), (186, 132, 84), 190),
    "stranden": ((150, 200, 230), (228, 206, 158), 170),
    "i-seng": ((92, 98, 140), (236, 238, 246), 160),
}
"""Each place: the colour behind, the colour below, and from which row on."""


def bear_on_holiday(place: str, width: int = 360, height: int = 270) -> bytes:
    """A bear with a red bow, somewhere at the hotel."""
    behind, below, horizon = _PLACES[place]

    def colour(x: int, y: int) -> Colour:
        for across, down, radius, found in _BEAR:
            if (x - across) ** 2 + (y - down) ** 2 <= radius**2:
                return found
        return below if y > horizon else behind

    return png(colour, width, height)


_BEAR: list[tuple[int, int, int, Colour]] = [
    (160, 96, 5, _DARK), (200, 96, 5, _DARK), (180, 112, 7, _DARK), (180, 118, 20, _LIGHT), (162, 152, 11, _RED),
    (198, 152, 11, _RED), (180, 152, 6, _DARK), (180, 104, 46, _BROWN), (142, 66, 17, _BROWN), (218, 66, 17, _BROWN),
    (180, 208, 34, _LIGHT), (180, 202, 58, _BROWN), (122, 180, 20, _BROWN), (238, 180, 20, _BROWN),
    (146, 252, 24, _BROWN), (214, 252, 24, _BROWN),
]  # fmt: skip
"""Discs, the foremost first: across, down, radius, colour."""


def png(colour: Callable[[int, int], Colour], width: int, height: int) -> bytes:
    """A picture of which `colour` says what stands at each point."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            rows += bytes(colour(x, y))
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
