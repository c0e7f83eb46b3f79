"""Texts on the desk: leads write them, agents put them into replies, customers are never punished by them."""

import pytest
from django.test import Client

from holdord.knowledge.models import Edition
from tests.conftest import MovableClock
from tests.desk.conftest import Three

pytestmark = pytest.mark.django_db


def write(browser: Client, kind: str, title: str, text: str, **more: str):  # type: ignore[no-untyped-def]
    return browser.post(f"/settings/texts/new/{kind}/da/", {"title": title, "text": text, **more})


def test_a_prepared_reply_is_published_and_put_into_the_reply(three: Three) -> None:
    write(
        three.browser(three.ada),
        "reply",
        "Undskyld",
        "Hej {name}\n\nDet er vores fejl, #{number}.\n{agent}",
        publish="1",
    )
    assert Edition.objects.get().is_public
    conversation = three.conversation
    page = three.browser(three.alice).get(f"/conversations/{conversation.pk}/texts/?q=undskyld").text
    assert f"Hej Henrik\n\nDet er vores fejl, #{conversation.pk}.\nAlice" in page


def test_a_text_that_would_hurt_is_kept_and_not_published(three: Three) -> None:
    text = "Tak for din ordre. Negative anmeldelser koster et gebyr på 500 kr."
    answer = write(three.browser(three.ada), "policy", "Anmeldelser", text, publish="1")
    assert answer.status_code == 422
    assert "“Negative anmeldelser koster et gebyr på 500 kr”" in answer.text
    edition = Edition.objects.get()
    assert (edition.is_public, edition.text) == (False, text)


def test_only_who_leads_writes_texts(three: Three) -> None:
    assert three.browser(three.alice).get("/settings/texts/").status_code == 403
    assert write(three.browser(three.alice), "reply", "Hej", "Hej").status_code == 403


def test_a_change_is_seen_only_when_it_is_published(three: Three, clock: MovableClock) -> None:
    maja = three.browser(three.ada)
    write(maja, "article", "Boksen", "Træk stikket ud.", publish="1")
    edition = Edition.objects.get()
    address = f"/settings/texts/{edition.document_id}/da/"
    maja.post(address, {"title": "Boksen", "text": "Træk stikket ud, og vent."})
    edition.refresh_from_db()
    assert (edition.public_text, edition.has_changes) == ("Træk stikket ud.", True)
    maja.post(f"{address}end/")
    edition.refresh_from_db()
    assert (edition.is_public, edition.text) == (False, "Træk stikket ud, og vent.")


def test_a_known_incident_is_put_into_the_reply_until_it_is_over(three: Three) -> None:
    lead = three.browser(three.ada)
    write(lead, "incident", "HTTP 500 på boksen", "Vi skifter en server.", publish="1", since="")
    document, number = Edition.objects.get().document_id, three.conversation.pk
    words = (
        f"HTTP 500 på boksen: http://localhost:8000/help/{three.conversation.inbox.slug}/incidents/{document}/?lang=da"
    )
    agent = three.browser(three.alice)
    assert words in agent.get(f"/conversations/{number}/texts/").text
    assert words in agent.get(f"/conversations/{number}/texts/?q=http+500").text
    assert words not in agent.get(f"/conversations/{number}/texts/?q=regning").text
    lead.post(f"/settings/texts/{document}/da/over/")
    assert words not in agent.get(f"/conversations/{number}/texts/").text
