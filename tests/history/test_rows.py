"""Rows are written and looked up as Django would, with SQL that is built once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from holdord.history.actions import NotInATransaction, announce
from holdord.history.models import Event
from holdord.history.rows import IsOneOf, LookUp
from holdord.people.events import CustomersMerged
from holdord.people.models import Customer, Identity

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)


def test_a_row_reads_back_as_it_was_written() -> None:
    event = Event.objects.create(kind="Tested", at=NOW, payload={"due_at": "x", "n": [1, None, True]})
    read = Event.objects.get(pk=event.pk)
    assert (read.kind, read.at, read.payload, read.conversation_id) == ("Tested", NOW, event.payload, None)
    assert event.payload == {"due_at": "x", "n": [1, None, True]}


def test_a_row_that_is_there_is_not_written_again() -> None:
    customer = Customer.objects.create(name="Henrik", created_at=NOW)
    fields = {"customer": customer, "kind": "email", "address": "henrik@post.example", "created_at": NOW}
    assert Identity.objects.create_unless_there(**fields) is not None
    assert Identity.objects.create_unless_there(**fields) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Identity.objects.create(**fields)


def test_a_look_up_takes_texts_numbers_and_moments_in_any_order() -> None:
    event = Event.objects.create(kind="Tested", at=NOW, conversation_id=7)
    after = LookUp(
        lambda moment, kind, number: Event.objects.filter(
            conversation_id=number, kind=kind, at__gt=moment, seen_by_customer=False
        ).values_list("pk"),
        datetime,
        str,
        int,
    )
    assert [tuple(row) for row in after.rows(NOW - timedelta(hours=1), "Tested", 7)] == [(event.pk,)]
    assert after.row(NOW, "Tested", 7) is None
    assert after.row(NOW - timedelta(hours=1), "Other", 7) is None
    assert after.row(NOW - timedelta(hours=1), "Tested", 8) is None


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(NotInATransaction):
        announce(CustomersMerged(at=NOW, kept_id=1, absorbed_id=2))


def test_a_look_up_gives_pythons_values() -> None:
    Event.objects.create(kind="Tested", at=NOW, seen_by_customer=True, payload={"n": 1})
    found = LookUp(lambda kind: Event.objects.filter(kind=kind).values_list("at", "seen_by_customer", "payload"), str)
    assert [list(row) for row in found.rows("Tested")] == [[NOW, True, {"n": 1}]]


def test_a_look_up_that_would_lose_an_argument_is_refused() -> None:
    lost = LookUp(lambda kind: Event.objects.filter(kind=kind[:3]).values_list("pk"), str)
    with pytest.raises(TypeError):
        lost.rows("Tested")


def test_what_is_asked_every_second_reads_only_its_own_index(db: None) -> None:
    """SQLite leaves a partial index alone when its condition comes as a parameter."""
    from holdord.channels.models import Arrival
    from holdord.conversations.models import Conversation, Message, Outgoing, Request
    from holdord.promises.models import Promise

    if connection.vendor != "sqlite":
        return
    asked = {
        "promise_to_look_at": Promise.objects.to_look_at(NOW).order_by("next_look_at"),
        "promise_next_of_team": Promise.objects.for_people().filter(team=1).order_by("rank_at", "pk"),
        "promise_next_of_owner": Promise.objects.for_people().filter(owner=1).order_by("rank_at", "pk"),
        "promise_unfit": Promise.objects.unfit().filter(team=1).order_by("due_at"),
        "promise_drafts": Promise.objects.drafts().filter(given_at__lt=NOW),
        "outgoing_due": Outgoing.objects.queued().filter(next_attempt_at__lte=NOW).order_by("next_attempt_at"),
        "arrival_waiting": Arrival.objects.waiting().filter(next_attempt_at__lte=NOW).order_by("next_attempt_at"),
        "arrival_quarantined": Arrival.objects.quarantined().order_by("-pk"),
        "message_once": Message.objects.with_id("x@post.example"),
        "identity_by_address": Identity.objects.filter(kind="email", address="henrik@post.example"),
        "request_fulfilled": Request.objects.filter(IsOneOf("state", "fulfilled"), kind="cancel", settled_at__gte=NOW),
        "conversation_to_wake": Conversation.objects.filter(snoozed_until__lte=NOW).order_by("snoozed_until"),
    }
    for index, queryset in asked.items():
        assert index in queryset.explain(), index


def test_only_plain_words_are_written_into_sql() -> None:
    with pytest.raises(ValueError, match="plain words"):
        IsOneOf("state", "open') OR ('1")
