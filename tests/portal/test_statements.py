"""What the case page asks the database: as many statements however much there is, each by an index."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from holdord.conversations import actions
from holdord.conversations.models import Message, RequestKind
from holdord.fulfilment.actions import ask_for
from holdord.kernel import clock as the_clock
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk
from tests.portal.test_case import link

pytestmark = pytest.mark.django_db

MOST = 25
"""Statements of a case page with something of everything."""

SMALL = {"people_inbox", "people_team", "people_agent", "fulfilment_executor", "promises_pool", "people_openinghours"}
"""Tables that an administrator fills by hand: there a scan is the way."""
FEW = {"outgoing_due"}
"""Partial indexes that hold only what waits; with so few rows PostgreSQL goes through them."""


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


def a_case(desk: SmallDesk, *, by: str) -> Message:
    first = desk.writes("Mit kundenummer er 4433. Spær mit kort, tak.", by=by)
    actions.hear(first, now=the_clock.now())
    ask_for(fresh(first.conversation), RequestKind.CANCEL, by=None, now=the_clock.now())
    return first


def asked(message: Message) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(f"{link(message)}?lang=en").status_code == 200
    return [query["sql"] for query in captured if query["sql"].startswith("SELECT")]


def scanned(sql: str) -> Iterator[str]:
    """The tables that a statement goes through from end to end, by the plan."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            steps = [row[3] for row in cursor.fetchall()]
            yield from (found[1] for step in steps if (found := re.match(r"SCAN (\w+)", step)))
            return
        cursor.execute("SET LOCAL enable_seqscan = off")  # a table of three rows is scanned, index or not
        # What was counted while other tests ran would make the plan another one each time.
        cursor.execute("UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE relnamespace = 'public'::regnamespace")
        cursor.execute("DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relkind = 'r')")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        yield from _scans(cursor.fetchone()[0][0]["Plan"])


def _scans(plan: dict) -> Iterator[str]:  # type: ignore[type-arg]
    is_walked = plan["Node Type"].startswith("Index") and "Index Cond" not in plan and plan["Index Name"] not in FEW
    if plan["Node Type"] == "Seq Scan" or is_walked:
        yield plan["Relation Name"]
    for each in plan.get("Plans", []):
        yield from _scans(each)


def test_every_statement_has_an_index(desk: SmallDesk) -> None:
    message = a_case(desk, by="henrik@post.example")
    for number in range(3):
        a_case(desk, by=f"customer-{number}@post.example")
    found = {(table, sql) for sql in asked(message) for table in scanned(sql) if table not in SMALL}
    assert found == set()


def test_more_of_everything_asks_no_more_often(desk: SmallDesk, clock: MovableClock) -> None:
    message = a_case(desk, by="henrik@post.example")
    once = len(asked(message))
    for number in range(4):
        clock.passes(minutes=5)
        said = desk.writes(f"Mit kundenummer er 55{number}. Ring til mig.", conversation=message.conversation)
        actions.hear(said, now=the_clock.now())
        actions.hand_over(
            fresh(message.conversation),
            by=desk.agent("Jonas"),
            to_team=desk.team,
            to_agent=None,
            context="Ved du?",
            now=the_clock.now(),
        )
    assert once <= len(asked(message)) <= once + 1 <= MOST


def test_a_table_that_is_gone_through_is_seen(desk: SmallDesk) -> None:
    a_case(desk, by="henrik@post.example")
    assert list(scanned("SELECT id FROM conversations_message WHERE subject = 'Boksen'")) == ["conversations_message"]
