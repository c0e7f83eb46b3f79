"""Attachments and letters as they were sent, behind signed addresses that hold for an hour and need no cookie.

Whoever may see a message is given the address on the page; the address itself is the authority, so that nothing of what
strangers sent is ever loaded with somebody's login. Everything comes with a sandbox and is never sniffed. Of pictures
only those are shown that were drawn anew; an address that a customer was given ends with their link to the case page.
"""

import re
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from django.core import signing
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from holdord.conversations.models import Attachment, Message, Participant, Picture
from holdord.files.actions import content_of
from holdord.files.models import Blob
from holdord.files.storage import StorageIsAway
from holdord.kernel import clock
from holdord.web.faults import files_are_away
from holdord.web.letters import masked_html

HOLDS_FOR = 3600
PERIOD = HOLDS_FOR // 2
"""An address stays the same for half an hour, so that a browser that fetches a page again has its pictures already."""


class Look(StrEnum):
    """What of an attachment is asked for: the download, the picture to look at, the one for a list, what was sent."""

    DOWNLOAD = ""
    LARGE = "l"
    SMALL = "s"
    ORIGINAL = "o"


_FILE, _LETTER = "holdord.web.files.file", "holdord.web.files.letter"
_CID = re.compile(r"""(src\s*=\s*["']?)cid:([^"'\s>]+)""", re.IGNORECASE)


def file_address(
    attachment_id: int, name: str, look: Look = Look.DOWNLOAD, *, given_to: Participant | None = None
) -> str:
    """A signed address of an attachment. One that is `given_to` a customer ends with the links they had."""
    holder = [given_to.pk, given_to.epoch] if given_to else []
    period = int(clock.now().timestamp()) // PERIOD
    token = signing.Signer(salt=_FILE).sign_object([attachment_id, look.value, period, *holder])
    return reverse("web:file", args=[token, name or "file"])


def letter_address(message_id: int, *, pictures: bool = False) -> str:
    """A signed address of a message's HTML for a sandboxed frame; `pictures` lets it load pictures from elsewhere."""
    return reverse("web:letter", args=[signing.dumps([message_id, pictures], salt=_LETTER)])


@require_safe
def file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """The bytes of an attachment."""
    attachment_id, look, *holder = _asked_for(token)
    attachment = Attachment.objects.select_related("blob", "small", "original").filter(pk=attachment_id).first()
    if attachment is None or (holder and not _still_has_the_link(attachment, *holder)):
        raise Http404
    blob, content_type = _part_of(attachment, Look(look))
    if blob is None:
        raise Http404
    try:
        content = content_of(blob)
    except StorageIsAway:
        return files_are_away(request)
    response = HttpResponse(content, content_type=content_type)
    disposition = "attachment" if content_type == _ANYTHING else "inline"
    response["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(attachment.name or 'file')}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    response["Referrer-Policy"] = "no-referrer"
    return response


_ANYTHING = "application/octet-stream"


def _part_of(attachment: Attachment, look: Look) -> tuple[Blob | None, str]:
    """The bytes asked for and the type they are sent as; none of a picture that is not ready."""
    if attachment.picture == Picture.WAITING:
        return None, ""
    is_ready = attachment.picture == Picture.READY
    if look is Look.SMALL:
        return attachment.small, "image/webp"
    if look is Look.ORIGINAL:
        return attachment.original, _ANYTHING
    return attachment.blob, attachment.content_type if is_ready and look is Look.LARGE else _ANYTHING


def _still_has_the_link(attachment: Attachment, participant_id: int, epoch: int) -> bool:
    return Participant.objects.filter(
        pk=participant_id,
        epoch=epoch,
        is_customer=True,
        identity__customer=F("conversation__customer"),
        conversation__messages=attachment.message_id,
    ).exists()


def _asked_for(token: str) -> Any:
    try:
        asked = signing.Signer(salt=_FILE).unsign_object(token)
    except (signing.BadSignature, ValueError):
        raise Http404 from None
    age = int(clock.now().timestamp()) // PERIOD - asked.pop(2)
    if not 0 <= age * PERIOD <= HOLDS_FOR:
        raise Http404
    return asked


@require_safe
@xframe_options_exempt
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """A message's HTML, sanitised when it came, in a document that may neither run nor ask for anything."""
    message_id, pictures = _signed(token, _LETTER)
    message = Message.objects.filter(pk=message_id).only("html", "language", "pk").first()
    if message is None or not message.html:
        raise Http404
    response = render(request, "letter.html", {"html": _with_inline_pictures(message), "lang": message.language})
    elsewhere = " https:" if pictures else ""
    response["Content-Security-Policy"] = (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        f"img-src {request.scheme}://{request.get_host()}{elsewhere}; frame-ancestors 'self'"
    )
    response["Referrer-Policy"] = "no-referrer"
    return response


def _with_inline_pictures(message: Message) -> str:
    pictures = Attachment.objects.filter(message=message, picture=Picture.READY).exclude(content_id="")
    rows = pictures.values_list("content_id", "pk", "name")
    known = {content_id.strip("<>"): file_address(pk, name, Look.LARGE) for content_id, pk, name in rows}

    def address(found: re.Match[str]) -> str:
        return found.group(1) + known.get(found.group(2), "")

    return _CID.sub(address, masked_html(message.html))


def _signed(token: str, salt: str) -> Any:
    try:
        return signing.loads(token, salt=salt, max_age=HOLDS_FOR)
    except signing.BadSignature:
        raise Http404 from None


urlpatterns = [
    path("files/<str:token>/<path:name>", file, name="file"),
    path("letters/<str:token>/", letter, name="letter"),
]
