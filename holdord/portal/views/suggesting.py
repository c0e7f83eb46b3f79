"""Articles beside the form, while somebody writes."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST

from holdord.kernel import clock
from holdord.kernel.languages import closest
from holdord.knowledge.models import Edition, Kind
from holdord.knowledge.queries import found, public_editions, running_incidents
from holdord.people.models import Inbox
from holdord.portal.incident_rows import incident_rows
from holdord.portal.public import language_for, public
from holdord.web.letters import first_words
from holdord.web.written import plain

_LONGEST: Final = 2_000
"""Letters of a text that are looked at. It is posted, so that no log keeps what somebody was about to ask."""

_MOST: Final = 3
_LEAST: Final = 5
"""Points that an article needs: a word of its title, and another."""
_LEAST_OF_AN_INCIDENT: Final = 3
"""Who meets a fault many meet knows one word of it: the title's."""


@public
@require_POST
def articles(request: HttpRequest, slug: str) -> HttpResponse:
    """The known incidents and articles that may answer this text, as a part of the page; 204 when there are none.
    Nothing of it is kept.
    """
    inbox = get_object_or_404(Inbox, slug=slug)
    language = closest(language_for(request, inbox.language)) or inbox.language
    with translation.override(language):
        text = request.POST.get("text", "")[:_LONGEST]
        editions = found(public_editions(Kind.ARTICLE, inbox, language), text, most=_MOST, least=_LEAST)
        going_on = [each.pk for each in running_incidents(inbox, language, now=clock.now())]
        known = Edition.objects.filter(pk__in=going_on).select_related("document")
        incidents = found(known, text, most=_MOST, least=_LEAST_OF_AN_INCIDENT) if going_on else []
        if not editions and not incidents:
            return HttpResponse(status=204)
        rows = [
            (
                each.public_title,
                f"{reverse('portal:article', args=[slug, each.document_id])}?lang={language}",
                first_words(plain(each.public_text)),
            )
            for each in editions
        ]
        context = {"rows": rows, "lang": language, "incidents": incident_rows(incidents, inbox, language)}
        return render(request, "portal/parts/suggested.html", context)
