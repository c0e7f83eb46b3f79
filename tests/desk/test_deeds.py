"""Agents carry out what customers ask for, say no with a reason, undo, and ask first who this is."""

import re

import pytest
from django.test import Client

from holdord.conversations.actions import ask
from holdord.conversations.jobs import hear_messages
from holdord.conversations.models import Fact, Message, Request, RequestKind
from holdord.fulfilment import actions
from holdord.fulfilment.codes import figures_of, uncovered
from holdord.fulfilment.models import Code, Deed, Executor, Proof
from holdord.fulfilment.rules import COVER, Way
from holdord.history.models import Event
from holdord.kernel import clock as the_clock
from tests.desk.conftest import three
from tests.fulfilment.conftest import company, works_off

__all__ = ["company", "three"]


def press(client: Client, conversation, label: str):
    """Press the button that says so in the pane."""
    html = client.get(f"/conversations/{conversation.pk}/").text
    forms = re.findall(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', html, re.S)
    return client.post(next(action for action, inner in forms if label in inner))


def test_the_deed_is_the_main_button(three, company, clock):
    shop = company("shop", three.desk.inbox, "cancel")
    three.desk.writes("Jeg vil gerne opsige mit abonnement.", conversation=three.conversation)
    hear_messages(now=the_clock.now())
    alice = three.browser(three.alice)
    assert press(alice, three.conversation, "Cancel it now").status_code == 302
    assert "The system is being asked." in alice.get(f"/conversations/{three.conversation.pk}/").text
    works_off(clock)
    assert shop.things == {"subscription": "cancelled"}
    html = alice.get(f"/conversations/{three.conversation.pk}/").text
    assert "can be undone until 31 Mar 23:59" in html
    press(alice, three.conversation, "Undo")
    works_off(clock)
    assert shop.things == {"subscription": "running"}


def test_a_persons_work_is_done_or_refused_with_a_reason(three, clock):
    alice = three.browser(three.alice)
    pk = three.conversation.pk
    alice.post(f"/conversations/{pk}/requests/new/", {"kind": "replace", "about": "boksen"})
    press(alice, three.conversation, "Send another one")
    request = Request.objects.get()
    assert (request.state, request.about, Deed.objects.get().state) == ("confirmed", "boksen", "by_hand")
    empty = alice.post(f"/conversations/{pk}/requests/{request.pk}/refusal/", {"reason": " "})
    assert empty.status_code == 422
    alice.post(f"/conversations/{pk}/requests/{request.pk}/refusal/", {"reason": "Den laves ikke mere."})
    request.refresh_from_db()
    assert (request.state, request.reason) == ("declined", "Den laves ikke mere.")
    letter = Message.objects.filter(is_automatic=True).latest("pk").text
    assert letter.startswith("Vi gør ikke det, du bad om: Den laves ikke mere.")


def test_a_lost_answer_is_told_to_who_does_it_by_hand(three, clock):
    request = ask(three.conversation, RequestKind.REFUND, now=the_clock.now())
    Executor.objects.create(inbox=three.desk.inbox, kind="refund", way=Way.WEBHOOK.value, url="https://127.0.0.1/x")
    deed = actions.carry_out(request, by=None, now=the_clock.now())
    Deed.objects.filter(pk=deed.pk).update(may_have_arrived=True)
    actions.by_hand(deed, fault="silent", now=the_clock.now())
    alice = three.browser(three.alice)
    assert "may have done it" in alice.get(f"/conversations/{three.conversation.pk}/").text
    press(alice, three.conversation, "Ask the system again")
    deed.refresh_from_db()
    assert deed.state == "waiting"


def test_before_a_block_somebody_shows_who_they_are(three, company, clock):
    cards = company("cards", three.desk.inbox, "block")
    ask(three.conversation, RequestKind.BLOCK, now=the_clock.now())
    alice = three.browser(three.alice)
    proof = press(alice, three.conversation, "Block it now").headers["Location"]
    assert proof.endswith("/proof/")
    works_off(clock)
    assert cards.acts == []
    fact = Fact.objects.create(
        conversation=three.conversation, message=three.first, label="Kort", value="4417", at=the_clock.now()
    )
    page = alice.get(proof).text
    assert "With a code sent to an address we know" in page
    assert "4417" in page
    alice.post(proof, {"fact": str(fact.pk)})
    works_off(clock)
    assert cards.things == {"card": "blocked"}
    assert (Proof.objects.get().kind, Proof.objects.get().by) == ("fact", three.alice)
    line = Event.objects.get(kind="ProofGiven")
    assert line.payload == {"proof_id": Proof.objects.get().pk, "kind": "fact", "for_kind": "block"}


def test_to_open_it_again_a_code_is_needed_that_no_agent_can_read(three, company, clock):
    cards = company("cards", three.desk.inbox, "block")
    actions.ask_for(three.conversation, RequestKind.BLOCK, by=None, now=the_clock.now())
    works_off(clock)
    alice = three.browser(three.alice)
    proof = press(alice, three.conversation, "Undo").headers["Location"]
    assert "With something only they know" not in alice.get(proof).text
    identity = three.conversation.customer.identities.get()
    alice.post(proof, {"send_to": str(identity.pk)})
    code = Code.objects.get()
    figures = figures_of(code)
    # The mail has it, the desk has dots.
    assert figures in uncovered(code.message)
    pane = alice.get(f"/conversations/{three.conversation.pk}/?all=1").text
    assert figures not in pane
    assert COVER in pane
    assert alice.post(proof, {"code": "000000" if figures != "000000" else "1"}).status_code == 422
    alice.post(proof, {"code": f" {figures[:3]} {figures[3:]}"})
    works_off(clock)
    assert cards.things == {"card": "open"}
    assert Proof.objects.get().kind == "code"


def test_a_code_can_not_be_guessed_kept_or_used_twice(three, clock):
    now, conversation = the_clock.now(), three.conversation
    identity = conversation.customer.identities.get()
    code = actions.send_code(conversation, identity, for_kind="export", now=now)
    for typed in ("12345", "", "hemmelig æøå", "１２３４５６", "0" * 500):
        with pytest.raises(actions.WrongCode):
            actions.prove_by_code(conversation, typed, for_kind="export", by=None, now=now)
    with pytest.raises(actions.WrongCode):
        actions.prove_by_code(conversation, figures_of(code), for_kind="export", by=None, now=now)
    fresh = actions.send_code(conversation, identity, for_kind="export", now=now)
    with pytest.raises(actions.WrongCode):
        actions.prove_by_code(conversation, figures_of(fresh), for_kind="erase", by=None, now=now)
    actions.prove_by_code(conversation, figures_of(fresh), for_kind="export", by=None, now=now)
    with pytest.raises(actions.WrongCode):
        actions.prove_by_code(conversation, figures_of(fresh), for_kind="export", by=None, now=now)
    late = actions.send_code(conversation, identity, for_kind="export", now=now)
    with pytest.raises(actions.TooManyCodes):
        actions.send_code(conversation, identity, for_kind="export", now=now)
    after = clock.passes(minutes=16)
    with pytest.raises(actions.WrongCode):
        actions.prove_by_code(conversation, figures_of(late), for_kind="export", by=None, now=after)


def test_other_teams_can_do_none_of_it(three, clock):
    request = ask(three.conversation, RequestKind.CANCEL, now=the_clock.now())
    charlie = three.browser(three.charlie)
    path = f"/conversations/{three.conversation.pk}/requests/{request.pk}"
    for deed in ("deed", "deed/end", "deed/again", "refusal", "proof"):
        assert charlie.post(f"{path}/{deed}/", {"reason": "Nej", "code": "1"}).status_code in {403, 404}
    assert not Deed.objects.exists()


def test_an_administrator_says_who_does_what(three, settings):
    ada, inbox = three.browser(three.ada), three.desk.inbox
    path = f"/settings/executors/{inbox.pk}/cancel/"
    fields = {
        "way": "webhook",
        "url": "http://shop.example/",
        "about": "bredbåndet",
        "undo_hours": 48,
        "within_hours": 8,
    }
    assert ada.post(path, fields).status_code == 422
    assert ada.post(path, {**fields, "url": "https://shop.example/holdord"}).status_code == 302
    page = ada.get(path).text
    secret = re.search(r"whsec_[\w+/=]+", page)[0]
    ada.post(f"{path}secret/")
    assert re.search(r"whsec_[\w+/=]+", ada.get(path).text)[0] != secret
    assert "https://shop.example/holdord" in ada.get("/settings/executors/").text
    assert three.browser(three.alice).get(path).status_code == 403
    ada.post(path, {**fields, "way": ""})
    assert not Executor.objects.exists()


def test_who_asked_us_to_stop_is_not_written_to_first(three, clock):
    actions.ask_for(three.conversation, RequestKind.STOP_CONTACTING, by=None, now=the_clock.now())
    fields = {"inbox": three.desk.inbox.pk, "email": "henrik@post.example", "subject": "Tilbud", "text": "Kom tilbage!"}
    alice = three.browser(three.alice)
    refused = alice.post("/conversations/new/", fields)
    assert refused.status_code == 422
    assert "They asked us not to contact them." in refused.text
    assert alice.post("/conversations/new/", {**fields, "email": "mette@post.example"}).status_code == 302
