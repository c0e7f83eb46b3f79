"""Messages about the same are found across words and languages, with the real embedding reader."""

import pytest

from holdord.conversations import jobs
from holdord.conversations.models import Alike, Meaning
from holdord.listening import reader
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk

pytestmark = pytest.mark.reader


@pytest.fixture
def desk(db: None, clock: MovableClock) -> SmallDesk:
    clock.moves_to("Thu 10:00")
    return small_desk()


def hear_all() -> None:
    while jobs.hear_messages():
        pass


def test_a_conversation_names_the_earlier_ones_about_the_same(desk: SmallDesk) -> None:
    box = desk.writes("Min boks starter ikke, lampen lyser rødt.", by="a@post.example")
    desk.writes("Regningen er forkert, jeg har betalt to gange", by="b@post.example")
    desk.writes("Kan jeg flytte min tid til fredag?", by="c@post.example")
    hear_all()
    assert not Alike.objects.exists()
    kasten = desk.writes("Meine Box startet nicht, die Lampe leuchtet rot", by="d@post.example")
    hear_all()
    (alike,) = Alike.objects.all()
    assert (alike.conversation_id, alike.other_id) == (kasten.conversation_id, box.conversation_id)
    assert 0.88 <= alike.likeness <= 1.01
    assert Meaning.objects.count() == 4


def test_a_packed_vector_is_as_alike_as_it_was() -> None:
    first, second = reader.vectors(["Boksen starter ikke", "Boksen vil ikke starte op"])
    exact = sum(one * other for one, other in zip(first, second, strict=True))
    assert reader.cosines(first, [reader.packed(second)])[0] == pytest.approx(exact, abs=0.005)
    assert reader.cosines(first, []) == []


def test_with_the_reader_what_words_do_not_say_is_heard(desk: SmallDesk) -> None:
    message = desk.writes("Ta meg av lista over medlemmer, jeg har sluttet å trene", known_language="nb")
    hear_all()
    assert message.conversation.requests.get().kind == "cancel"
