"""What runs by the clock."""

import logging
import time
from datetime import datetime
from functools import partial

from holdord.conversations import actions
from holdord.conversations.models import Attachment, Conversation, Kind, Message, Picture, Presence, Status
from holdord.kernel import clock
from holdord.kernel.one_by_one import one_by_one

log = logging.getLogger(__name__)


def wake_snoozed(*, now: datetime | None = None, most: int = 200) -> int:
    """Bring back the conversations whose time has come; the cost grows with those that are due."""
    now = now or clock.now()
    due = list(Conversation.objects.filter(snoozed_until__lte=now).order_by("snoozed_until")[:most])
    wake = partial(actions.wake, by=None, now=now)
    return len(one_by_one(due, wake, log=log, trouble="Conversation %s could not be woken"))


def mail_unread_chats(*, now: datetime | None = None, most: int = 50) -> int:
    """Send by mail what visitors of a chat did not come back to read; how many."""
    now = now or clock.now()
    due = Presence.objects.filter(mail_after__lte=now).exclude(conversation__status=Status.ERASED)
    due = due.select_related("conversation", "unread__identity")
    mail = partial(actions.mail_unread, now=now)
    return sum(one_by_one(list(due[:most]), mail, log=log, trouble="What chat %s left unread could not be mailed"))


def hear_messages(*, now: datetime | None = None, most: int = 20) -> int:
    """Read messages for what they say, oldest first; how many. Notes and what machines wrote are not read.

    A few at a time: while mail pours in, taking it comes first, and 70,000 an hour are more than any desk gets. A
    message that can't be read is put aside and logged: it must not keep the others waiting.
    """
    now = now or clock.now()
    unheard = list(
        Message.objects.filter(heard_at__isnull=True).select_related("conversation__inbox").order_by("pk")[:most]
    )
    for message in unheard:
        if message.machine or message.is_automatic or message.kind == Kind.NOTE:
            Message.objects.filter(pk=message.pk).update(heard_at=now)
            continue
        try:
            actions.hear(message, now=now)
        except Exception:
            log.exception("Message %s could not be heard", message.pk)
            Message.objects.filter(pk=message.pk).update(heard_at=now)
    return len(unheard)


def prepare_pictures(*, now: datetime | None = None, most: int = 10) -> int:
    """Make waiting pictures safe to show, oldest first; how many were looked at.

    Each takes up to some seconds in a process of its own. One that meets trouble waits on, and holds up no other.
    """
    now = now or clock.now()
    for pk in [pk for pk, until in _AGAIN_AT.items() if until < time.monotonic()]:
        _AGAIN_AT.pop(pk, None)
    waiting = Attachment.objects.filter(picture=Picture.WAITING).exclude(pk__in=list(_AGAIN_AT))
    done = 0
    for attachment in list(waiting.select_related("blob", "message").order_by("pk")[:most]):
        try:
            actions.prepare_picture(attachment, now=now)
        except OSError:
            log.exception("Picture %s could not be prepared yet", attachment.pk)
            _AGAIN_AT[attachment.pk] = time.monotonic() + _WAITS_AFTER_TROUBLE
        else:
            done += 1
    return done


_WAITS_AFTER_TROUBLE = 60.0
"""Seconds after which a picture is tried again that this machine, not the picture, could not draw."""

_AGAIN_AT: dict[int, float] = {}


def forget_originals(*, now: datetime | None = None) -> int:
    """Throw away what cameras wrote into pictures that are ready."""
    return actions.forget_originals(now=now or clock.now())
