"""Attachments and letters as they were sent, behind signed addresses that hold for an hour and need no cookie.

Whoever may see a message is given the address on the page; the address itself is the authority, so that nothing of what
strangers sent is ever loaded with somebody's login. Everything comes with a sandbox and is never sniffed.
"""

import re
from typing import Any
from urllib.parse import quote

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from holdord.conversations.models import Attachment, Message
from holdord.files.actions import content_of
from holdord.web.letters import masked_html

HOLDS_FOR = 3600
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
"""The types that a browser may draw in the page; SVG may carry script and is always a download."""

_FILE, _LETTER = "holdord.web.files.file", "holdord.web.files.letter"
_CID = re.compile(r"""(src\s*=\s*["']?)cid:([^"'\s>]+)""", re.IGNORECASE)


def file_address(attachment_id: int, name: str, *, shown: bool = False) -> str:
    """A signed address of an attachment: a download, or `shown` in the page when it is a picture."""
    return reverse("web:file", args=[signing.dumps([attachment_id, shown], salt=_FILE), name or "file"])


def letter_address(message_id: int, *, pictures: bool = False) -> str:
    """A signed address of a message's HTML for a sandboxed frame; `pictures` lets it load pictures from elsewhere."""
    return reverse("web:letter", args=[signing.dumps([message_id, pictures], salt=_LETTER)])


@require_safe
def file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """The bytes of an attachment."""
    attachment_id, shown = _signed(token, _FILE)
    attachment = Attachment.objects.select_related("blob").filter(pk=attachment_id).first()
    if attachment is None:
        raise Http404
    drawn = shown and attachment.content_type in PICTURES
    response = HttpResponse(
        content_of(attachment.blob), content_type=attachment.content_type if drawn else "application/octet-stream"
    )
    disposition = "inline" if drawn else "attachment"
    response["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(attachment.name or 'file')}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    response["Referrer-Policy"] = "no-referrer"
    return response


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
    rows = Attachment.objects.filter(message=message).exclude(content_id="").values_list("content_id", "pk", "name")
    known = {content_id.strip("<>"): file_address(pk, name, shown=True) for content_id, pk, name in rows}

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
