"""What a case cost its customer: counted from first words, whatever came in their place."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdord.recovery.rules import Cost, Said, Word, cost

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
NOW = MONDAY + timedelta(hours=30)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def word(pk: int, state: str, given: float, due: float, settled: float | None = None, **more: object) -> Word:
    """A promise to answer, in hours from Monday at nine."""
    at = None if settled is None else MONDAY + hours(settled)
    kind = str(more.pop("kind", "answer"))
    return Word(pk, kind, state, MONDAY + hours(given), MONDAY + hours(due), at, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "waited", "late", "late_by", "broken"),
    [
        ([], 0, 0, 0, 0),
        ([word(1, "kept", 0, 4, 3)], 3, 0, 0, 0),
        ([word(1, "open", 0, 40)], 30, 0, 0, 0),
        ([word(1, "open", 0, 28)], 30, 1, 2, 0),  # late, and still not done
        ([word(1, "kept", 0, 4, 6)], 6, 1, 2, 0),  # moved, and kept at the new time
        ([word(1, "broken", 0, 4, 4), word(2, "kept", 4, 8, 7, follows=1)], 7, 1, 3, 0),
        ([word(1, "broken", 0, 4, 4), word(2, "broken", 4, 8, 8, follows=1), word(3, "open", 8, 40, follows=2)],
         30, 1, 26, 0),
        ([word(1, "broken", 0, 4, 4, kind="callback")], 0, 0, 0, 1),
        ([word(1, "released", 0, 4, 1, kind="visit")], 0, 0, 0, 0),
        ([word(1, "void", 0, 4, 9), word(2, "draft", 0, 4)], 0, 0, 0, 0),
        ([word(1, "kept", 0, 4, 5), word(2, "kept", 6, 9, 10, kind="refund")], 5, 2, 2, 0),
        ([word(2, "kept", 4, 8, 7, follows=1)], 3, 0, 0, 0),  # what it followed was never theirs to know
    ],
)  # fmt: skip
def test_what_late_words_cost(words: list[Word], waited: float, late: int, late_by: float, broken: int) -> None:
    found = cost(Said(written=1), words, now=NOW)
    assert found == Cost(Said(written=1), hours(waited), late, hours(late_by), broken)
    assert found.is_ours_to_own == bool(late or broken)


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        (Said(written=9, in_a_form=1, typed_in=2), False),
        (Said(written=2, again=1), True),
        (Said(written=1, passed_on=1), True),
    ],
)
def test_asking_twice_and_being_passed_on_are_ours_to_own(said: Said, ours: bool) -> None:
    assert cost(said, [], now=NOW).is_ours_to_own is ours


@given(st.lists(st.tuples(st.sampled_from(["open", "moved", "kept", "broken", "released"]), *[st.integers(0, 99)] * 3)))
def test_time_never_gives_anything_back(rows: list[tuple[str, int, int, int]]) -> None:
    words = [
        word(pk, state, start, start + due, None if state in ("open", "moved") else start + took)
        for pk, (state, start, due, took) in enumerate(rows)
    ]
    sooner, later = cost(Said(), words, now=NOW + hours(200)), cost(Said(), words, now=NOW + hours(201))
    assert later.waited >= sooner.waited >= timedelta()
    assert later.late_by >= sooner.late_by >= timedelta()
    assert (later.late, later.broken) >= (sooner.late, sooner.broken)
