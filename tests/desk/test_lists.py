"""Next up shows what breaks first, and only what is theirs to see."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from holdord.conversations import actions, jobs
from holdord.kernel import clock as the_clock
from holdord.promises import actions as promises
from holdord.promises.actions import Given
from holdord.promises.rules import Kind, Source, Terms
from holdord.routing import lists
from tests.conftest import MovableClock
from tests.desk.conftest import Three

pytestmark = pytest.mark.django_db


def names(html: str) -> list[str]:
    return re.findall(r'class="name">([^<]+?) <', html)


def test_what_breaks_first_stands_first(three: Three, clock: MovableClock) -> None:
    clock.moves_to("Mon 12:00")
    three.desk.writes("Og min?", by="sofie@post.example", subject="Kortet")
    page = three.browser(three.alice).get("/next/").text
    assert names(page) == ["Henrik", "Sofie"]


def test_a_promise_past_its_warning_looks_at_risk(three: Three, clock: MovableClock) -> None:
    clock.moves_to("Mon 13:50")
    page = three.browser(three.alice).get("/next/").text
    assert re.search(r'class="next"[^>]* data-state="risk"', page)
    assert "15 min" in page


def test_mine_and_free_leaves_out_what_another_has(three: Three) -> None:
    assert names(three.browser(three.bob).get("/next/").text) == []
    assert names(three.browser(three.bob).get("/next/?whose=team").text) == ["Henrik"]


def test_other_teams_see_nothing(three: Three) -> None:
    charlie = three.browser(three.charlie)
    assert names(charlie.get("/next/?whose=team").text) == []
    assert charlie.get("/next/?whose=all").status_code == 404
    assert charlie.get(f"/inboxes/{three.desk.inbox.pk}/").status_code == 404


def test_nothing_to_do_is_said_as_good_news(three: Three) -> None:
    assert "Nothing breaks today" in three.browser(three.charlie).get("/next/").text


def test_one_row_and_three_rows_ask_the_database_as_often(three: Three) -> None:
    alice = three.browser(three.alice)
    alice.get("/next/")
    with CaptureQueriesContext(connection) as one:
        alice.get("/next/")
    for number in range(2):
        three.desk.writes("Hej", by=f"kunde{number}@post.example")
    with CaptureQueriesContext(connection) as several:
        assert len(names(alice.get("/next/").text)) == 3
    assert len(several) == len(one)


def test_pages_go_on_where_the_last_ended(three: Three, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdord.routing.lists.PAGE", 2)
    monkeypatch.setattr("holdord.routing.lists.next_up.__kwdefaults__", {"after": None, "limit": 2})
    for number in range(4):
        clock.passes(minutes=5)
        three.desk.writes("Hej", by=f"kunde{number}@post.example")
    alice, seen, address = three.browser(three.alice), [], "/next/"
    while address:
        page = alice.get(address).text
        seen += names(page)
        more = re.search(r'<p class="more"><a class="btn sm" href="([^"]+)"', page)
        address = more.group(1).replace("&amp;", "&") if more else ""
    assert seen == ["Henrik", "Kunde0", "Kunde1", "Kunde2", "Kunde3"]


@pytest.mark.parametrize("together", [1, 100])
def test_what_is_free_and_what_is_mine_stand_in_one_order(
    three: Three, clock: MovableClock, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr(lists, "_BRANCHES", together)
    for name in ("Anna", "Bent", "Clara"):
        clock.moves_to({"Anna": "Mon 10:00", "Bent": "Mon 11:00", "Clara": "Mon 12:00"}[name])
        message = three.desk.writes("Hej", by=f"{name.lower()}@post.example", name=name)
        if name == "Bent":
            actions.take(message.conversation, by=three.alice, now=clock.now())
    assert names(three.browser(three.alice).get("/next/").text) == ["Henrik", "Anna", "Bent", "Clara"]


def test_counting_never_reads_every_promise(three: Three, clock: MovableClock) -> None:
    """SQLite must be told by which index, where most promises are nobody's: `lists._found_by`."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'promises_promise'")
        cursor.execute("INSERT INTO sqlite_stat1 VALUES ('promises_promise', 'promise_next_of_owner', '9000 9000 9 1')")
        cursor.execute("ANALYZE sqlite_schema")
    with CaptureQueriesContext(connection) as asked:
        lists.counts(three.alice, [three.desk.inbox.pk], now=clock.now())
    counting = next(one["sql"] for one in asked if "COUNT(*)" in one["sql"])
    with connection.cursor() as cursor:
        steps = [step for *_, step in cursor.execute(f"EXPLAIN QUERY PLAN {counting}").fetchall()]
    assert [step for step in steps if step.startswith("SCAN p")] == []
    assert any("promise_unfit" in step for step in steps)


def test_snoozed_is_out_of_next_up_and_in_its_own_list(three: Three) -> None:
    alice = three.browser(three.alice)
    alice.post(f"/conversations/{three.conversation.pk}/snooze/", {"until": "2026-03-03T09:00"})
    assert names(alice.get("/next/").text) == []
    assert names(alice.get("/lists/snoozed/").text) == ["Henrik"]


def test_who_is_not_logged_in_is_asked_to(three: Three) -> None:
    from django.test import Client

    assert Client().get("/next/").headers["Location"] == "/account/login/?next=/next/"
    fragment = Client().get("/next/", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"] == "/account/login/"


def test_a_row_says_what_the_customer_asks_for_and_how_often(three: Three) -> None:
    for text in ("Jeg vil gerne opsige mit abonnement.", "Nej. Jeg vil opsige mit abonnement."):
        three.desk.writes(text, conversation=three.conversation)
    while jobs.hear_messages():
        pass
    page = three.browser(three.alice).get("/next/").text
    assert re.search(r'class="ask" data-repeat>.*?Cancel <em>said 2×</em>', page)


def test_two_promises_of_one_conversation_are_two_rows(three: Three) -> None:
    terms = Terms(kind=Kind.FIX, what="Den virker", work=timedelta(minutes=20))
    promises.give(three.conversation, terms, Given(source=Source.AGENT, by=three.alice), now=the_clock.now())
    page = three.browser(three.alice).get(f"/next/?open={three.conversation.pk}").text
    rows = re.findall(r'<li id="(row-[^"]+)"', page)
    assert len(rows) == len(set(rows)) == len(re.findall(r'class="next"[^>]*aria-current="true"', page)) == 2
