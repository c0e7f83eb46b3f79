"""When somebody works is asked of the database once, until anything that says so changes, whoever writes it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from holdord.kernel import clock
from holdord.people.models import Absence, Agent, AgentHours, ClosingDay, Inbox, Membership, OpeningHours, Roster, Team
from holdord.people.queries import calendar_of, supply_of_team
from tests.factories import SmallDesk, small_desk

pytestmark = pytest.mark.django_db


def version() -> int:
    return Roster.objects.values_list("version", flat=True).get()


CHANGES: dict[str, Callable[[SmallDesk], object]] = {
    "an inbox moves to another zone": lambda desk: Inbox.objects.update(time_zone="Europe/London"),
    "an inbox gets another team": lambda desk: Inbox.objects.update(team=Team.objects.create(name="Other")),
    "an inbox opens": lambda desk: Inbox.objects.create(
        name="Two", address="two@desk.example", team=desk.team, created_at=clock.now()
    ),
    "opening hours are added": lambda desk: OpeningHours.objects.create(
        inbox=desk.inbox, weekday=6, opens=time(9), closes=time(12)
    ),
    "opening hours change": lambda desk: OpeningHours.objects.update(closes=time(20)),
    "opening hours go": lambda desk: OpeningHours.objects.all().delete(),
    "a closing day": lambda desk: ClosingDay.objects.create(inbox=desk.inbox, on=date(2026, 3, 3), name="Move"),
    "somebody joins": lambda desk: Membership.objects.create(
        agent=Agent.objects.create_user("new@desk.example", None, name="New"), team=desk.team
    ),
    "somebody leaves": lambda desk: Membership.objects.all().delete(),
    "somebody is let go": lambda desk: Agent.objects.update(is_active=False),
    "somebody speaks Danish alone": lambda desk: Agent.objects.update(speaks=["da"]),
    "somebody moves to Oslo": lambda desk: Agent.objects.update(time_zone="Europe/Oslo"),
    "somebody has hours of their own": lambda desk: AgentHours.objects.create(
        agent=desk.agent("Jonas"), weekday=0, starts=time(9), ends=time(10)
    ),
    "somebody is ill": lambda desk: Absence.objects.create(
        agent=desk.agent("Jonas"), starts_at=clock.now(), ends_at=clock.now() + timedelta(days=1)
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_the_roster_gives_it_another_version(change: str) -> None:
    desk = small_desk()
    desk.agent("Jonas")
    before = version()
    CHANGES[change](desk)
    assert version() != before


def test_what_says_nothing_of_working_time_leaves_the_version() -> None:
    desk = small_desk()
    jonas, before = desk.agent("Jonas"), version()
    jonas.last_login = clock.now()
    jonas.save(update_fields=["last_login"])
    assert version() == before


def test_nothing_is_asked_twice_and_an_absence_counts_at_once() -> None:
    desk = small_desk()
    monday = datetime(2026, 3, 2, 8, tzinfo=UTC)
    friday = monday + timedelta(days=4)
    whole = supply_of_team(desk.team.pk, now=monday).until(friday)
    calendar_of(desk.inbox)
    with CaptureQueriesContext(connection) as asked:
        assert supply_of_team(desk.team.pk, now=monday).until(friday) == whole
        calendar_of(desk.inbox)
    assert ["people_roster" in query["sql"] for query in asked] == [True, True]
    for agent in Agent.objects.all():
        Absence.objects.create(agent=agent, starts_at=monday, ends_at=monday + timedelta(days=1))
    assert supply_of_team(desk.team.pk, now=monday).until(friday) < whole


def test_what_was_rolled_back_is_not_remembered() -> None:
    desk = small_desk()
    monday = datetime(2026, 3, 2, 8, tzinfo=UTC)
    before = supply_of_team(desk.team.pk, now=monday).until(monday + timedelta(days=7))
    with transaction.atomic():
        OpeningHours.objects.all().delete()
        assert supply_of_team(desk.team.pk, now=monday).until(monday + timedelta(days=7)) == 0
        transaction.set_rollback(True)
    assert supply_of_team(desk.team.pk, now=monday).until(monday + timedelta(days=7)) == before > 0
