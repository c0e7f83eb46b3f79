"""Known incidents, ready to print."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from holdord.kernel import clock
from holdord.knowledge.models import Edition
from holdord.people.models import Inbox
from holdord.web.times import Times, zone


@dataclass(slots=True)
class IncidentRow:
    """One that goes on: its title in the language it is written in, since when, and where more stands."""

    lang: str
    title: str
    since: str
    href: str


def incident_rows(editions: Iterable[Edition], inbox: Inbox, language: str) -> list[IncidentRow]:
    """The rows for a reader of `language`."""
    times = Times(zone(inbox.time_zone), clock.now())
    return [
        IncidentRow(
            edition.language,
            edition.public_title,
            times.when(edition.document.since) if edition.document.since else "",
            f"{reverse('portal:incident', args=[inbox.slug, edition.document_id])}?lang={language}",
        )
        for edition in editions
    ]
