"""Pictures that came or go are made safe to show, and what the camera wrote into them is forgotten."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from holdord.conversations.events import PicturePrepared
from holdord.conversations.models import Attachment, Picture
from holdord.conversations.rules import IncomingFile
from holdord.files.actions import content_of, forget, keep, keep_apart
from holdord.files.models import Blob
from holdord.files.pictures.kinds import kind_of
from holdord.files.pictures.preparing import Prepared, Unreadable, prepare
from holdord.history.actions import announce
from holdord.people.models import Inbox, KeepsOriginals

FORGOTTEN_AFTER = timedelta(days=1)
"""A copy of the desk that is being made names what was there when it began: nothing goes before a day is over."""


def incoming_file(
    content: bytes, *, name: str, content_type: str, now: datetime, content_id: str = "", is_inline: bool = False
) -> IncomingFile:
    """Keep what somebody sent. What begins like a picture is one, whatever it is called. Raises OSError."""
    is_picture = bool(kind_of(content))
    return IncomingFile(
        blob=keep_apart(content, now=now) if is_picture else keep(content, now=now),
        name=name,
        content_type=content_type or "application/octet-stream",
        content_id=content_id,
        is_inline=is_inline,
        is_picture=is_picture,
    )


def prepare_picture(attachment: Attachment, *, now: datetime) -> None:
    """Draw a waiting picture anew; one that can't be drawn becomes a download. Takes up to some seconds.

    Raises OSError when the disk or the machine is the trouble: it waits on then.
    """
    try:
        prepared = prepare(content_of(attachment.blob))
    except FileNotFoundError:
        _settle(attachment, {"picture": Picture.DAMAGED}, now=now)
    except Unreadable as fault:
        _settle(attachment, {"picture": Picture.TOO_LARGE if fault.is_too_large else Picture.DAMAGED}, now=now)
    else:
        _settle(attachment, _drawn(attachment, prepared, now=now), now=now)


def forget_originals(*, now: datetime, most: int = 200) -> int:
    """Throw away what was sent as a picture and is named by nothing any more; how many."""
    old = Blob.objects.filter(apart=True, created_at__lt=now - FORGOTTEN_AFTER)
    named = [Exists(Attachment.objects.filter(**{name: OuterRef("pk")})) for name in ("blob", "original")]
    forgotten = list(old.exclude(named[0]).exclude(named[1]).order_by("created_at")[:most])
    for blob in forgotten:
        forget(blob)
    return len(forgotten)


def _drawn(attachment: Attachment, prepared: Prepared, *, now: datetime) -> dict[str, object]:
    return {
        "picture": Picture.READY,
        "blob": keep(prepared.large, now=now),
        "small": keep(prepared.small, now=now),
        "original": attachment.blob if keeps_originals(attachment.message.conversation.inbox) else None,
        "name": _renamed(attachment.name, prepared.ending),
        "content_type": prepared.content_type,
        "width": prepared.width,
        "height": prepared.height,
    }


def keeps_originals(inbox: Inbox) -> bool:
    """Whether pictures are kept as they were sent, where and when they were taken too."""
    return settings.KEEP_ORIGINAL_PICTURES or KeepsOriginals.objects.filter(inbox=inbox).exists()


def _renamed(name: str, ending: str) -> str:
    """The name with the ending of what it is now: IMG_2041.HEIC becomes IMG_2041.jpg."""
    stem, _dot, last = name.rpartition(".")
    if last.lower() in {ending, "jpeg" if ending == "jpg" else ending}:
        return name
    return f"{(stem if last.lower() in _ENDINGS else name)[:250]}.{ending}"


_ENDINGS = {"jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "heic", "heif", "avif", "mpo"}


@transaction.atomic
def _settle(attachment: Attachment, found: dict[str, object], *, now: datetime) -> None:
    waiting = Attachment.objects.filter(pk=attachment.pk, picture=Picture.WAITING)
    if not waiting.update(**found):
        return  # another worker was as fast
    announce(
        PicturePrepared(
            at=now,
            conversation_id=attachment.message.conversation_id,
            message_id=attachment.message_id,
            attachment_id=attachment.pk,
            is_ready=found["picture"] == Picture.READY,
        )
    )
