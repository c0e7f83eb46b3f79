"""Story 12: the card in the cash machine. Blocked within the same contact, open again with one press, told once."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from holdord.conversations.models import Fact, Request
from holdord.fulfilment.models import Deed, Proof
from holdord.kernel import clock as the_clock
from tests.fulfilment.conftest import company
from tests.stories.cast import Stage
from tests.stories.test_cancelled_in_one_step import presses, the_worker_hears_and_acts

__all__ = ["company"]

LOST = "Mit kort er væk, måske ligger det i automaten i Nakhon Ratchasima. Kan I spærre det, så det kan åbnes igen?"


@pytest.fixture
def cards(stage: Stage, company):
    return company("cards", stage.inbox, "block")


def test_the_traveller_blocks_it_and_opens_it_again(stage: Stage, cards) -> None:
    # Given a traveller who wrote once
    sofie = stage.customer("Sofie")
    sofie.writes(LOST, subject="Mit kort er væk")
    browser, path = Client(), sofie.latest.case_page
    # Then the page offers the reversible way
    assert "Du kan selv åbne det igen." in browser.get(path).text
    # When she presses
    presses(browser, path, "Spær det nu")
    the_worker_hears_and_acts(stage)
    # Then it is blocked within this contact, and she sees until when she can open it
    assert cards.things == {"card": "blocked"}
    deed = Deed.objects.get()
    assert deed.settled_at - deed.begun_at < timedelta(minutes=1)
    page = browser.get(path).text
    assert "Det er spærret, og ingen kan bruge det." in page
    assert re.search(r"Du kan åbne det indtil fre\.? kl\. \d", page)
    assert "Det er spærret, som du bad om. Ingen kan bruge det nu." in sofie.latest.text
    # And what she wrote stands there, so that nobody makes her explain it twice
    assert LOST in page
    # When the bank finds it two days later
    stage.clock.passes(days=2)
    presses(browser, path, "Jeg har det igen: åbn det")
    the_worker_hears_and_acts(stage)
    # Then it works again
    assert cards.things == {"card": "open"}
    assert any("Det er åbent igen. Du kan bruge det med det samme." in letter.text for letter in sofie.letters)
    assert cards.acts == ["card of sofie@post.example: blocked", "card of sofie@post.example: open"]


def test_what_she_wrote_is_heard_and_one_press_does_it_both_ways(stage: Stage, cards) -> None:
    # Given a traveller whose words were read before she opened her page
    sofie = stage.customer("Sofie")
    sofie.writes(LOST, subject="Mit kort er væk")
    the_worker_hears_and_acts(stage)
    browser, path = Client(), sofie.latest.case_page
    # Then her page asks whether it is what she wants, and says first that she can open it again
    page = browser.get(path).text
    assert page.index("Du kan selv åbne det igen, med ét tryk.") < page.index("Ja, gør det nu")
    presses(browser, path, "Ja, gør det nu")
    the_worker_hears_and_acts(stage)
    assert cards.things == {"card": "blocked"}
    # When she writes that it has turned up, and presses once
    sofie.writes("Jeg har fundet kortet. Vil I åbne det igen?", subject="Re: Mit kort er væk", answering=sofie.latest)
    the_worker_hears_and_acts(stage)
    presses(browser, path, "Ja, gør det nu")
    the_worker_hears_and_acts(stage)
    # Then what was done is undone, and nothing is asked for any more
    assert cards.acts == ["card of sofie@post.example: blocked", "card of sofie@post.example: open"]
    kinds = Request.objects.order_by("pk").values_list("kind", "state", "said")
    assert list(kinds) == [("block", "withdrawn", 1), ("unblock", "fulfilled", 1)]


def test_on_the_phone_the_agent_asks_who_she_is_and_blocks_it(stage: Stage, cards) -> None:
    # Given a customer who told us something, and calls
    sofie = stage.customer("Sofie")
    message = sofie.writes(LOST, subject="Mit kort er væk")
    fact = Fact.objects.create(
        conversation=message.conversation, message=message, label="Kort", value="ender på 4417", at=the_clock.now()
    )
    jonas, path = Client(), f"/conversations/{message.conversation_id}/"
    jonas.force_login(stage.agent("Jonas").agent)
    jonas.post(f"{path}requests/new/", {"kind": "block", "about": "kortet"})
    # When he presses the main button, he is asked who this is first
    proof = presses(jonas, path, "Block it now")
    assert "Who is this?" in proof
    assert cards.acts == []
    # And she names what only she knows
    jonas.post(f"{path}requests/{Request.objects.get().pk}/proof/", {"fact": str(fact.pk)})
    the_worker_hears_and_acts(stage)
    assert cards.things == {"card": "blocked"}
    assert Proof.objects.get().fact == fact
    assert "Det handler om: kortet" in sofie.latest.text
