"""What it has cost the customer, said on their page."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from holdord.conversations import actions
from holdord.conversations.models import Heard, Message, Request
from holdord.promises.jobs import tick
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk
from tests.portal.test_case import link

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


def told(asked: Message, lang: str = "en") -> list[str]:
    """The sentences of the part, as they stand."""
    page = Client().get(f"{link(asked)}?lang={lang}").text
    part = re.search(r'data-part="cost">(.*?)</section>', page, re.DOTALL)
    return re.findall(r"<(?:li|b)>(.*?)</", html.unescape(part[1])) if part else []


def test_a_case_that_went_well_cost_one_message(desk: SmallDesk) -> None:
    assert told(desk.writes("Hvornår kommer boksen?")) == ["You have written to us once."]


def test_a_form_is_counted_once(desk: SmallDesk) -> None:
    assert told(desk.writes("Hvornår kommer boksen?", channel="form")) == ["You filled in one form."]


def test_what_we_made_the_customer_go_through_is_ours_to_own(desk: SmallDesk, clock: MovableClock) -> None:
    # Given Henrik asks twice to cancel, a neighbour writes, and nobody answers
    asked = desk.writes("Jeg vil gerne opsige mit abonnement.")
    actions.hear(asked, now=clock.now())
    desk.writes("Jeg er hans nabo", by="nabo@post.example", conversation=asked.conversation)
    clock.moves_to("Mon 12:00")
    actions.hear(
        desk.writes("Nu skriver jeg igen: opsig mit abonnement.", conversation=asked.conversation), now=clock.now()
    )
    assert (Request.objects.get().said, Heard.objects.exists()) == (2, True)
    actions.hand_over(
        fresh(asked.conversation),
        by=desk.agent("Jonas"),
        to_team=desk.team,
        to_agent=None,
        context="Ved du?",
        now=clock.now(),
    )
    # When the promised time has passed by an hour
    clock.moves_to("Mon 15:10")
    while tick(now=clock.now()):
        pass
    # Then all of it stands there, and that it is ours
    assert told(asked) == [
        "You have written to us 2 times.",
        "You had to ask once more for what you had already asked for.",
        "We passed your case on to others once.",
        "You have waited 5 hours for answers from us.",
        "We have been 65 minutes late with one thing.",
        "That is ours to put right, not yours. We are sorry.",
    ]
    assert told(asked, "de")[2:5] == [
        "Wir haben Ihren Fall einmal an andere weitergegeben.",
        "Sie haben 5 Stunden auf Antworten von uns gewartet.",
        "Wir waren mit einer Sache 65 Minuten zu spät.",
    ]


def test_it_takes_one_statement(desk: SmallDesk) -> None:
    asked = desk.writes("Hvornår kommer boksen?")
    with CaptureQueriesContext(connection) as captured:
        told(asked)
    counting = [query["sql"] for query in captured if '"conversations_handover"' in query["sql"]]
    assert [("conversations_message" in sql, "fulfilment_code" in sql) for sql in counting] == [(True, True)]
