"""Names of attachments: what a mail says, made safe to show and to offer for saving."""

import re
from typing import Final

from holdord.channels.email.reading.cleaning import clean_line, without_invisibles

LONGEST_NAME: Final = 200  # characters, ending included

_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_BLANKS: Final = re.compile(r"\s+")
_SUFFIX: Final = re.compile(r"\.[^.\s]{1,16}$")
_RESERVED: Final = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_SUFFIXES: Final = {
    "application/pdf": ".pdf", "application/zip": ".zip", "application/json": ".json", "application/msword": ".doc",
    "application/rtf": ".rtf", "application/ms-tnef": ".dat", "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m", "application/pkcs7-signature": ".p7s", "application/x-pkcs7-signature": ".p7s",
    "application/pgp-signature": ".asc", "application/pgp-encrypted": ".asc", "application/pgp-keys": ".asc",
    "audio/mpeg": ".mp3", "audio/wav": ".wav", "image/bmp": ".bmp", "image/gif": ".gif", "image/heic": ".heic",
    "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/png": ".png", "image/svg+xml": ".svg", "image/tiff": ".tif",
    "image/webp": ".webp", "message/delivery-status": ".txt", "message/disposition-notification": ".txt",
    "message/feedback-report": ".txt", "message/rfc822": ".eml", "message/global": ".eml", "text/calendar": ".ics",
    "text/csv": ".csv", "text/html": ".html", "text/plain": ".txt", "text/rfc822-headers": ".txt", "text/vcard": ".vcf",
    "text/x-vcard": ".vcf", "text/xml": ".xml", "video/mp4": ".mp4",
}  # fmt: skip


def clean_name(name: str) -> str:
    """The last piece of a path in either system's style, without what could mislead; "" if nothing is left."""
    if len(name) > 20 * LONGEST_NAME:
        name = name[: 10 * LONGEST_NAME] + name[-LONGEST_NAME:]
    name = without_invisibles(clean_line(name))
    name = name.replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    name = _BLANKS.sub(" ", _FORBIDDEN.sub("_", name)).strip(" .")
    if _RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name)


def made_up_name(number: int, media_type: str, subject: str = "") -> str:
    """A name for a part without one: from a forwarded mail's subject, else its place."""
    suffix = _SUFFIXES.get(media_type, "")
    return _shortened((clean_name(subject) or f"attachment-{number}") + suffix)


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    found = _SUFFIX.search(name[-20:])
    suffix = found[0] if found else ""
    return name[: LONGEST_NAME - len(suffix)].rstrip(" .") + suffix
