"""The core of promises, held against a brute-force scheduler that shares no code with it."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdord.kernel.working_time import Calendar, Supply, supply_of, week_of
from holdord.promises import rules
from holdord.promises.rules import MOVES, RUNNING, Load, Stage, Standing, State

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
OFFICE = Calendar("UTC", week_of({day: [(time(9), time(17))] for day in range(5)}))
NINE = MONDAY + timedelta(hours=9)


def one_person(days: int = 10) -> Supply:
    """One person from nine to five every day."""
    starts = [NINE + timedelta(days=day) for day in range(days)]
    return supply_of([([(at, at + timedelta(hours=8)) for at in starts], 1.0)])


minutes = st.integers(1, 240)
moments = st.integers(0, 6 * 24 * 12).map(lambda five: MONDAY + timedelta(minutes=5 * five))
loads = st.lists(st.tuples(moments, minutes), max_size=8)


def is_kept_by_working_minute_by_minute(
    jobs: list[tuple[datetime, float]], *, now: datetime, people: list[tuple[datetime, datetime]]
) -> bool:
    """Brute force: every five minutes a person works on the job that is due first; is each done when it is due?"""
    left = sorted([due, float(work)] for due, work in jobs)
    clock = now
    while left and clock < now + timedelta(days=15):
        if clock >= left[0][0]:
            return False
        step = 5.0 if any(starts <= clock < ends for starts, ends in people) else 0.0
        while left and step > 0:
            done = min(step, left[0][1])
            left[0][1] -= done
            step -= done
            if left[0][1] <= 0:
                left.pop(0)
        clock += timedelta(minutes=5)
    return not left


PEOPLE = [(NINE + timedelta(days=day), NINE + timedelta(days=day, hours=8)) for day in range(10)]


@given(loads, st.integers(1, 48).map(lambda five: 5 * five), moments, moments)
def test_the_earliest_time_holds_and_none_before_it_does(
    others: list[tuple[datetime, int]], work: int, now: datetime, not_before: datetime
) -> None:
    # All work is whole five-minute steps, so the brute force loses nothing between its steps.
    jobs = [(due, float(5 * minutes)) for due, minutes in others if due > now]
    if not is_kept_by_working_minute_by_minute(jobs, now=now, people=PEOPLE):
        return
    due = rules.earliest_keepable(
        float(work),
        max(now, not_before),
        now=now,
        supply=one_person(),
        load=rules.load_of(jobs),
    )
    if due is None:
        return
    assert is_kept_by_working_minute_by_minute([*jobs, (due, float(work))], now=now, people=PEOPLE)
    sooner = due - timedelta(minutes=5)
    if sooner >= max(now, not_before):
        assert not is_kept_by_working_minute_by_minute([*jobs, (sooner, float(work))], now=now, people=PEOPLE)


@given(loads, moments)
def test_what_fits_agrees_with_working_it_off(others: list[tuple[datetime, int]], now: datetime) -> None:
    jobs = [(due, float(5 * minutes)) for due, minutes in others if due > now]
    fits = rules.fits(now=now, supply=one_person(), load=rules.load_of(jobs))
    assert fits == is_kept_by_working_minute_by_minute(jobs, now=now, people=PEOPLE)


def test_nothing_holds_when_nobody_is_there() -> None:
    assert rules.earliest_keepable(10.0, NINE, now=NINE, supply=supply_of([]), load=Load()) is None


def test_an_empty_desk_keeps_the_first_time_asked_for() -> None:
    asked = NINE + timedelta(hours=4)
    assert rules.earliest_keepable(10.0, asked, now=NINE, supply=one_person(), load=Load()) == asked


def test_overdue_work_counts_as_due_now() -> None:
    load = rules.load_of([(NINE - timedelta(days=1), 60.0)])
    due = rules.earliest_keepable(10.0, NINE, now=NINE, supply=one_person(), load=load)
    assert due == NINE + timedelta(minutes=70)


@given(moments, st.timedeltas(timedelta(minutes=1), timedelta(days=5)), st.integers(0, 120))
def test_the_stages_come_in_order_and_not_before_the_promise(given_at: datetime, span: timedelta, work: int) -> None:
    stages = rules.stages(given_at=given_at, due_at=given_at + span, work=timedelta(minutes=work), calendar=OFFICE)
    assert (
        given_at <= stages.warn_owner_at <= stages.warn_lead_at <= stages.tell_customer_at < stages.breaks_at
    ) or stages.warn_owner_at == given_at == stages.tell_customer_at


@pytest.mark.parametrize(
    ("due", "honest"),
    [
        ("2026-03-02 14:00", "2026-03-02 13:30"),
        ("2026-03-03 09:10", "2026-03-02 16:59"),
        ("2026-03-09 09:00", "2026-03-06 16:59"),
        ("2026-03-02 09:20", "2026-03-02 08:45"),
    ],
)
def test_the_last_honest_moment(due: str, honest: str) -> None:
    given_at = datetime.fromisoformat("2026-03-02 08:10").replace(tzinfo=UTC)
    due_at = datetime.fromisoformat(due).replace(tzinfo=UTC)
    expected = datetime.fromisoformat(honest).replace(tzinfo=UTC)
    assert rules.last_honest_moment(given_at=given_at, due_at=due_at, calendar=OFFICE) == expected


def test_each_stage_follows_the_one_before() -> None:
    stages = rules.stages(given_at=NINE, due_at=NINE + timedelta(hours=4), work=timedelta(minutes=10), calendar=OFFICE)
    assert [stages.after(done)[0] for done in (None, *Stage)] == [*Stage, Stage.BREAK]
    assert stages.after(None)[1] == NINE + timedelta(hours=2, minutes=30)
    assert stages.after(Stage.WARN_OWNER)[1] == NINE + timedelta(hours=3, minutes=15)
    assert stages.after(Stage.WARN_LEAD)[1] == NINE + timedelta(hours=3, minutes=30)
    assert stages.after(Stage.TELL_CUSTOMER)[1] == NINE + timedelta(hours=4)


@given(moments, moments, moments, st.timedeltas(timedelta(), timedelta(days=9)))
def test_standing_never_improves_while_nobody_works(
    warn_at: datetime, due_at: datetime, now: datetime, wait: timedelta
) -> None:
    order = list(Standing)
    earlier = rules.standing(warn_at=warn_at, due_at=due_at, now=now)
    later = rules.standing(warn_at=warn_at, due_at=due_at, now=now + wait)
    assert order.index(later) >= order.index(earlier)


def test_the_undo_window_ends_before_the_due_time() -> None:
    window = timedelta(seconds=120)
    assert rules.undo_until(now=NINE, window=window, due_at=None) == NINE + window
    assert rules.undo_until(now=NINE, window=window, due_at=NINE + timedelta(seconds=60)) == NINE + timedelta(
        seconds=30
    )
    assert rules.undo_until(now=NINE, window=window, due_at=NINE + timedelta(seconds=10)) == NINE


def test_broken_released_and_void_are_final() -> None:
    assert {state for state in State if not MOVES[state]} == {State.BROKEN, State.RELEASED, State.VOID}
    assert all(State.BROKEN in MOVES[state] for state in RUNNING)
