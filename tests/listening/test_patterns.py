"""Patterns over words: each sign means what the lexicons' README says."""

import time

import pytest

from holdord.listening.patterns import PatternIndex, WrongPattern, parse


def found(pattern: str, text: str) -> bool:
    return any(PatternIndex([(parse(pattern), "meaning")]).matches(text.split()))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("opsige", "jeg vil opsige nu"),
        ("opsig*", "opsigelsen er sendt"),
        ("*aftale", "min mobilaftale udløber"),
        ("für", "fuer dich"),
        ("für", "fur dich"),
        ("vil|ønsker", "jeg oensker det"),
        ("melde .. ud", "melde mig helt ud"),
        ("melde ... ud", "melde mig og min kone fra alt ud"),
        ("vil gerne? opsige", "vil opsige"),
        ("vil gerne? opsige", "vil gerne opsige"),
        ("^ ikke", "ikke nu"),
        ("nu $", "kom nu"),
        ("# gange", "20 gange"),
    ],
)
def test_a_pattern_matches(pattern: str, text: str) -> None:
    assert found(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("opsige", "opsiger"),
        ("melde .. ud", "melde mig og min kone fra alt ud"),
        ("vil opsige", "vil gerne opsige"),
        ("^ ikke", "det ikke"),
        ("nu $", "nu kom"),
        ("# gange", "tyve gange"),
    ],
)
def test_a_pattern_does_not_match(pattern: str, text: str) -> None:
    assert not found(pattern, text)


@pytest.mark.parametrize("pattern", ["", "..", ".. ud", "ud ..", "ud?", "op*", "*en"])
def test_a_pattern_that_says_too_little_is_refused(pattern: str) -> None:
    with pytest.raises(WrongPattern):
        parse(pattern)


def test_the_words_taken_are_told() -> None:
    (match,) = PatternIndex([(parse("melde .. ud"), "end")]).matches(["jeg", "vil", "melde", "mig", "ud"])
    assert (match.meaning, match.taken) == ("end", (2, 4))


def test_many_patterns_and_words_take_time_in_proportion() -> None:
    index = PatternIndex([(parse(f"a ... b ... c{number}"), str(number)) for number in range(2_000)])
    began = time.perf_counter()
    assert len(list(index.matches(["a", "b", "c1"] * 5_000))) == 5_000
    assert time.perf_counter() - began < 3
