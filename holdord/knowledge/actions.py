"""What happens to documents: written, published, withdrawn, judged by their readers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F

from holdord.conversations.search.words import terms
from holdord.history.actions import announce
from holdord.knowledge.events import EditionPublished, EditionWithdrawn, IncidentOver
from holdord.knowledge.models import Document, Edition, Kind, NotFound
from holdord.listening.policies import WrongClause, wrong_clauses
from holdord.listening.private_numbers import private_numbers
from holdord.people.models import Agent, Inbox

_MOST_WORDS_KEPT: Final = 80


class MustNotStand(Exception):
    """The text holds clauses that turn the desk against the people it serves; `clauses` says which, and where."""

    def __init__(self, clauses: Sequence[WrongClause]) -> None:
        super().__init__(f"{len(clauses)} clauses")
        self.clauses = list(clauses)


@transaction.atomic
def write(
    document: Document | None,
    *,
    kind: Kind,
    inbox: Inbox | None,
    language: str,
    title: str,
    text: str,
    by: Agent | None,
    now: datetime,
    since: datetime | None = None,
) -> Edition:
    """Keep what is being written. Nobody outside sees it before it is published. Without a document, a new one. A known
    incident began `since`, else now.
    """
    if kind is not Kind.INCIDENT:
        since = None
    if document is None:
        since = since or (now if kind is Kind.INCIDENT else None)
        document = Document.objects.create(kind=kind, inbox=inbox, made_at=now, since=since)
    else:
        Document.objects.filter(pk=document.pk).update(inbox=inbox, since=since or document.since)
    words = {"title": title.strip(), "text": text.strip(), "written_at": now, "written_by": by}
    edition, _made = Edition.objects.update_or_create(document=document, language=language, defaults=words)
    return edition


def look_over(text: str, language: str) -> list[WrongClause]:
    """The clauses for which a text can't be published."""
    return wrong_clauses(text, language)


@transaction.atomic
def publish(edition: Edition, *, by: Agent | None, now: datetime) -> None:
    """Let others read it as it is written now. Raises MustNotStand."""
    edition = Edition.objects.select_for_update().select_related("document").get(pk=edition.pk)
    if wrong := look_over(f"{edition.title}.\n{edition.text}", edition.language):
        before = len(edition.title) + 2
        raise MustNotStand([WrongClause(one.clause, one.start - before, one.end - before) for one in wrong])
    Edition.objects.filter(pk=edition.pk).update(
        public_title=edition.title,
        public_text=edition.text,
        published_at=now,
        published_by=by,
        terms=f" {' '.join(terms(f'{edition.title} {edition.text}', edition.language))} ",
    )
    document = edition.document
    announce(
        EditionPublished(
            at=now,
            by_id=by.pk if by else None,
            document_id=document.pk,
            document_kind=document.kind,
            language=edition.language,
        )
    )


@transaction.atomic
def withdraw(edition: Edition, *, by: Agent, now: datetime) -> None:
    """Let nobody outside read it any more; what is written stays. Done twice, it happens once."""
    public = Edition.objects.filter(pk=edition.pk, published_at__isnull=False)
    if public.update(published_at=None, published_by=None, public_title="", public_text="", terms=""):
        document = edition.document
        announce(
            EditionWithdrawn(
                at=now,
                by_id=by.pk,
                document_id=document.pk,
                document_kind=document.kind,
                language=edition.language,
            )
        )


@transaction.atomic
def end_incident(document: Document, *, by: Agent | None, now: datetime) -> None:
    """A known incident is over: it stands on no page any more. Done twice, it happens once."""
    running = Document.objects.filter(pk=document.pk, kind=Kind.INCIDENT, over_at=None)
    if running.update(over_at=max(now, document.since or now)):
        announce(IncidentOver(at=now, by_id=by.pk if by else None, document_id=document.pk, is_over=True))


@transaction.atomic
def resume_incident(document: Document, *, by: Agent | None, now: datetime) -> None:
    """It is not over after all. Done twice, it happens once."""
    if Document.objects.filter(pk=document.pk, over_at__isnull=False).update(over_at=None):
        announce(IncidentOver(at=now, by_id=by.pk if by else None, document_id=document.pk, is_over=False))


def answer_helped(edition: Edition, *, helped: bool) -> None:
    """A reader says whether it helped."""
    field = "helped" if helped else "did_not_help"
    Edition.objects.filter(pk=edition.pk).update(**{field: F(field) + 1})


def keep_not_found(inbox: Inbox, language: str, sought: str, *, now: datetime) -> None:
    """Remember what somebody looked for and did not find; nothing that looks like a private number."""
    words = " ".join(sought.lower().split())[:_MOST_WORDS_KEPT]
    if not words or "@" in words or private_numbers(words) or sum(letter.isdigit() for letter in words) > 5:
        return
    found, made = NotFound.objects.get_or_create(inbox=inbox, language=language, words=words, defaults={"last_at": now})
    if not made:
        NotFound.objects.filter(pk=found.pk).update(times=F("times") + 1, last_at=now)
