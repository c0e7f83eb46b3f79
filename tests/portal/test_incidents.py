"""Known incidents: who meets one reads of it before they write, and can write all the same."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from holdord.history.models import Event
from holdord.kernel import clock as the_clock
from holdord.knowledge import actions
from holdord.knowledge.models import Document, Edition, Kind, NotFound
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk
from tests.portal.test_help import published

pytestmark = pytest.mark.django_db

FAULT = "HTTP 500 på boksen"


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


@pytest.fixture
def incident(desk: SmallDesk) -> Edition:
    return published(desk, FAULT, "Vi skifter en server. Prøv igen i aften.", kind=Kind.INCIDENT)


def on_top(desk: SmallDesk, query: str = "?lang=da") -> list[str]:
    page = Client().get(f"/help/{desk.inbox.slug}/{query}").text
    top = re.search(r'<section[^>]*aria-labelledby="incidents">(.*?)</section>', page, re.DOTALL)
    return re.findall(r"<b[^>]*>(.*?)</b>", top[1]) if top else []


def beside_the_form(desk: SmallDesk, text: str, lang: str = "da") -> str:
    return Client().post(f"/write/{desk.inbox.slug}/articles/?lang={lang}", {"text": text}).text


def test_it_stands_on_top_until_it_is_over(desk: SmallDesk, incident: Edition, clock: MovableClock) -> None:
    hanne, page = desk.agent("Hanne"), f"/help/{desk.inbox.slug}/incidents/{incident.document_id}/?lang=da"
    assert on_top(desk) == [FAULT]
    assert "Siden i dag kl. 10.00. Vi kender til det: du behøver ikke fortælle os det." in Client().get(page).text
    clock.passes(hours=3)
    actions.end_incident(incident.document, by=hanne, now=the_clock.now())
    actions.end_incident(incident.document, by=hanne, now=the_clock.now())
    assert on_top(desk) == []
    assert "Det er ovre siden i dag kl. 13.00. Det begyndte i dag kl. 10.00." in Client().get(page).text
    actions.resume_incident(incident.document, by=hanne, now=the_clock.now())
    assert on_top(desk) == [FAULT]
    told = Event.objects.filter(kind="IncidentOver").order_by("pk").values_list("payload", flat=True)
    assert [payload["is_over"] for payload in told] == [True, False]


def test_the_latest_is_first_and_a_draft_or_one_to_come_is_not_there(desk: SmallDesk, clock: MovableClock) -> None:
    now = the_clock.now()
    drafted = {"kind": Kind.INCIDENT, "inbox": desk.inbox, "language": "da", "text": "Vi er i gang.", "by": None}
    for title, since in (("Gammel", now - timedelta(days=2)), ("Ny", now), ("I nat", now + timedelta(hours=9))):
        edition = actions.write(None, title=title, now=now, since=since, **drafted)  # type: ignore[arg-type]
        actions.publish(edition, by=None, now=now)
    actions.write(None, title="Kladde", now=now, **drafted)  # type: ignore[arg-type]
    assert on_top(desk) == ["Ny", "Gammel"]
    clock.passes(hours=10)
    assert on_top(desk) == ["I nat", "Ny", "Gammel"]


def test_who_reads_another_language_does_not_miss_it(desk: SmallDesk, incident: Edition) -> None:
    assert on_top(desk, "?lang=de") == [FAULT]
    edition = actions.write(
        incident.document, kind=Kind.INCIDENT, inbox=desk.inbox, language="de", title="HTTP 500 auf der Box",
        text="Wir tauschen einen Server.", by=None, now=the_clock.now(),
    )  # fmt: skip
    actions.publish(edition, by=None, now=the_clock.now())
    assert on_top(desk, "?lang=de") == ["HTTP 500 auf der Box"]
    assert Document.objects.get().since == incident.document.since


def test_a_search_that_finds_it_is_not_one_in_vain(desk: SmallDesk, incident: Edition) -> None:
    assert on_top(desk, "?lang=da&q=http+500") == [FAULT]
    assert not NotFound.objects.exists()
    on_top(desk, "?lang=da&q=regning")
    assert NotFound.objects.get().words == "regning"


def test_who_writes_about_it_reads_of_it_and_can_send_all_the_same(desk: SmallDesk, incident: Edition) -> None:
    shown = beside_the_form(desk, "Der står HTTP 500 på min skærm")
    assert FAULT in shown
    assert "du kan sende formularen, også selv om det hjalp" in shown
    assert beside_the_form(desk, "Hvornår kommer min regning for marts?") == ""
    actions.end_incident(incident.document, by=None, now=the_clock.now())
    assert beside_the_form(desk, "Der står HTTP 500 på min skærm") == ""


def test_it_is_written_and_ended_on_the_desk(desk: SmallDesk, clock: MovableClock) -> None:
    lead = Client()
    lead.force_login(desk.agent("Hanne"))
    said = {"title": FAULT, "text": "Vi er i gang.", "since": "2026-03-01T22:15", "publish": "1"}
    written = lead.post("/settings/texts/new/incident/da/", said)
    assert written.status_code == 302
    document = Document.objects.get()
    assert document.since is not None
    assert document.since.astimezone(clock.zone).isoformat() == "2026-03-01T22:15:00+01:00"
    assert 'value="2026-03-01T22:15"' in lead.get(written.headers["Location"]).text
    lead.post(f"/settings/texts/{document.pk}/da/over/")
    assert on_top(desk) == []
    assert "It goes on after all" in lead.get(written.headers["Location"]).text
    lead.post(f"/settings/texts/{document.pk}/da/over/", {"goes_on": "1"})
    assert on_top(desk) == [FAULT]
    stranger = Client()
    stranger.force_login(desk.agent("Jonas"))
    assert stranger.post(f"/settings/texts/{document.pk}/da/over/").status_code == 403


def test_only_an_incident_begins_and_ends(desk: SmallDesk, incident: Edition) -> None:
    article = published(desk, "Boksen", "Træk stikket ud.")
    actions.end_incident(article.document, by=None, now=the_clock.now())
    assert Document.objects.get(pk=article.document_id).over_at is None
    for wrong in ({"since": None}, {"over_at": the_clock.now() - timedelta(days=9)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Document.objects.filter(pk=incident.document_id).update(**wrong)
