"""Who hears of which change, and that none is missed."""

import pytest
from django.test import Client

from holdord.config.live import watcher
from holdord.config.live.admission import listener_for
from holdord.config.live.hub import MOST_PENDING, Hub, Listener
from holdord.config.live.watcher import Change, Look
from holdord.conversations import actions
from holdord.history.models import Event
from holdord.kernel import clock
from holdord.people.models import Team
from tests.factories import small_desk


def change(conversation=1, *, teams=(1,), owner=None, customer=True, kind="InquiryReceived"):
    return Change(conversation, kind, frozenset(teams), owner, customer)


def test_a_team_hears_of_its_own():
    agent = Listener(agent_id=7, team_ids=frozenset({1}))
    assert agent.may_see(change(teams=(1, 2)))
    assert not agent.may_see(change(teams=(2,)))
    assert agent.may_see(change(teams=(2,), owner=7))
    assert Listener(agent_id=8).may_see(change(teams=(2,)))


@pytest.mark.django_db(transaction=True)
def test_who_leads_a_team_hears_of_it_though_they_answer_nobody_in_it():
    desk, elsewhere = small_desk(), Team.objects.create(name="Elsewhere")
    hanne = desk.agent("Hanne", member=False)
    assert not hanne.teams.exists()
    browser = Client()
    browser.force_login(hanne)
    cookie = f"sessionid={browser.cookies['sessionid'].value}".encode()
    page = listener_for("/live/desk", [(b"cookie", cookie)])
    assert page is not None
    assert page.may_see(change(teams=(desk.team.pk,)))
    assert not page.may_see(change(teams=(elsewhere.pk,)))


def test_a_case_page_hears_of_what_the_customer_may_see_of_its_case():
    page = Listener(conversation_id=1)
    assert page.may_see(change(1))
    assert not page.may_see(change(1, customer=False))
    assert not page.may_see(change(2))


def test_a_slow_page_is_told_to_load_again_and_takes_no_more_room():
    hub, page = Hub(), Listener()
    hub.listeners.add(page)
    hub.tell([change(number) for number in range(MOST_PENDING * 3)])
    assert len(page.pending) <= MOST_PENDING
    assert page.take() == ({}, True)
    hub.tell([change(1), change(1), change(1, kind="NoteWritten")])
    assert page.take() == ({1: ["InquiryReceived", "NoteWritten"]}, False)


def announced(conversation_id):
    return Event.objects.create(kind="InquiryReceived", at=clock.now(), conversation_id=conversation_id)


@pytest.mark.django_db
def test_each_event_is_told_once():
    case = small_desk().writes("Hej").conversation_id
    look = Look()
    assert look.again() == []
    announced(case)
    announced(case)
    assert [told.conversation_id for told in look.again()] == [case, case]
    assert look.again() == []


@pytest.mark.django_db
def test_an_event_that_commits_late_under_a_lower_id_is_told_too(monkeypatch):
    case = small_desk().writes("Hej").conversation_id
    look = Look()
    look._commits_in_order = False
    monkeypatch.setattr(watcher, "LOOKS_BACK_EVERY", 0)
    first, second = announced(case), announced(case)
    late = first.pk
    Event.objects.filter(pk=late).delete()
    assert len(look.again()) == 1
    Event(pk=late, kind="NoteWritten", at=clock.now(), conversation_id=case).save(force_insert=True)
    assert [told.kind for told in look.again()] == ["NoteWritten"]
    assert look.again() == []
    assert second.pk > late


@pytest.mark.django_db
def test_the_team_that_a_conversation_leaves_hears_of_it_too():
    desk = small_desk()
    conversation = desk.writes("Hej").conversation
    other, look = Team.objects.create(name="Teknik"), Look()
    left = conversation.team_id
    actions.hand_over(
        conversation, by=desk.agent("Jonas"), to_team=other, to_agent=None, context="Kan I se?", now=clock.now()
    )
    handed = next(told for told in look.again() if told.kind == "ConversationHandedOver")
    assert handed.team_ids == {left, other.pk}


@pytest.mark.django_db
def test_every_desk_page_hears_that_a_pool_changed_and_no_case_page_does():
    look = Look()
    Event.objects.create(kind="PoolChanged", at=clock.now())
    (told,) = look.again()
    assert (told.conversation_id, told.kind) == (0, "PoolChanged")
    assert Listener(agent_id=7, team_ids=frozenset({1})).may_see(told)
    assert not Listener(conversation_id=1).may_see(told)
