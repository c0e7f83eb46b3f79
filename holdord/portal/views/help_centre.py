"""The help centre and the policies of an inbox: read without a login, in the reader's language."""

from collections.abc import Iterable
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from holdord.kernel import clock
from holdord.knowledge import actions
from holdord.knowledge.models import Edition, Kind
from holdord.knowledge.queries import any_match, found, public_editions, related, running_incidents
from holdord.people.models import Inbox
from holdord.portal.incident_rows import incident_rows
from holdord.portal.public import brand, language_for, public
from holdord.web.letters import first_words
from holdord.web.times import Times, zone
from holdord.web.written import plain, written

_MOST: Final = 20
_KINDS: Final = {"article": Kind.ARTICLE, "policy": Kind.POLICY, "incident": Kind.INCIDENT}


@public
@require_safe
def help_centre(request: HttpRequest, slug: str) -> HttpResponse:
    """Every article, or those that match; the way to a person is always there."""
    inbox = get_object_or_404(Inbox, slug=slug)
    language = language_for(request, inbox.language)
    with translation.override(language):
        sought = request.GET.get("q", "").strip()[:200]
        articles = public_editions(Kind.ARTICLE, inbox, language)
        if not articles.exists():  # better in another language than not at all
            articles = public_editions(Kind.ARTICLE, inbox, inbox.language)
        matches = found(articles, sought, most=_MOST) if sought else list(articles)
        incidents = running_incidents(inbox, language, now=clock.now())
        if sought and not matches and not any_match(incidents, sought):
            actions.keep_not_found(inbox, language, sought, now=clock.now())
        context = {
            **_frame(inbox, language),
            "sought": sought,
            "incidents": incident_rows(incidents, inbox, language),
            "articles": _rows(matches, inbox, language, "portal:article"),
            "policies": _rows(public_editions(Kind.POLICY, inbox, language), inbox, language, "portal:policy"),
        }
        response = render(request, "portal/help.html", context)
        del response["X-Robots-Tag"]
        return response


@public
@require_safe
def article(request: HttpRequest, slug: str, pk: int, kind: str = "article") -> HttpResponse:
    """One article or policy, in the reader's language or the first it is written in."""
    inbox = get_object_or_404(Inbox, slug=slug)
    language = language_for(request, inbox.language)
    edition = _edition(inbox, pk, _KINDS[kind], language)
    with translation.override(language):
        others = public_editions(Kind.ARTICLE, inbox, edition.language)
        times, document = Times(zone(inbox.time_zone), clock.now()), edition.document
        context = {
            **_frame(inbox, language),
            "edition": edition,
            "html": written(edition.public_text),
            "as_of": times.on(edition.published_at) if edition.published_at else "",
            "since": times.when(document.since) if document.since else "",
            "over_since": times.when(document.over_at) if document.over_at else "",
            "related": _rows(related(edition, others), inbox, language, "portal:article"),
            "asks": kind == "article",
            "told": request.GET.get("told", ""),
        }
        return render(request, "portal/article.html", context)


@public
@require_POST
def helped(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A reader says whether the article helped."""
    inbox = get_object_or_404(Inbox, slug=slug)
    language = language_for(request, inbox.language)
    edition = _edition(inbox, pk, Kind.ARTICLE, language)
    said = request.POST.get("helped", "")
    if said in ("yes", "no"):
        actions.answer_helped(edition, helped=said == "yes")
    return redirect(f"{reverse('portal:article', args=[slug, pk])}?lang={language}&told={said}#helped")


def _edition(inbox: Inbox, document: int, kind: Kind, language: str) -> Edition:
    for each in (language, inbox.language):
        if edition := public_editions(kind, inbox, each).filter(document=document).first():
            return edition
    raise Http404


def _frame(inbox: Inbox, language: str) -> dict[str, object]:
    return {
        "lang": language,
        "brand": brand(inbox),
        "slug": inbox.slug,
        "form_address": f"{reverse('portal:form', args=[inbox.slug])}?lang={language}",
        "help_address": f"{reverse('portal:help', args=[inbox.slug])}",
    }


def _rows(editions: Iterable[Edition], inbox: Inbox, language: str, view: str) -> list[tuple[str, str, str, str]]:
    """Language, title, address and beginning of each."""
    return [
        (
            edition.language,
            edition.public_title,
            f"{reverse(view, args=[inbox.slug, edition.document_id])}?lang={language}",
            first_words(plain(edition.public_text)),
        )
        for edition in editions
    ]
