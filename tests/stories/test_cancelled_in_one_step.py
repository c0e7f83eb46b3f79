"""Story 1: a subscriber says no, and no again; the deed is one press, for us and for him, with a date and a way back."""

import re

import pytest
from django.test import Client

from holdord.conversations.jobs import hear_messages
from holdord.conversations.models import Message, Request, SentAnyway
from holdord.fulfilment import jobs as fulfilment_jobs
from holdord.people.models import Role
from tests.fulfilment.conftest import company
from tests.stories.cast import Customer, Stage

__all__ = ["company"]

OFFER = "Vi vil nødig miste dig. Du får tre måneder gratis, hvis du bliver."


@pytest.fixture
def shop(stage: Stage, company):
    return company("shop", stage.inbox, "cancel")


def the_worker_hears_and_acts(stage: Stage) -> None:
    hear_messages(now=stage.clock.now())
    while fulfilment_jobs.carry_out_next():
        pass
    stage.works_off()


def presses(client: Client, path: str, label: str) -> str:
    """Press the button that says so; the page that answers."""
    forms = re.findall(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', client.get(path).text, re.S)
    answer = client.post(next(action for action, inner in forms if label in inner))
    assert answer.status_code in {302, 303}, answer.text
    return client.get(answer.headers["Location"]).text


def agent_sends(stage: Stage, message: Message, text: str) -> int:
    client = Client()
    client.force_login(stage.agent("Jonas").agent)
    newest = message.conversation.messages.order_by("-pk").values_list("pk", flat=True)[0]
    fields = {"kind": "reply", "text": text, "seen": str(newest), "send_anyway": "1"}
    return client.post(f"/conversations/{message.conversation_id}/messages/", fields).status_code


def says_no_twice(stage: Stage, ryan: Customer) -> Message:
    first = ryan.writes("Jeg vil gerne opsige mit abonnement.", subject="Opsigelse")
    the_worker_hears_and_acts(stage)
    assert agent_sends(stage, first, OFFER) == 302
    stage.clock.passes(minutes=5)
    stage.works_off()
    ryan.writes("Nej tak. Jeg vil opsige mit abonnement.", subject="Re: Opsigelse", answering=ryan.latest)
    the_worker_hears_and_acts(stage)
    return first


def test_no_means_no_and_the_agent_does_it_with_one_press(stage: Stage, shop) -> None:
    # Given a subscriber who said no after our one offer
    ryan = stage.customer("Ryan")
    first = says_no_twice(stage, ryan)
    # Then it is counted, the lead sees it, and no second offer leaves
    assert Request.objects.get().said == 2
    lead, jonas = Client(), Client()
    lead.force_login(stage.desk.agent("Hanne", Role.LEAD))
    jonas.force_login(stage.agent("Jonas").agent)
    assert "Had to be said again" in lead.get("/board/").text
    assert agent_sends(stage, first, OFFER) == 422
    assert not SentAnyway.objects.exists()
    # And the deed is the main button: the first under the request
    path = f"/conversations/{first.conversation_id}/"
    assert re.search(r'class="btn sm main"[^>]*data-key="y"[^>]*>Cancel it now<', jonas.get(path).text)
    presses(jonas, path, "Cancel it now")
    the_worker_hears_and_acts(stage)
    # He hears that it is done, from when, until when he can undo it, and how
    assert shop.things == {"subscription": "cancelled"}
    text = " ".join(ryan.latest.text.split())
    assert "Det er opsagt, som du bad om." in text
    assert "Det gælder fra tirsdag den 31. marts kl. 23.59." in text
    assert "Du kan fortryde det indtil tirsdag den 31. marts kl. 23.59" in text
    # And undoes it himself, without a login
    page = presses(Client(), ryan.latest.case_page, "Fortryd")
    assert "Vi fortryder det nu." in page
    the_worker_hears_and_acts(stage)
    assert shop.things == {"subscription": "running"}
    assert "Alt er, som det var før." in ryan.latest.text


def test_he_cancels_alone_in_one_step(stage: Stage, shop) -> None:
    # Given a subscriber who wrote one line
    ryan = stage.customer("Ryan")
    ryan.writes("Hej, jeg har et spørgsmål om mit abonnement.", subject="Abonnement")
    # When he presses once on his page, twice by mistake
    browser, path = Client(), ryan.latest.case_page
    assert "Vi gør det nu." in presses(browser, path, "Ét tryk, ingen spørgsmål.")
    browser.post(f"{path}requests/cancel/")
    the_worker_hears_and_acts(stage)
    # Then it is cancelled once, within this one contact, and stands on his page and in his mailbox
    assert shop.acts == ["subscription of ryan@post.example: cancelled"]
    page = browser.get(path).text
    assert "Det er opsagt." in page
    assert "Du kan fortryde det indtil" in page
    assert sum("Det er opsagt, som du bad om." in letter.text for letter in ryan.letters) == 1


def test_a_slow_shop_neither_loses_nor_repeats_it(stage: Stage, shop, settings) -> None:
    settings.DEED_SECONDS = 1
    shop.answers_after(4)
    ryan = stage.customer("Ryan")
    ryan.writes("Hej, jeg har et spørgsmål om mit abonnement.", subject="Abonnement")
    presses(Client(), ryan.latest.case_page, "Ét tryk, ingen spørgsmål.")
    the_worker_hears_and_acts(stage)
    assert "opsagt" not in ryan.latest.text
    stage.clock.passes(seconds=5)
    the_worker_hears_and_acts(stage)
    assert "Det er opsagt, som du bad om." in ryan.latest.text
    assert shop.acts == ["subscription of ryan@post.example: cancelled"]
