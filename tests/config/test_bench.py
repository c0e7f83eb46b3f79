"""What the bench calls far off."""

import pytest
from django.db import connection

from holdord.config.bench.budgets import far_off
from holdord.config.bench.floors import recording
from holdord.config.bench.measuring import Figure


def test_a_slow_machine_is_no_failure_and_a_slow_page_is() -> None:
    assert far_off([Figure("a reply", 49, "ms")]) == []
    assert far_off([Figure("a reply", 51, "ms")]) == ["a reply: 51.00 ms, at most 50.00"]


def test_a_machine_whose_database_is_slow_is_no_failure() -> None:
    assert far_off([Figure("next up, whole page, 50 rows", 90, "ms", floor=20)]) == []
    assert far_off([Figure("next up, whole page, 50 rows", 90, "ms", floor=10)]) == [
        "next up, whole page, 50 rows: 90.00 ms, at most 50.00"
    ]


def test_of_a_rate_less_is_worse() -> None:
    assert far_off([Figure("mail in, everything done", 31, "mails/s")]) == []
    assert far_off([Figure("mail in, everything done", 29, "mails/s")]) == [
        "mail in, everything done: 29.00 mails/s, at least 30.00"
    ]


def test_a_figure_without_an_aim_does_not_pass_in_silence() -> None:
    assert far_off([Figure("a new one", 1, "ms")]) == ["a new one: nobody has said what it should be"]


@pytest.mark.django_db
def test_rows_that_are_written_at_once_are_recorded_one_by_one() -> None:
    statement = "UPDATE people_roster SET version = %s WHERE id = %s"
    with recording() as recorded, connection.cursor() as cursor:
        cursor.executemany(statement, [(1, 77), (2, 78)])
    assert recorded.writes == [(statement, (1, 77)), (statement, (2, 78))]
