"""The answer-by time is right, through real SMTP, and the same instant stands in the mail and in the promise."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from holdord.people.models import Absence, Membership, OpeningHours
from tests.stories.cast import Stage, answer_owed

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
LONG_QUESTION = "Hvornår kommer boksen? Jeg har ventet i tre uger nu, og ingen svarer."


def at(day: str, clock: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), COPENHAGEN)


@pytest.mark.parametrize(
    ("case", "asked", "due"),
    [
        ("Friday at 16:50 runs on into Monday", at("2026-03-06", "16:50"), at("2026-03-09", "12:55")),
        ("on a Saturday the clock starts on Monday", at("2026-03-07", "11:00"), at("2026-03-09", "13:00")),
        ("Maundy Thursday, Good Friday and Easter Monday", at("2026-04-01", "15:00"), at("2026-04-07", "11:05")),
        ("24 December is no working day", at("2026-12-23", "16:00"), at("2026-12-28", "12:05")),
        ("New Year's Eve neither", at("2026-12-30", "16:00"), at("2027-01-04", "12:05")),
    ],
)
def test_the_time_in_the_mail_is_true(stage: Stage, case: str, asked: datetime, due: datetime) -> None:
    stage.clock.moves_to(asked)
    henrik = stage.customer("Henrik")
    promise = answer_owed(henrik.writes(LONG_QUESTION))
    assert promise.due_at == due, case
    assert henrik.was_told(promise, promise.given_at)


def test_the_night_summer_time_ends_is_an_hour_longer(stage: Stage) -> None:
    OpeningHours.objects.filter(inbox=stage.inbox).delete()
    for weekday in range(7):
        OpeningHours.objects.create(inbox=stage.inbox, weekday=weekday, opens=time(0), closes=time(23, 59))
    stage.clock.moves_to(at("2026-10-25", "00:30"))
    henrik = stage.customer("Henrik")
    promise = answer_owed(henrik.writes(LONG_QUESTION))
    # four hours from half past midnight, of which the hour from two to three comes twice
    assert promise.due_at == at("2026-10-25", "03:35")
    assert "kl. 3.35" in henrik.latest.text


def test_forty_promises_already_open_put_the_next_one_later(stage: Stage) -> None:
    stage.clock.moves_to("Mon 09:00")
    for number in range(40):
        stage.desk.writes("Hej", by=f"kunde{number}@post.example")
    stage.works_off()
    henrik = stage.customer("Henrik")
    promise = answer_owed(henrik.writes(LONG_QUESTION))
    # 41 times ten minutes: Jonas is through a moment after ten to four, if he does nothing else
    assert promise.due_at == at("2026-03-09", "15:55")
    assert henrik.was_told(promise, promise.given_at)


def test_nobody_on_duty_until_thursday(stage: Stage) -> None:
    stage.clock.moves_to("Mon 10:00")
    Absence.objects.create(
        agent=stage.desk.agent("Jonas"), starts_at=stage.clock.now(), ends_at=stage.clock.next("Thu 09:00")
    )
    henrik = stage.customer("Henrik")
    promise = answer_owed(henrik.writes(LONG_QUESTION))
    assert promise.due_at == stage.clock.next("Thu 09:10")
    assert henrik.was_told(promise, promise.given_at)


def test_a_team_without_people_promises_what_the_pledge_says_and_warns(stage: Stage) -> None:
    stage.clock.moves_to("Mon 10:00")
    Membership.objects.filter(team=stage.desk.team).delete()
    promise = answer_owed(stage.customer("Henrik").writes(LONG_QUESTION))
    assert promise.due_at == stage.clock.next("Mon 14:05")
