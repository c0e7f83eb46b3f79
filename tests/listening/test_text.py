"""Words, clauses and sentences: every span points at the right characters of the original."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdord.listening.text import sentences, spellings


def words(text: str) -> list[list[str]]:
    return [[word.form for word in sentence.words] for sentence in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ring kl. 14.30 d. 12. marts. Tak!", [["ring", "kl", "14.30", "d", "12", "marts"], ["tak"]]),
        ("Wir kommen am 1. Mai, z. B. um 9 Uhr.", [["wir", "kommen", "am", "1", "mai", "z", "b", "um", "9", "uhr"]]),
        ("It costs 3.50. Then we go.", [["it", "costs", "3.50"], ["then", "we", "go"]]),
        ("Hej\n\nVar är paketet", [["hej"], ["var", "är", "paketet"]]),
        ("Can’t you call-back?", [["can't", "you", "callback"]]),
    ],
)
def test_sentences_end_where_people_end_them(text: str, expected: list[list[str]]) -> None:
    assert words(text) == expected


def test_a_wrapped_line_goes_on_and_a_short_one_does_not() -> None:
    long = "Jeg skriver til jer fordi jeg stadig ikke har modtaget den\npakke I lovede"
    assert len(sentences(long)) == 1
    assert len(sentences("Ordre 12\nBoksen virker ikke")) == 2


def test_clauses_end_at_commas() -> None:
    (sentence,) = sentences("Hvis I ikke svarer, opsiger jeg aftalen")
    assert [[word.form for word in clause.words] for clause in sentence.clauses] == [
        ["hvis", "i", "ikke", "svarer"],
        ["opsiger", "jeg", "aftalen"],
    ]


def test_letters_are_folded_and_places_kept() -> None:
    text = "Gru\u0308ße fu\u00adr RÜCKRUF"
    for sentence in sentences(text):
        for word in sentence.words:
            assert word.form in ("grüße", "fur", "rückruf")
            shown = unicodedata.normalize("NFC", text[word.start : word.end]).replace("\u00ad", "").lower()
            assert shown == word.form


def test_the_ways_a_word_is_typed() -> None:
    assert {"für", "fuer", "fur"} <= set(spellings("für"))
    assert {"gør", "goer", "gör"} <= set(spellings("gør"))
    assert "for" not in set(spellings("før"))
    assert list(spellings("plain")) == ["plain"]


@given(st.text(max_size=400))
def test_spans_point_into_the_text(text: str) -> None:
    at = 0
    for sentence in sentences(text):
        for word in sentence.words:
            assert at <= word.start < word.end <= len(text)
            assert any(sign.isalnum() for sign in text[word.start : word.end])
            at = word.end


@pytest.mark.parametrize("piece", ["a", "a ", "a.", ".", "a\n", "'-'", "1.", "1/", "e\u0301", "\u00ad", "a, "])
def test_time_grows_with_the_text_alone(piece: str) -> None:
    def taken(size: int) -> float:
        began = time.perf_counter()
        sentences(piece * (size // len(piece)))
        return time.perf_counter() - began

    assert taken(100_000) < 2
