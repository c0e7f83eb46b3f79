"""The private link opens one case, for its customer, until it is revoked."""

import pytest

from holdord.conversations import actions
from holdord.conversations.case_links import participant_of, token_for
from holdord.conversations.models import Participant
from tests.conftest import MovableClock
from tests.factories import fresh, small_desk

pytestmark = pytest.mark.django_db


def test_a_link_opens_its_own_case(clock: MovableClock) -> None:
    desk = small_desk()
    desk.writes("Hej")
    participant = Participant.objects.get()
    assert participant_of(token_for(participant)) == participant


def test_every_change_of_a_letter_opens_nothing(clock: MovableClock) -> None:
    desk = small_desk()
    desk.writes("Hej")
    token = token_for(Participant.objects.get())
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        assert participant_of(token[:place] + other + token[place + 1 :]) is None
    for wrong in ("", "x", token[:-1], token + "A", token + "=", "ø" * 43, "1"):
        assert participant_of(wrong) is None


def test_a_replaced_link_is_worthless(clock: MovableClock) -> None:
    desk = small_desk()
    desk.writes("Hej")
    old = token_for(Participant.objects.get())
    fresh_participant = actions.replace_case_link(Participant.objects.get(), by=None, now=clock.now())
    assert participant_of(old) is None
    assert participant_of(token_for(fresh_participant)) == fresh_participant


def test_a_stranger_who_joined_has_no_case_page(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hej")
    desk.writes("Jeg er hans nabo", by="nabo@post.example", conversation=fresh(inquiry.conversation))
    assert participant_of(token_for(Participant.objects.get(is_customer=False))) is None


def test_after_an_undone_merge_the_link_leads_to_the_right_person(clock: MovableClock) -> None:
    from holdord.people.actions import merge, undo_merge

    desk = small_desk()
    one, other = desk.writes("Hej"), desk.writes("Hej", by="henrik@work.example")
    token = token_for(Participant.objects.get(conversation=other.conversation))
    journal = merge(
        keep=fresh(one.conversation).customer, absorb=fresh(other.conversation).customer, by=None, now=clock.now()
    )
    assert participant_of(token) is not None
    undo_merge(journal, by=desk.agent("Jonas"), now=clock.now())
    assert participant_of(token) is not None
