"""Texts for others to read: nothing is public before a person says so, and nothing that would punish a customer."""

import pytest

from holdord.history.models import Event
from holdord.kernel import clock as the_clock
from holdord.knowledge import actions
from holdord.knowledge.models import Document, Edition, Kind, NotFound
from holdord.knowledge.queries import found, public_editions, related
from holdord.people.models import Inbox
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk

WRONG = {
    "da": "Negative anmeldelser koster et gebyr på 500 kr.",
    "nb": "Det koster et gebyr på 500 kr å si opp avtalen.",
    "sv": "Du får inte skriva om oss i sociala medier.",
    "de": "Für negative Bewertungen berechnen wir eine Gebühr von 500 Euro.",
    "en": "If you leave a negative review, we charge a fee of 500 pounds.",
}


@pytest.fixture
def desk(db: None, clock: MovableClock) -> SmallDesk:
    clock.moves_to("Thu 10:00")
    return small_desk()


def written(
    desk: SmallDesk, title: str, text: str, *, kind: Kind = Kind.ARTICLE, language: str = "da", public: bool = True
) -> Edition:
    jonas, now = desk.agent("Jonas"), the_clock.now()
    edition = actions.write(
        None, kind=kind, inbox=desk.inbox, language=language, title=title, text=text, by=jonas, now=now
    )
    if public:
        actions.publish(edition, by=jonas, now=now)
        edition.refresh_from_db()
    return edition


def test_what_is_written_is_public_only_when_published(desk: SmallDesk) -> None:
    edition = written(desk, "Fjernbetjeningen", "Skift batterierne.", public=False)
    assert list(public_editions(Kind.ARTICLE, desk.inbox, "da")) == []
    actions.publish(edition, by=desk.agent("Jonas"), now=the_clock.now())
    (seen,) = public_editions(Kind.ARTICLE, desk.inbox, "da")
    document = seen.document
    actions.write(
        document,
        kind=Kind.ARTICLE,
        inbox=desk.inbox,
        language="da",
        title="Fjernbetjeningen",
        text="Nyt, og ikke færdigt.",
        by=None,
        now=the_clock.now(),
    )
    (seen,) = public_editions(Kind.ARTICLE, desk.inbox, "da")
    assert (seen.public_text, seen.has_changes) == ("Skift batterierne.", True)
    actions.withdraw(seen, by=desk.agent("Jonas"), now=the_clock.now())
    actions.withdraw(seen, by=desk.agent("Jonas"), now=the_clock.now())
    assert not public_editions(Kind.ARTICLE, desk.inbox, "da").exists()
    kinds = list(Event.objects.filter(kind__startswith="Edition").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["EditionPublished", "EditionWithdrawn"]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("language", list(WRONG))
def test_a_clause_that_punishes_customers_is_never_published(desk: SmallDesk, language: str, kind: Kind) -> None:
    edition = written(desk, "Vilkår", f"Hello. {WRONG[language]}", kind=kind, language=language, public=False)
    with pytest.raises(actions.MustNotStand) as wrong:
        actions.publish(edition, by=desk.agent("Jonas"), now=the_clock.now())
    clause = wrong.value.clauses[0]
    assert edition.text[clause.start : clause.end] in WRONG[language]
    edition.refresh_from_db()
    assert (edition.is_public, edition.text) == (False, f"Hello. {WRONG[language]}")


def test_a_search_finds_inflected_words_and_puts_the_best_first(desk: SmallDesk) -> None:
    remote = written(desk, "Fjernbetjeningen virker ikke", "Skift batterierne, og genstart boksen.")
    box = written(desk, "Boksen", "Sådan sættes den op. Fjernbetjeningen ligger ved.")
    written(desk, "Regninger", "Du får dem den første i måneden.")
    everything = public_editions(Kind.ARTICLE, desk.inbox, "da")
    assert found(everything, "fjernbetjening", most=9) == [remote, box]
    assert found(everything, "hvorfor virker fjernbetjeningen ikke", most=9)[0] == remote
    assert found(everything, "rejseforsikring", most=9) == []
    assert found(everything, "?!", most=9) == []
    assert related(remote, everything) == [box]


def test_an_inbox_shows_its_own_texts_and_those_of_all(desk: SmallDesk) -> None:
    written(desk, "Kun her", "Det gælder her.")
    other = Inbox.objects.create(
        name="Sol", slug="sol", address="hej@sol.example", team=desk.inbox.team, language="da", created_at=the_clock.now(),
        time_zone="Europe/Copenhagen", country="DK",
    )  # fmt: skip
    assert not public_editions(Kind.ARTICLE, other, "da").exists()
    Document.objects.update(inbox=None)
    assert public_editions(Kind.ARTICLE, other, "da").count() == 1


def test_what_is_not_found_is_counted_without_private_numbers(desk: SmallDesk) -> None:
    for sought in ("Pauses", "pauses ", "ida@post.example", "010203-1234", "4571 1234 1234 1234"):
        actions.keep_not_found(desk.inbox, "da", sought, now=the_clock.now())
    assert list(NotFound.objects.values_list("words", "times")) == [("pauses", 2)]
