"""Blocking and opening, heard in five languages; what only speaks of it is not."""

from importlib import resources
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdord.listening.acts import Side
from holdord.listening.bank import read_bank
from holdord.listening.blocking import Wish, blockings

BANK = resources.files("holdord.listening.bank") / "blocking"


def lines(name: str) -> list[tuple[str, str, str]]:
    """Wish (or -), language, text."""
    read = (BANK / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [(wish, language, text) for wish, language, text in (line.split("|") for line in read)]


def heard(text: str, language: str) -> str:
    return ",".join(found.wish for found in blockings(text, language)) or "-"


@pytest.mark.parametrize("language", ["da", "nb", "sv", "de", "en"])
def test_every_example_is_read_as_it_is_meant(language: str) -> None:
    wrong = [
        (wish, heard(text, of), text)
        for wish, of, text in lines("examples")
        if of == language
        if heard(text, of) != wish
    ]
    assert wrong == []


def test_texts_kept_from_writing_the_words_are_read_too() -> None:
    texts = lines("held_out")
    right = sum(heard(text, language) == wish for wish, language, text in texts)
    assert right >= 0.95 * len(texts)


def test_it_says_where_and_reads_past_the_rest() -> None:
    text = "Hej. Mit kort er væk! Vil I spærre det? Jeg betalte 200 kr. i går."
    (found,) = blockings(text, "da")
    assert (found.wish, text[found.start : found.end]) == (Wish.BLOCK, "Vil I spærre det")


def test_a_language_nobody_knows_is_not_read() -> None:
    assert blockings("Block my card", None) == blockings("Block my card", "fr") == []


WORDS = ["block", "my", "card", "please", "don't", "if", "?", ".", ",", "how", "unblock", "it", "again", "stolen", "\n"]


@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_it_fails_on_no_words(words: list[str]) -> None:
    for found in blockings(" ".join(words), "en"):
        assert found.start < found.end


def test_a_long_text_takes_time_in_proportion() -> None:
    def seconds(copies: int) -> float:
        text = "please block my card if you can, don't block it, how do i unblock it " * copies
        began = perf_counter()
        blockings(text, "en")
        return perf_counter() - began

    seconds(1)
    short = min(seconds(100) for _ in range(3))
    long = min(seconds(400) for _ in range(3))
    assert long < 4 * 3 * short


def test_of_thousands_of_other_messages_hardly_one_is_taken_for_it() -> None:
    customers = [text for text in read_bank() if text.side is Side.CUSTOMER]
    alarms = [text.text for text in customers if heard(text.text, text.language) in ("block", "unblock")]
    assert (len(customers) > 4_000, len(alarms) <= 2) == (True, True), alarms
