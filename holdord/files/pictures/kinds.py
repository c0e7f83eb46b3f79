"""What kind of picture some bytes are, by how they begin: names and declared types are what somebody wrote."""

from typing import Final

JPEG, PNG, GIF, WEBP, HEIF, AVIF = "JPEG", "PNG", "GIF", "WEBP", "HEIF", "AVIF"

_BEGINNINGS: Final = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG, b"GIF87a": GIF, b"GIF89a": GIF}
_BRANDS: Final = {
    b"heic": HEIF, b"heix": HEIF, b"heim": HEIF, b"heis": HEIF, b"hevc": HEIF, b"hevx": HEIF, b"mif1": HEIF,
    b"msf1": HEIF, b"avif": AVIF, b"avis": AVIF,
}  # fmt: skip
"""The brands of the first box of an ISO file (ISO/IEC 23008-12, 10; AVIF 1.1, 6)."""


def kind_of(content: bytes) -> str:
    """The kind of picture that `content` begins like, or nothing."""
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    return _of_an_iso_file(content) if content[4:8] == b"ftyp" else ""


def _of_an_iso_file(content: bytes) -> str:
    # `mif1` says no more than that it is a picture; the compatible brands after it say which.
    size = min(int.from_bytes(content[:4], "big"), 256)
    brands = [content[8:12], *(content[at : at + 4] for at in range(16, size, 4))]
    kinds = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    return AVIF if AVIF in kinds else kinds[0] if kinds else ""
