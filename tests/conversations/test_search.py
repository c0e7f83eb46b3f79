"""Messages are found by their words in five languages, on both databases."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection

from holdord.conversations import actions, search
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk

pytestmark = pytest.mark.django_db


def found(desk: SmallDesk, sought: str) -> list[str]:
    ids = search.find(sought, team_ids=[desk.team.pk])
    from holdord.conversations.models import Message

    texts = dict(Message.objects.filter(pk__in=ids).values_list("pk", "text"))
    return [texts[pk] for pk in ids if pk in texts]


@pytest.mark.parametrize(
    ("language", "text", "sought"),
    [
        ("da", "Boksen er gået i stykker", "bokse"),
        ("da", "Jeg får løbende opkrævninger", "opkrævning"),
        ("nb", "Malingen flasser på stolene", "stolen"),
        ("nb", "Strømmen ble borte", "stromm"),
        ("sv", "Mina beställningar försvann", "beställning"),
        ("sv", "Hörlurarna är trasiga", "horlurar"),
        ("de", "Die Rückerstattungen fehlen", "rückerstattung"),
        ("de", "Bitte nennen Sie die Straße", "strasse"),
        ("en", "My orders were cancelled", "order cancel"),
        ("en", "Error REST 11004 appears", "rest 11004"),
    ],
)
def test_a_word_is_found_in_its_other_forms(clock: MovableClock, language: str, text: str, sought: str) -> None:
    desk = small_desk()
    desk.writes(text, detected_language=language)
    desk.writes("Noget helt andet", by="sofie@post.example", subject="")
    assert found(desk, sought) == [text]


def test_every_word_must_be_there_and_the_last_may_be_a_beginning(clock: MovableClock) -> None:
    desk = small_desk()
    desk.writes("Boksen virker ikke")
    assert found(desk, "boksen vir") == ["Boksen virker ikke"]
    assert found(desk, "boksen telefon") == []


def test_one_letter_begins_nothing(clock: MovableClock) -> None:
    desk = small_desk()
    desk.writes("Boksen virker ikke")
    assert found(desk, "b") == []
    assert found(desk, "bo") == ["Boksen virker ikke"]


def test_the_index_of_beginnings_is_filled_from_what_is_there(clock: MovableClock) -> None:
    desk = small_desk()
    desk.writes("Boksen virker ikke", subject="Guldfisk")
    forgotten = desk.writes("Boksen er væk", by="sofie@post.example")
    search.forget(forgotten)
    migration = import_module("holdord.conversations.migrations.0003_search_by_beginnings")
    for made_again in (migration.backwards, migration.forwards):
        made_again(None, SimpleNamespace(connection=connection))
        assert found(desk, "boksen") == found(desk, "guldf") == ["Boksen virker ikke"]


def test_the_newest_comes_first_and_pages_go_on(clock: MovableClock) -> None:
    desk = small_desk()
    first, second = desk.writes("Boks et"), desk.writes("Boks to")
    assert search.find("boks", team_ids=[desk.team.pk]) == [second.pk, first.pk]
    assert search.find("boks", team_ids=[desk.team.pk], before=second.pk) == [first.pk]


def test_what_is_not_ones_own_is_not_found(clock: MovableClock) -> None:
    desk, other = small_desk(), small_desk()
    desk.writes("Boksen virker ikke")
    assert search.find("boksen", team_ids=[other.team.pk]) == []
    assert search.find("boksen", team_ids=[]) == []


@pytest.mark.parametrize(
    "sought", ["", "  ", '"', "'", "* OR", "(", "AND", "a:b", "x'); DROP TABLE", "\x00", "NEAR(", "-", "_"]
)
def test_no_search_is_an_error(clock: MovableClock, sought: str) -> None:
    desk = small_desk()
    desk.writes("Boksen virker ikke")
    search.find(sought, team_ids=[desk.team.pk])


def test_an_undone_reply_is_not_found(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer den?")
    written = actions.reply(
        fresh(inquiry.conversation),
        by=desk.agent("Jonas"),
        text="Hemmelighed",
        seen=inquiry,
        not_before=clock.now(),
        now=clock.now(),
    )
    assert found(desk, "hemmelighed") == ["Hemmelighed"]
    actions.undo_reply(written, by=desk.agent("Jonas"), now=clock.now())
    assert found(desk, "hemmelighed") == []
