"""The simulation repeats itself, loses nobody, and gives every order the same people."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from holdord.simulation.calibrating import calibrate
from holdord.simulation.contacts import Outcome
from holdord.simulation.drawing import inquiries, who_is_sick
from holdord.simulation.house import House
from holdord.simulation.ledger import Ledger
from holdord.simulation.measures import compare, mean_of, measures
from holdord.simulation.orders import ByServiceLevel, FirstComeFirstServed, Order
from holdord.simulation.running import ORDERS, run_once
from holdord.simulation.scenario import SHIPPED, BadScenario, Channel, Scenario, read, scenario_of
from holdord.simulation.showing import picture, table


def small(**more: object) -> dict[str, object]:
    """A morning's desk: calls and mails, four people, one day in five somebody is sick."""
    return {
        "name": "small",
        "runs": 2,
        "days": 3,
        "warm_up_days": 0,
        "cool_down_days": 1,
        "sick": 0.2,
        "desk": {"opens": "08:00", "closes": "16:00"},
        "staff": [{"people": 3}, {"people": 1, "from": "10:00", "until": "14:00"}],
        "inquiries": [
            {
                "name": "calls",
                "channel": "phone",
                "per_day": 150,
                "within_minutes": 5,
                "by_hour": {str(hour): 1 for hour in range(8, 16)},
                "handling": {"mean": 9, "parameter": 0.5},
                "patience": {"mean": 15},
                "calls_again": 0.5,
                "tries": 4,
            },
            {
                "name": "mails",
                "channel": "mail",
                "per_day": 60,
                "within_minutes": 240,
                "priority": 2,
                "handling": {"mean": 7, "parameter": 0.5},
            },
        ],
        "call_backs": {"slot_minutes": 120, "share": 0.5, "accepts": 0.8, "picks_up": 0.9},
        **more,
    }


SMALL = scenario_of(small())


def as_seen(scenario: Scenario, order: type[Order], seed: int) -> list[tuple[object, ...]]:
    ran = run_once(scenario, order, seed=seed, run=0)
    return [(one.inquiry.number, one.number, one.at, one.outcome, one.reached_at) for one in ran.contacts]


@pytest.mark.parametrize("order", ORDERS)
def test_the_same_seed_is_the_same_run_and_another_is_another(order: type[Order]) -> None:
    assert as_seen(SMALL, order, 1) == as_seen(SMALL, order, 1)
    assert as_seen(SMALL, order, 1) != as_seen(SMALL, order, 2)


def test_every_order_meets_the_same_people() -> None:
    rans = [run_once(SMALL, order, seed=3, run=1) for order in ORDERS]
    assert all(ran.inquiries == rans[0].inquiries for ran in rans)


def test_another_stream_changes_nothing_for_those_who_call() -> None:
    house = House(SMALL)
    alone = replace(SMALL, streams=SMALL.streams[:1])
    both = [one.at for one in inquiries(SMALL, house, seed=1, run=0) if one.stream.channel is Channel.PHONE]
    assert both == [one.at for one in inquiries(alone, house, seed=1, run=0)]


@pytest.mark.parametrize("order", ORDERS)
def test_everybody_is_reached_or_gone_or_waits(order: type[Order]) -> None:
    ran = run_once(SMALL, order, seed=5, run=0)
    arrived = [inquiry.number for inquiry in ran.inquiries if inquiry.at < ran.ended_at]
    first_tries = Counter(one.inquiry.number for one in ran.contacts if one.number == 0)
    assert first_tries == Counter(arrived)
    ends = Counter(one.outcome for one in ran.contacts)
    assert sum(ends.values()) == len(ran.contacts)
    # Who tries again has left the try before; nobody is reached twice.
    by_person: dict[int, list[Outcome]] = {}
    for one in sorted(ran.contacts, key=lambda one: one.number):
        by_person.setdefault(one.inquiry.number, []).append(one.outcome)
    gone = {Outcome.ABANDONED, Outcome.SENT_AWAY, Outcome.NOT_THERE}
    assert all(set(outcomes[:-1]) <= gone for outcomes in by_person.values())
    assert ends[Outcome.REACHED] > 300


@pytest.mark.parametrize("order", ORDERS)
def test_nobody_works_on_two_things_nor_when_not_there(order: type[Order]) -> None:
    ran = run_once(SMALL, order, seed=5, run=0)
    spans = sorted(
        (one.reached_at - (0 if one.is_call else one.inquiry.handling),
         one.reached_at + (one.inquiry.handling if one.is_call else 0))
        for one in ran.contacts
        if one.reached_at is not None and one.outcome is Outcome.REACHED
    )  # fmt: skip
    for starts, _ in spans:
        assert sum(begun <= starts < ended for begun, ended in spans) <= 4
        local = ran.house.calendar.local(ran.house.moment(starts))
        assert 8 <= local.hour < 16


def test_a_line_is_a_line() -> None:
    ran = run_once(replace(SMALL, streams=SMALL.streams[:1]), FirstComeFirstServed, seed=5, run=0)
    reached = sorted((one.at, one.reached_at) for one in ran.contacts if one.reached_at is not None)
    assert [at for _, at in reached] == sorted(at for _, at in reached)


def test_the_plain_service_level_is_working_time() -> None:
    ran = run_once(SMALL, ByServiceLevel, seed=5, run=0)
    mails = [one for one in ran.contacts if not one.is_call]
    for one in mails:
        assert one.first_due_at is not None
        open_time = ran.house.calendar.between(ran.house.moment(one.at), one.first_due_at)
        assert timedelta(minutes=240) <= open_time <= timedelta(minutes=245)


