"""The look of a brand, as a stylesheet of its own: pages carry no inline style."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from holdord.portal.look import TURN, stylesheet


@require_safe
def look(request: HttpRequest, hue: int) -> HttpResponse:
    """The rules for one hue; the same for everybody, so browsers may keep them for a day."""
    if hue >= TURN:
        raise Http404
    response = HttpResponse(stylesheet(hue), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=86400"
    return response
