"""Models made without their constructor are as it would make them."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from holdord.conversations.models import Conversation, Message, Participant
from holdord.history.finding import Find
from holdord.history.making import new
from tests.factories import small_desk

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def attributes(row) -> dict:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_a_row_is_as_its_constructor_makes_it():
    conversation = Conversation(pk=7, subject="Boksen")
    fields = {"conversation": conversation, "kind": "inbound", "at": NOW, "seen": None, "defects": ["no_date"]}
    made, expected = new(Message, **fields), Message(**fields)
    assert attributes(made) == attributes(expected)
    assert made.conversation is conversation
    assert (made._state.adding, made._state.db) == (True, None)


def test_what_is_made_for_each_row_is_shared_by_none():
    first, second = new(Participant, joined_at=NOW), new(Participant, joined_at=NOW)
    assert first.public_id != second.public_id
    new(Message, at=NOW).references.append("a@b.example")
    assert new(Message, at=NOW).references == []


def test_a_field_that_a_model_has_not_is_refused():
    with pytest.raises(TypeError):
        new(Message, colour="red")


def test_a_row_that_was_found_is_as_django_reads_it():
    inbox = small_desk().inbox
    read = type(inbox).objects.select_related("team").get(pk=inbox.pk)
    found = Find(lambda pk: type(inbox).objects.filter(pk=pk).select_related("team"), int).first(inbox.pk)
    assert attributes(found) == attributes(read)
    assert attributes(found.team) == attributes(read.team)
    assert (found._state.adding, found._state.db) == (False, connection.alias)


def test_a_row_that_was_found_can_be_saved_again():
    inbox = small_desk().inbox
    found = Find(lambda pk: type(inbox).objects.filter(pk=pk), int).first(inbox.pk)
    found.name = "Lysbro Nord"
    found.save()
    inbox.refresh_from_db()
    assert inbox.name == "Lysbro Nord"
