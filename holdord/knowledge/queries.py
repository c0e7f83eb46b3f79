"""What is written down, looked up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from holdord.conversations.search.words import alternatives
from holdord.knowledge.models import Edition, Kind
from holdord.people.models import Inbox

_MOST_WORDS: Final = 8
"""Words of a question that are looked for: the longest say most."""
_LONG: Final = 5
_ONE_WORD: Final = 2
"""The points of one word in the text."""


def public_editions(kind: Kind, inbox: Inbox, language: str) -> QuerySet[Edition]:
    """What is published of a kind for an inbox in a language, by title."""
    of_inbox = Q(document__inbox=inbox) | Q(document__inbox=None)
    return (
        Edition.objects.filter(of_inbox, document__kind=kind, language=language, published_at__isnull=False)
        .select_related("document")
        .order_by("public_title")
    )


def running_incidents(inbox: Inbox, language: str, *, now: datetime) -> list[Edition]:
    """The known incidents that go on, the latest first: in the reader's language, else in the inbox's, so that nobody
    misses one.
    """
    going_on = {"document__over_at": None, "document__since__lte": now}
    latest: dict[int, Edition] = {}
    for each in (inbox.language, language):
        latest |= {row.document_id: row for row in public_editions(Kind.INCIDENT, inbox, each).filter(**going_on)}
    return sorted(latest.values(), key=lambda row: (row.document.since or now, row.document_id), reverse=True)


def found(editions: QuerySet[Edition], sought: str, *, most: int, least: int = 0) -> list[Edition]:
    """Those that hold the words that are sought, the best first: every word counts, one in the title three times.

    At least half of the words must be there, or as many points as `least` says. Linear in the number of editions:
    hundreds, not millions.
    """
    words = sorted(alternatives(sought), key=lambda forms: -len(forms[0]))[:_MOST_WORDS]
    if not words:
        return []
    score: Sequence[Case] = [
        Case(When(_any(f, "public_title__icontains"), then=Value(3)), default=Value(0), output_field=IntegerField())
        for f in words
    ]
    score = [*score, *(Case(When(_holds(f), then=Value(2)), default=Value(0)) for f in words)]
    ranked = editions.annotate(score=sum(score[1:], start=score[0])).filter(score__gte=least or len(words))
    return list(ranked.order_by("-score", "public_title")[:most])


def any_match(editions: Sequence[Edition], sought: str) -> bool:
    """Whether any of these holds the words that are sought."""
    keys = [edition.pk for edition in editions]
    return bool(keys) and bool(found(Edition.objects.filter(pk__in=keys), sought, most=1))


def related(edition: Edition, editions: QuerySet[Edition], *, most: int = 3) -> list[Edition]:
    """Others about the same: those that hold a long word of its title."""
    words = [word for word in edition.public_title.split() if len(word) >= _LONG]
    return found(editions.exclude(pk=edition.pk), " ".join(words), most=most, least=_ONE_WORD)


def _holds(forms: Sequence[str]) -> Q:
    """The whole word, or a beginning of it while somebody is still typing."""
    return _any([f" {form}" for form in forms], "terms__contains")


def _any(forms: Sequence[str], lookup: str) -> Q:
    condition = Q()
    for form in forms:
        condition |= Q(**{lookup: form})
    return condition
