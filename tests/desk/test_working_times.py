"""The desk reckons with who is there: hours and days away are entered, and the next promise is later."""

from datetime import timedelta

import pytest

from holdord.people.models import Absence, AgentHours
from holdord.promises.queries import running_answer
from tests.conftest import MovableClock
from tests.desk.conftest import Three

pytestmark = pytest.mark.django_db


def test_only_administrators_see_it(three: Three) -> None:
    path = f"/settings/people/{three.alice.pk}/times/"
    assert three.browser(three.alice).get(path).status_code == 403
    assert three.browser(three.ada).get(path).status_code == 200


def test_days_away_make_the_next_answer_later(three: Three, clock: MovableClock) -> None:
    browser, today = three.browser(three.ada), clock.now().date()
    for agent in (three.alice, three.bob, three.desk.agent("Jonas")):
        said = {"first": today.isoformat(), "last": (today + timedelta(days=2)).isoformat()}
        assert browser.post(f"/settings/people/{agent.pk}/absences/", said).status_code == 302
    promise = running_answer(three.desk.writes("Hej", by="sofie@post.example").conversation)
    assert promise is not None
    assert promise.due_at.astimezone(clock.zone).strftime("%a") == "Thu"
    kept = Absence.objects.filter(agent=three.alice).get()
    browser.post(f"/settings/people/{three.alice.pk}/absences/{kept.pk}/end/")
    promise = running_answer(three.desk.writes("Hej", by="erik@post.example").conversation)
    assert promise is not None
    assert promise.due_at.astimezone(clock.zone).strftime("%a") == "Mon"


def test_the_last_day_is_not_before_the_first(three: Three) -> None:
    said = {"first": "2026-03-10", "last": "2026-03-09"}
    three.browser(three.ada).post(f"/settings/people/{three.alice.pk}/absences/", said)
    assert not Absence.objects.exists()


def test_an_own_week_is_kept(three: Three) -> None:
    said = {"opens_0": "08:00", "closes_0": "12:00"}
    three.browser(three.ada).post(f"/settings/people/{three.alice.pk}/times/", said)
    assert [(h.weekday, h.starts.hour, h.ends.hour) for h in AgentHours.objects.all()] == [(0, 8, 12)]
