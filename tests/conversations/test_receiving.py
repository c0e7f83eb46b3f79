"""A message finds its conversation, or opens one."""

from datetime import timedelta

import pytest

from holdord.conversations import actions
from holdord.conversations.actions import AlreadyReceived
from holdord.conversations.models import Conversation, Fact, Message, Participant
from holdord.history.models import Event
from holdord.people.models import Customer
from holdord.promises.models import Promise
from tests.conftest import MovableClock
from tests.factories import fresh, small_desk

pytestmark = pytest.mark.django_db


def closed(desk, inquiry: Message, clock: MovableClock) -> Conversation:
    """The conversation of an inquiry, answered and closed."""
    actions.close(
        fresh(inquiry.conversation),
        by=desk.agent("Jonas"),
        reason="Boksen er sendt.",
        seen=inquiry,
        not_before=clock.now(),
        now=clock.now(),
    )
    desk.sends_all()
    return fresh(inquiry.conversation)


def test_a_stranger_becomes_a_customer_with_a_conversation_of_the_teams(clock: MovableClock) -> None:
    desk = small_desk()
    message = desk.writes("Hvornår kommer boksen?", detected_language="da")
    conversation = message.conversation
    assert (conversation.team, conversation.owner, conversation.status) == (desk.team, None, "open")
    assert conversation.customer.name == "Henrik"
    assert conversation.customer.language == "da"
    assert Participant.objects.get().is_customer


def test_the_same_mail_twice_is_one_message(clock: MovableClock) -> None:
    desk = small_desk()
    first = desk.writes("Hej", message_id="same@post.example")
    with pytest.raises(AlreadyReceived) as refused:
        desk.writes("Hej", message_id="same@post.example")
    assert refused.value.message == first
    assert Message.objects.filter(kind="inbound").count() == 1


def test_the_same_id_with_another_body_is_a_second_message(clock: MovableClock) -> None:
    desk = small_desk()
    desk.writes("Hej", message_id="same@post.example", body_hash="a" * 64)
    desk.writes("Noget andet", message_id="same@post.example", body_hash="b" * 64)
    assert Message.objects.filter(kind="inbound").count() == 2


def test_addresses_are_the_same_in_any_case_but_plus_and_dots_count(clock: MovableClock) -> None:
    desk = small_desk()
    for address in ("Henrik@Post.example", "henrik@post.example", "henrik+tv@post.example", "hen.rik@post.example"):
        desk.writes("Hej", by=address)
    assert Customer.objects.count() == 3


def test_a_name_alone_never_makes_two_people_one(clock: MovableClock) -> None:
    desk = small_desk()
    desk.writes("Hej", by="henrik@post.example", name="Henrik Nordgård")
    desk.writes("Hej", by="hn@other.example", name="Henrik Nordgård")
    assert Customer.objects.filter(name="Henrik Nordgård").count() == 2


def test_mail_after_the_closing_reopens_and_is_owed_an_answer(clock: MovableClock) -> None:
    desk = small_desk()
    conversation = closed(desk, desk.writes("Hvornår kommer boksen?"), clock)
    assert conversation.status == "closed"
    clock.passes(hours=1)
    message = desk.writes("Den kom ikke.", conversation=conversation)
    assert fresh(conversation).status == "open"
    assert Promise.objects.running().get().origin == message
    assert conversation.closings.get().ended_at is not None
    assert Event.objects.filter(kind="ConversationReopened").count() == 1


def test_thanks_alone_proposes_to_stay_closed_and_is_seen(clock: MovableClock) -> None:
    desk = small_desk()
    conversation = closed(desk, desk.writes("Hvornår kommer boksen?"), clock)
    thanks = desk.writes("Tak!", conversation=conversation, is_only_thanks=True)
    assert (fresh(conversation).status, fresh(conversation).closing_proposed_by) == ("closed", thanks)
    assert not Promise.objects.running().exists()
    actions.leave_closed(fresh(conversation), by=desk.agent("Jonas"), now=clock.now())
    assert (fresh(conversation).status, fresh(conversation).closing_proposed_by) == ("closed", None)


def test_thanks_after_a_reply_closes_what_only_waited(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    actions.reply(
        fresh(inquiry.conversation),
        by=desk.agent("Jonas"),
        text="På torsdag.",
        seen=inquiry,
        not_before=clock.now(),
        now=clock.now(),
    )
    desk.sends_all()
    desk.writes("Tak!", conversation=fresh(inquiry.conversation), is_only_thanks=True)
    actions.leave_closed(fresh(inquiry.conversation), by=desk.agent("Jonas"), now=clock.now())
    assert fresh(inquiry.conversation).status == "closed"
    assert fresh(inquiry.conversation).closings.get().reason == "Tak!"


def test_machine_mail_reopens_nothing_and_stops_no_clock(clock: MovableClock) -> None:
    desk = small_desk()
    conversation = closed(desk, desk.writes("Hvornår kommer boksen?"), clock)
    desk.writes("Jeg er på ferie.", conversation=conversation, machine="out_of_office")
    assert fresh(conversation).status == "closed"
    assert not Promise.objects.running().exists()


def test_a_blocked_senders_mail_is_kept_and_answered_by_nobody(clock: MovableClock) -> None:
    desk = small_desk()
    message = desk.writes("Køb nu", dismissed_as="blocked")
    assert message.conversation.pk
    assert fresh(message.conversation).status == "dismissed"
    assert not Promise.objects.exists()
    assert Message.objects.count() == 1


def test_a_stranger_who_joins_takes_part_but_is_not_the_customer(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    joined = desk.writes("Jeg skriver for min far.", by="sofie@post.example", conversation=fresh(inquiry.conversation))
    assert joined.by_stranger
    assert [p.is_customer for p in Participant.objects.order_by("pk")] == [True, False]
    assert fresh(inquiry.conversation).customer.name == "Henrik"


def test_a_snoozed_conversation_wakes_when_the_customer_writes(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    actions.snooze(inquiry.conversation, by=desk.agent("Jonas"), until=clock.now() + timedelta(days=2), now=clock.now())
    desk.writes("Hallo?", conversation=fresh(inquiry.conversation))
    assert (fresh(inquiry.conversation).status, fresh(inquiry.conversation).snoozed_until) == ("open", None)


def test_a_changed_subject_is_noted(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?", subject="Boksen")
    same = desk.writes("Hallo?", subject="Re: SV: Boksen", conversation=fresh(inquiry.conversation))
    other = desk.writes("Og regningen?", subject="Regning 4711", conversation=fresh(inquiry.conversation))
    assert (same.subject_changed, other.subject_changed) == (False, True)


def test_form_fields_are_kept_as_facts_the_customer_told(clock: MovableClock) -> None:
    desk = small_desk()
    desk.writes("Jeg vil bytte bank.", channel="form", facts=(("Telefon", "+47 20 00 48 36"),))
    assert [(f.label, f.value, f.told) for f in Fact.objects.all()] == [("Telefon", "+47 20 00 48 36", True)]


def test_the_language_is_the_customers_then_the_forms_then_the_texts_then_the_inboxes(clock: MovableClock) -> None:
    desk = small_desk()
    assert desk.writes("x", by="a@post.example").conversation.language == "da"  # the inbox
    assert desk.writes("x", by="b@post.example", detected_language="sv").conversation.language == "sv"
    form = desk.writes("x", by="c@post.example", detected_language="sv", known_language="de")
    assert form.conversation.language == "de"
    assert desk.writes("x", by="c@post.example", detected_language="en").conversation.language == "de"
    assert desk.writes("x", by="d@post.example", detected_language="nn").conversation.language == "nb"
