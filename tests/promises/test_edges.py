"""The rules of promises at their edges: to the minute, exactly full, exactly due."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from holdord.kernel.working_time import Calendar, Supply, supply_of, week_of
from holdord.promises import rules
from holdord.promises.rules import Choice, Claim, Kind, Load, Slot, Stages, Standing, State

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
NINE = MONDAY + timedelta(hours=9)
NEVER = Calendar("UTC", week_of({}))


def office() -> Calendar:
    return Calendar("UTC", week_of({day: [(time(9), time(17))] for day in range(5)}))


def at(hour: int, minute: int = 0, *, day: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


def one_person(*, starts: datetime | None = None) -> Supply:
    """One person, nine to five for ten days."""
    spans = [(at(9, day=day), at(17, day=day)) for day in range(10)]
    return supply_of([([(max(begins, starts or begins), ends) for begins, ends in spans], 1.0)])


def earliest(
    amount: float, not_before: datetime, rows: list[tuple[datetime, float]], *, now: datetime = NINE
) -> datetime | None:
    return rules.earliest_keepable(amount, not_before, now=now, supply=one_person(), load=rules.load_of(rows))


# What holds.


def test_what_is_exactly_full_holds_and_a_minute_more_does_not() -> None:
    assert earliest(10, at(10), [(at(10), 50)]) == at(10)
    assert earliest(11, at(10), [(at(10), 50)]) == at(10, 5)
    assert earliest(10, at(9), [(at(12), 180)]) == at(12, 10)
    assert earliest(10, at(9), [(at(12, day=1), 660)]) == at(12, 10, day=1)
    assert earliest(10, at(9), [(at(12, day=1), 650)]) == at(9, 10)
    # A time that is just full does not hide one before it that is over-full, on another day or on the same.
    assert earliest(10, at(9), [(at(12), 180), (at(12, day=1), 470)]) == at(12, 10)
    assert earliest(10, at(9), [(at(10), 60), (at(12), 110)]) == at(10, 10)


def test_a_time_asked_for_is_kept_to_the_minute_and_one_found_stands_on_five() -> None:
    assert earliest(2, at(10, 3), []) == at(10, 3)
    assert earliest(7, at(9), []) == at(9, 10)


def test_what_was_in_stock_long_ago_can_be_had_now_and_not_before() -> None:
    stock = rules.supply_of_deliveries([Slot(at(8), at(9), 5)])
    now = at(12, 2, day=3)
    assert rules.earliest_keepable(1, at(8), now=now, supply=stock, load=Load(), spent=4) == at(12, 5, day=3)
    assert rules.earliest_keepable(1, at(8), now=now, supply=stock, load=Load(), spent=5) is None


def fits(rows: list[tuple[datetime, float]], *, now: datetime = NINE, spent: float | None = None) -> bool:
    return rules.fits(now=now, supply=one_person(), load=rules.load_of(rows), spent=spent)


@pytest.mark.parametrize(
    ("rows", "holds"),
    [
        ([(at(10), 60)], True),
        ([(at(10), 61)], False),
        ([(at(10, day=1), 540)], True),
        ([(at(10, day=1), 541)], False),
        ([(at(9, day=-1), 30), (at(10), 30)], True),
        ([(at(9, day=-1), 31), (at(10), 30)], False),
        ([(at(17), 480), (at(17, day=1), 480), (at(17, day=2), 480)], True),
        ([(at(17), 480), (at(17, day=1), 480), (at(17, day=2), 481)], False),
    ],
)
def test_it_fits_until_it_is_exactly_full(rows: list[tuple[datetime, float]], holds: bool) -> None:
    assert fits(rows) is holds


def test_what_is_due_now_or_was_earlier_today_is_too_late_to_fit_or_not() -> None:
    assert fits([(at(10), 30), (at(17), 10)], now=at(12))
    assert fits([(at(12), 30), (at(17), 10)], now=at(12))
    assert not fits([(at(10), 30), (at(12, 30), 1)], now=at(12))


def test_a_stock_fits_by_what_was_taken_and_not_by_the_time() -> None:
    stock = rules.supply_of_deliveries([Slot(at(8), at(9), 5)])
    load = rules.load_of([(at(17, day=3), 2)])
    assert rules.fits(now=at(12), supply=stock, load=load, spent=3)
    assert not rules.fits(now=at(12), supply=stock, load=load, spent=4)


def test_the_days_of_a_load_are_those_of_utc_whatever_zone_a_moment_comes_in() -> None:
    in_utc, in_tokyo = at(20), at(20).astimezone(ZoneInfo("Asia/Tokyo"))
    assert in_tokyo.date() != in_utc.date()
    load = rules.load_of([(in_tokyo, 10.0), (at(20, day=1), 5.0)])
    assert [day.on for day in load.days] == [in_utc.date(), at(20, day=1).date()]
    assert rules.owed_by(load, in_tokyo) == 10.0
    assert rules.with_work(load, in_utc, 2.0).total == 17.0
    assert len(rules.with_work(load, in_tokyo, 2.0).days) == 2


def test_a_day_without_work_is_left_out_of_the_load() -> None:
    load = rules.load_of([(at(10), 60.0)])
    assert rules.with_work(load, at(10), -60.0).days == ()
    assert rules.with_work(load, at(10), -59.0).total == 1.0


def test_a_slot_that_begins_just_then_counts_with_its_one_place() -> None:
    slot = Slot(at(10), at(11), 1)
    assert rules.earliest_slot(1, at(10), slots=[slot], taken={}) == slot
    assert rules.earliest_slot(1, at(10, 1), slots=[slot], taken={}) is None
    assert rules.earliest_slot(1, at(10), slots=[slot], taken={at(11): 1}) is None


def test_of_those_with_a_deadline_of_their_own_the_first_to_fit_stays_before_any_other() -> None:
    other = Claim(1, at(12), 1, at(8))
    large = Claim(2, at(12), 10, at(8, 1), is_protected=True)
    small = Claim(3, at(12), 2, at(8, 2), is_protected=True)
    assert rules.give_way([other, small, large], lambda _: 2) == [other, large]


def test_what_was_freed_beyond_need_goes_back_to_whom_it_fits() -> None:
    small, middle, large = Claim(1, at(12), 1, at(8, 2)), Claim(2, at(12), 3, at(8, 1)), Claim(3, at(12), 5, at(8))
    assert rules.give_way([small, middle, large], lambda _: 6) == [middle]
    assert rules.give_way([small, middle, large], lambda _: 5) == [middle, small]


# The clock.


def stages(due_at: datetime, *, work: timedelta = timedelta(), given_at: datetime = NINE, **more: object) -> Stages:
    chosen = {"calendar": office(), **more}
    return rules.stages(given_at=given_at, due_at=due_at, work=work, **chosen)  # type: ignore[arg-type]


def test_the_owner_is_warned_an_hour_before_the_work_must_begin() -> None:
    found = stages(at(17), work=timedelta(hours=2))
    assert (found.warn_owner_at, found.warn_lead_at) == (at(13), at(15))  # work for two hours: two to react
    found = stages(at(17), work=timedelta(minutes=45))
    assert found.warn_owner_at == at(15, 15)
    assert stages(at(17)).warn_owner_at == at(15, 30)  # no work: an hour before the customer hears of it


def test_who_has_little_time_is_warned_half_way() -> None:
    assert stages(at(17), work=timedelta(minutes=10), given_at=at(15)).warn_owner_at == at(15, 45)


def test_the_latest_start_comes_from_what_the_team_owes() -> None:
    owed = {"supply": one_person(), "owed": timedelta(hours=4)}
    assert stages(at(17), work=timedelta(minutes=10), **owed).warn_owner_at == at(12)
    # Without knowing what is owed, and where the team gives nothing until then, one person's open time counts.
    assert stages(at(17), work=timedelta(hours=2), supply=one_person()).warn_owner_at == at(13)
    tomorrow = {"supply": supply_of([([(at(9, day=1), at(17, day=1))], 1.0)]), "owed": timedelta(hours=2)}
    assert stages(at(17), work=timedelta(hours=2), **tomorrow).warn_owner_at == at(13)


def test_a_single_minute_of_supply_is_a_supply() -> None:
    minute = {"supply": supply_of([([(at(16, 59), at(17))], 1.0)]), "owed": timedelta(minutes=1)}
    # It must begin at 16:59, after the customer heard of it: an hour of the two that one needs to react is not there.
    assert stages(at(17), work=timedelta(hours=2), **minute).warn_owner_at == at(14, 30)


def test_a_promise_by_the_day_breaks_at_midnight_and_warns_a_working_day_before() -> None:
    found = stages(at(17, day=4), work=timedelta(minutes=10), by_day=True)
    assert found.breaks_at == at(0, day=5)
    assert found.warn_owner_at == at(16, 30, day=3)
    late = stages(datetime(2026, 3, 6, 23, 30, tzinfo=UTC), calendar=Calendar("Asia/Tokyo", office().week), by_day=True)
    assert late.breaks_at == datetime(2026, 3, 7, 15, tzinfo=UTC)  # it is Saturday in Tokyo


def test_what_no_longer_fits_warns_at_once_and_never_later_than_it_would() -> None:
    assert stages(at(17), unfit_at=at(9, 30)).warn_owner_at == at(9, 30)
    assert stages(at(17), unfit_at=at(16)).warn_owner_at == at(15, 30)


def test_a_desk_that_never_opens_counts_by_the_wall_clock() -> None:
    found = stages(at(17), work=timedelta(hours=5), calendar=NEVER)
    assert found.warn_owner_at == at(12)
    assert found.tell_customer_at == at(16, 30)


def test_over_a_weekend_without_open_time_nothing_is_warned_before_half_way() -> None:
    found = stages(at(12, day=6), given_at=at(10, day=5))
    assert found.tell_customer_at == found.warn_owner_at == at(23, day=5)


def test_a_promise_of_half_an_hour_is_told_half_way() -> None:
    assert stages(at(17), given_at=at(16, 30)).tell_customer_at == at(16, 45)
    assert stages(at(17), given_at=at(16, 29)).tell_customer_at == at(16, 30)


@pytest.mark.parametrize(
    ("now", "fits", "expected"),
    [
        (at(11, 59), True, Standing.SAFE),
        (at(11, 59), False, Standing.AT_RISK),
        (at(12), True, Standing.AT_RISK),
        (at(13, 59), True, Standing.AT_RISK),
        (at(14), True, Standing.OVERDUE),
        (at(14), False, Standing.OVERDUE),
    ],
)
def test_a_promise_is_safe_at_risk_then_overdue(now: datetime, fits: bool, expected: Standing) -> None:
    assert rules.standing(warn_at=at(12), due_at=at(14), now=now, fits=fits) is expected
    assert rules.standing(warn_at=at(12), due_at=at(14), now=at(9)) is Standing.SAFE


def test_undoing_leaves_half_a_minute_to_send() -> None:
    window = timedelta(seconds=120)
    due_at = at(9) + window + timedelta(seconds=10)
    assert rules.undo_until(now=at(9), window=window, due_at=due_at) == due_at - timedelta(seconds=30)
    assert rules.undo_until(now=at(9), window=window, due_at=due_at + timedelta(seconds=20)) == at(9) + window


def test_a_pledge_counts_open_time_and_ends_on_five_minutes() -> None:
    due_at = rules.due_by_pledge(asked_at=at(15, 58), within=timedelta(hours=4), calendar=office())
    assert due_at == at(12, day=1)
    assert rules.due_by_pledge(asked_at=at(9, 1), within=timedelta(hours=1), calendar=office()) == at(10, 5)


# States.


def test_what_a_late_customer_is_offered_depends_on_what_was_promised() -> None:
    all_four = [Choice.KEEP, Choice.OTHER_TIME, Choice.MONEY_BACK, Choice.LET_GO]
    offered = {kind: rules.choices_for(kind) for kind in Kind}
    assert offered[Kind.DELIVERY] == offered[Kind.VISIT] == all_four
    assert offered[Kind.CALLBACK] == [Choice.KEEP, Choice.OTHER_TIME, Choice.LET_GO]
    others = set(Kind) - {Kind.DELIVERY, Kind.VISIT, Kind.CALLBACK}
    assert all(offered[kind] == [Choice.KEEP, Choice.LET_GO] for kind in others)


def test_what_may_become_what_is_the_table_read_backwards() -> None:
    assert rules.may_become(State.KEPT) == {State.OPEN, State.MOVED}
    assert rules.may_become(State.VOID) == {State.DRAFT, State.OPEN, State.MOVED}
    assert rules.may_become(State.BROKEN) == {State.OPEN, State.MOVED, State.KEPT}
    assert rules.may_become(State.DRAFT) == frozenset()


def test_the_diagram_says_every_move_where_it_begins_and_where_it_ends() -> None:
    lines = rules.diagram().split("\n")
    assert lines[:3] == ["stateDiagram-v2", "    [*] --> draft: in an unsent reply", "    [*] --> open: given"]
    assert "    open --> kept: done in time" in lines
    ends = [line for line in lines if line.endswith("--> [*]")]
    assert ends == [f"    {state} --> [*]" for state in ("kept", "broken", "released", "void")]
    assert len(lines) == 3 + sum(map(len, rules.MOVES.values())) + 4
