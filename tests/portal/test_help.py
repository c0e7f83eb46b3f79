"""The help centre: read by anybody, in their language; a person is always one step away."""

import re

import pytest
from django.test import Client

from holdord.kernel import clock as the_clock
from holdord.knowledge import actions
from holdord.knowledge.models import Edition, Kind, NotFound
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


def published(desk: SmallDesk, title: str, text: str, *, kind: Kind = Kind.ARTICLE, language: str = "da") -> Edition:
    now = the_clock.now()
    edition = actions.write(
        None, kind=kind, inbox=desk.inbox, language=language, title=title, text=text, by=None, now=now
    )
    actions.publish(edition, by=None, now=now)
    edition.refresh_from_db()
    return edition


def test_articles_are_found_and_a_person_is_on_every_page(desk: SmallDesk) -> None:
    edition = published(desk, "Boksen genstarter", "## Først\n\nTræk **stikket** ud. <script>alert(1)</script>")
    published(desk, "Regninger", "De kommer den første.")
    page = Client().get(f"/help/{desk.inbox.slug}/?q=genstart").text
    assert ("Boksen genstarter" in page, "Regninger" in page) == (True, False)
    assert f"/write/{desk.inbox.slug}/" in page
    page = Client().get(f"/help/{desk.inbox.slug}/{edition.document_id}/").text
    assert "<h2>Først</h2>" in page
    assert "<strong>stikket</strong>" in page
    assert "<script>alert" not in page
    assert f"/write/{desk.inbox.slug}/" in page


@pytest.mark.parametrize(
    "typed", ["[a](javascript:alert(1))", "![x](https://spy.example/x.png)", "<img src=x onerror=1>"]
)
def test_marks_can_not_do_harm(desk: SmallDesk, typed: str) -> None:
    edition = published(desk, "Boksen", f"Sådan: {typed}")
    page = Client().get(f"/help/{desk.inbox.slug}/{edition.document_id}/").text
    article = page[page.index("<article") : page.index("</article")]
    assert not re.search(r"<img|<script|href=.javascript", article)


def test_drafts_prepared_replies_and_other_inboxes_stay_inside(desk: SmallDesk) -> None:
    reply = published(desk, "Beklager", "Det er vores fejl.", kind=Kind.REPLY)
    draft = actions.write(
        None, kind=Kind.ARTICLE, inbox=desk.inbox, language="da", title="Kladde", text="Ikke endnu", by=None,
        now=the_clock.now(),
    )  # fmt: skip
    page = Client().get(f"/help/{desk.inbox.slug}/").text
    assert ("Beklager" in page, "Kladde" in page) == (False, False)
    for document in (reply.document_id, draft.document_id):
        for place in ("", "policies/"):
            assert Client().get(f"/help/{desk.inbox.slug}/{place}{document}/").status_code == 404


def test_an_article_answers_in_the_language_there_is(desk: SmallDesk) -> None:
    edition = published(desk, "Boksen", "Træk stikket ud.")
    page = Client().get(f"/help/{desk.inbox.slug}/{edition.document_id}/?lang=de").text
    assert '<html lang="de"' in page
    assert '<article class="prose" lang="da">' in page


def test_a_reader_says_whether_it_helped(desk: SmallDesk) -> None:
    edition = published(desk, "Boksen", "Træk stikket ud.")
    address = f"/help/{desk.inbox.slug}/{edition.document_id}/helped/"
    for said in ("yes", "no", "no", "perhaps"):
        assert Client().post(address, {"helped": said}).status_code == 302
    edition.refresh_from_db()
    assert (edition.helped, edition.did_not_help) == (1, 2)
    assert Client().post(address, {"helped": "yes"}, headers={"origin": "https://elsewhere.example"}).status_code == 403


def test_what_is_looked_for_in_vain_is_remembered(desk: SmallDesk) -> None:
    page = Client().get(f"/help/{desk.inbox.slug}/?q=pause+abonnement&lang=en").text
    assert "a person answers" in page
    assert list(NotFound.objects.values_list("words", "language")) == [("pause abonnement", "en")]


def test_policies_stand_beside_the_articles(desk: SmallDesk) -> None:
    edition = published(desk, "Fortrydelse", "Du kan fortryde i 30 dage.", kind=Kind.POLICY)
    page = Client().get(f"/help/{desk.inbox.slug}/").text
    href = f"/help/{desk.inbox.slug}/policies/{edition.document_id}/"
    assert href in page
    assert "Du kan fortryde" in Client().get(href).text