def test_slots_are_never_promised_beyond_their_places() -> None:
    well = replace(SMALL, sick=0.0)
    ran = run_once(well, Ledger, seed=5, run=0)
    call_backs = [one for one in ran.contacts if one.slot is not None]
    assert len(call_backs) > 40
    assert well.call_backs is not None
    places = {slot.ends_at: slot.places for slot in House(well).slots(0.5, 9, [set() for _ in range(4)])}
    promised = Counter(one.first_due_at for one in call_backs)
    assert all(number <= places[ends_at] for ends_at, number in promised.items() if ends_at)
    assert all(one.attempt.accepts for one in call_backs)


def test_who_can_not_be_served_in_time_is_told_before() -> None:
    sickly = replace(SMALL, sick=0.45)
    rans = [run_once(sickly, Ledger, seed=5, run=run) for run in range(4)]
    late = [
        one
        for ran in rans
        for one in ran.contacts
        if one.first_due_at
        and ran.house.minutes(one.first_due_at) < ran.ended_at
        and (one.reached_at is None or one.reached_at > ran.house.minutes(one.first_due_at))
    ]
    assert len(late) > 10
    told = [one for one in late if one.told_at and one.first_due_at and one.told_at < one.first_due_at]
    # The others were in somebody's hands when the last honest moment came.
    assert len(told) >= 0.8 * len(late)


def test_sick_days_are_drawn_once_for_every_order() -> None:
    assert who_is_sick(SMALL, House(SMALL), seed=1, run=0) == who_is_sick(SMALL, House(SMALL), seed=1, run=0)
    many = replace(SMALL, days=400)
    found = who_is_sick(many, House(many), seed=1, run=0)
    assert 0.15 < sum(map(len, found)) / (4 * len(found)) < 0.25


def test_as_many_come_as_the_scenario_says_when_it_says() -> None:
    many = replace(SMALL, days=60)
    found = [one for one in inquiries(many, House(many), seed=1, run=0) if one.stream.channel is Channel.PHONE]
    assert len(found) / 61 == pytest.approx(150, rel=0.03)
    house = House(many)
    hours = Counter(house.calendar.local(house.moment(one.at)).hour for one in found)
    assert set(hours) == set(range(8, 16))
    assert sum(one.handling for one in found) / len(found) == pytest.approx(9, rel=0.03)
    assert sum(one.attempts[0].patience for one in found) / len(found) == pytest.approx(15, rel=0.03)


def test_the_table_and_the_picture_show_every_order() -> None:
    comparison = compare(SMALL)
    shown = table(comparison)
    assert all(order.name in shown for order in ORDERS)
    drawing = ElementTree.fromstring(picture(comparison))
    words = [text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert words.count("Holdord") == 6  # four panels for calls, two for mails
    assert len(list(drawing.iter("{http://www.w3.org/2000/svg}rect"))) >= 16
    values = comparison.as_values()
    assert values["runs"] == 2


def test_a_mean_comes_with_students_interval() -> None:
    found = mean_of([1.0, 2.0, 3.0, None])
    assert found is not None
    assert found.mean == 2.0
    assert found.within == pytest.approx(4.303 / 3**0.5)
    assert mean_of([None]) is None


@pytest.mark.slow
def test_story_nine_shows_43_percent_after_28_minutes() -> None:
    scenario = read("story-9")
    found = [measures(run_once(scenario, FirstComeFirstServed, seed=9, run=run), Channel.PHONE) for run in range(10)]
    reached, waited = mean_of(one.tries_reached for one in found), mean_of(one.waited for one in found)
    assert reached is not None
    assert waited is not None
    assert reached.mean == pytest.approx(0.43, abs=0.03)
    assert waited.mean == pytest.approx(28, abs=3)
    ours = [measures(run_once(scenario, Ledger, seed=9, run=run), Channel.PHONE) for run in range(10)]
    more, less = mean_of(one.tries_reached for one in ours), mean_of(one.on_the_line for one in ours)
    assert more is not None
    assert less is not None
    assert more.mean > 0.53
    assert less.mean < 25
    kept = mean_of(one.kept for one in ours)
    assert kept is not None
    assert kept.mean > 0.9


@pytest.mark.slow
def test_calibrating_finds_what_shows_the_figures() -> None:
    calls = replace(SMALL, streams=SMALL.streams[:1], sick=0.0)
    found = calibrate(calls, reached=0.5, waited=10.0, runs=4, tolerance=0.05)
    assert found.reached == pytest.approx(0.5, rel=0.05)
    assert found.waited == pytest.approx(10.0, rel=0.05)
    assert found.scenario.shifts == calls.shifts


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"sick": 1.5}, "between 0 and 1"),
        ({"staff": [{"people": 0}]}, "somebody works"),
        ({"desk": {"opens": "16:00", "closes": "08:00"}}, "closes after it opens"),
        ({"inquiries": []}, "there are inquiries"),
    ],
)
def test_a_scenario_that_makes_no_sense_is_refused(changed: dict[str, object], complaint: str) -> None:
    with pytest.raises(BadScenario, match=complaint):
        scenario_of(small(**changed))


def test_a_scenario_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadScenario, match="story-9"):
        read(str(tmp_path / "none"))
    (tmp_path / "bad.toml").write_text("name = ")
    with pytest.raises(BadScenario, match="no TOML"):
        read(str(tmp_path / "bad.toml"))
    (tmp_path / "empty.toml").write_text('name = "x"')
    with pytest.raises(BadScenario, match="'desk' is missing|desk is missing"):
        read(str(tmp_path / "empty.toml"))


def test_the_scenarios_that_come_with_the_desk_can_be_read() -> None:
    assert {path.stem for path in SHIPPED.glob("*.toml")} == {"story-9", "calls-and-mails"}
    assert all(read(path.stem).name for path in SHIPPED.glob("*.toml"))
