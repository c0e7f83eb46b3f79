"""What is said of a picture that is not shown."""

from django.utils.translation import gettext as _

from holdord.conversations.models import Picture


def unshown(picture: str) -> str:
    """Why a picture is not shown, in the active language; nothing for one that is, and for other files."""
    return {
        Picture.WAITING: _("This picture is being made ready. It takes a few seconds."),
        Picture.DAMAGED: _("This picture is damaged and cannot be shown, only downloaded."),
        Picture.TOO_LARGE: _("This picture is too large to be shown. It can be downloaded."),
    }.get(Picture(picture), "")
