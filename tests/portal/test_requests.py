"""The customer's own requests on the case page: one press, how it stands, and undone with another. No script needed."""

import re

import pytest
from django.test import Client

from holdord.conversations import case_links
from holdord.conversations.jobs import hear_messages
from holdord.conversations.models import Conversation, Participant, Request
from holdord.fulfilment.actions import set_executor
from holdord.fulfilment.models import Deed
from holdord.fulfilment.rules import Way
from holdord.kernel import clock as the_clock
from tests.fulfilment.conftest import company, desk, works_off

__all__ = ["company", "desk"]


class Page:
    """A customer's page in a browser without script."""

    def __init__(self, conversation: Conversation) -> None:
        participant = Participant.objects.get(conversation=conversation, is_customer=True)
        self.path = f"/case/{case_links.token_for(participant)}/"
        self.client = Client()

    @property
    def html(self) -> str:
        return self.client.get(f"{self.path}?lang=en").text

    def presses(self, label: str) -> str:
        """Press the button that says so, and follow to the page that answers."""
        forms = re.findall(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', self.html, re.S)
        address = next(action for action, inner in forms if label in inner)
        answer = self.client.post(address.replace("&amp;", "&"))
        assert answer.status_code == 303, answer.text
        return self.client.get(answer.headers["Location"]).text


def test_one_press_cancels_and_one_press_undoes(desk, company, clock):
    shop = company("shop", desk.inbox, "cancel")
    page = Page(desk.writes("Hej").conversation)
    assert "We are doing it now." in page.presses("Cancel now")
    works_off(clock)
    html = page.html
    assert "Hi Henrik. It is cancelled." in html
    assert "It takes effect 31 Mar 23:59." in html
    assert "You can undo it until 31 Mar 23:59." in html
    assert "One press, no questions." not in html
    assert "We are undoing it now." in page.presses("Undo")
    works_off(clock)
    assert "It is undone, as you asked. Everything is as it was before." in page.html
    assert shop.things == {"subscription": "running"}
    assert "One press, no questions." in page.html


def test_a_second_press_does_nothing_twice(desk, company, clock):
    shop = company("shop", desk.inbox, "refund")
    page = Page(desk.writes("Hej").conversation)
    for _twice in range(2):
        page.client.post(f"{page.path}requests/refund/")
    works_off(clock)
    answer = page.client.post(f"{page.path}requests/refund/")
    assert answer.headers["Location"].endswith("?done=done_already")
    works_off(clock)
    assert (shop.acts, Deed.objects.count()) == (["refund of henrik@post.example: sent"], 1)


def test_what_has_no_way_back_is_opened_before_it_is_pressed(desk, company, clock):
    company("shop", desk.inbox, "cancel", "refund")
    set_executor(desk.inbox, "replace", way=Way.TASK, undo_hours=48)
    html = Page(desk.writes("Hej").conversation).html
    opened = re.findall(r"<details><summary[^>]*>.*?</details>", html, re.S)
    final = [each for each in opened if "/requests/refund/" in each]
    assert len(final) == 1
    assert "Once it is paid, it can&#39;t be undone." in final[0]
    assert not any(f"/requests/{kind}/" in each for each in opened for kind in ("cancel", "replace"))
    pressed = re.findall(r"<button.*?</button>", html, re.S)
    assert not any("#i-chev" in each for each in pressed)  # an arrow promises a page


def test_what_no_system_does_is_not_promised_at_once(desk, clock):
    page = Page(desk.writes("Jeg vil gerne opsige mit abonnement.").conversation)
    hear_messages(now=the_clock.now())
    html = page.html
    assert "Yes, do it now" not in html
    assert "/requests/cancel/" not in html
    assert "Once it is done, it can&#39;t be undone here." in html
    assert "A person does it," in page.presses("Yes, please do it")


def test_block_says_first_that_it_can_be_opened_again(desk, company, clock):
    cards = company("cards", desk.inbox, "block")
    page = Page(desk.writes("Hej").conversation)
    assert "You can open it again yourself." in page.html
    page.presses("Block it now")
    works_off(clock)
    assert "It is blocked, and nobody can use it." in page.html
    assert "You can open it until Fri 9:00." in page.html
    page.presses("I have it again: open it")
    works_off(clock)
    assert cards.things == {"card": "open"}
    assert "It is open again. You can use it right away." in page.html


def test_what_was_read_in_a_message_waits_for_the_customers_yes(desk, company, clock):
    shop = company("shop", desk.inbox, "cancel")
    page = Page(desk.writes("Jeg vil gerne opsige mit abonnement.").conversation)
    hear_messages(now=the_clock.now())
    html = page.html
    quote = re.search(r'<blockquote class="word" lang="da"><p><q>(.*?)</q>', html)
    assert quote is not None
    assert "opsige" in quote.group(1)
    assert quote.group(1) in "Jeg vil gerne opsige mit abonnement."
    assert "Is that what we should do?" in html
    page.presses("Yes, do it now")
    works_off(clock)
    assert shop.things == {"subscription": "cancelled"}


def test_a_no_to_what_was_read_is_a_no(desk, clock):
    page = Page(desk.writes("Jeg vil gerne opsige mit abonnement.").conversation)
    hear_messages(now=the_clock.now())
    assert "Then we do nothing of the kind." in page.presses("No, that is not what I meant")
    assert Request.objects.get().state == "dismissed"
    assert "You asked us to cancel" not in page.html


def test_a_person_does_it_by_a_time_that_stands_there(desk, clock):
    set_executor(desk.inbox, "replace", way=Way.TASK, within_hours=4)
    page = Page(desk.writes("Hej").conversation)
    assert "A person does it, today by 13:0" in page.presses("Send me another one")
    page.presses("Take it back")
    assert "You took it back." in page.html


def test_too_late_says_so_and_what_else_there_is(desk, company, clock):
    company("cards", desk.inbox, "block")
    page = Page(desk.writes("Hej").conversation)
    page.presses("Block it now")
    works_off(clock)
    clock.passes(days=5)
    assert "I have it again" not in page.html
    late = page.client.post(f"{page.path}requests/{Request.objects.get().pk}/undo/?lang=en")
    assert late.status_code == 409
    assert "It can&#39;t be undone any more." in late.text


@pytest.mark.parametrize("kind", ["cancel", "export", "erase", "nonsense"])
def test_what_is_not_offered_can_not_be_asked_for(desk, clock, kind):
    for guarded in ("export", "erase"):
        set_executor(desk.inbox, guarded, way=Way.TASK)
    page = Page(desk.writes("Hej").conversation)
    assert page.client.post(f"{page.path}requests/{kind}/").status_code == 404
    assert not Request.objects.exists()


def test_nobody_elses_request_and_no_other_site(desk, company, clock):
    company("shop", desk.inbox, "cancel")
    hers = Page(desk.writes("Hej", by="mette@post.example").conversation)
    hers.presses("Cancel now")
    works_off(clock)
    his = Page(desk.writes("Hej", by="henrik@post.example").conversation)
    pk = Request.objects.get().pk
    assert his.client.post(f"{his.path}requests/{pk}/undo/").status_code == 404
    foreign = hers.client.post(f"{hers.path}requests/{pk}/undo/", headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert hers.client.get(f"{hers.path}requests/{pk}/undo/").status_code == 302
    assert his.client.post(f"/case/{'A' * 43}/requests/cancel/").status_code == 404
    assert Request.objects.get().state == "fulfilled"
