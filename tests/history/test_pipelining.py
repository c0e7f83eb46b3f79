"""Rows sent ahead are the same rows; what fails late is rolled back whole. Both databases, one of which sends ahead."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from holdord.history.models import Event
from holdord.history.pipelining import pipelined
from holdord.history.rows import write
from holdord.people.models import Customer, Identity

NOW = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
SENDS_AHEAD = connection.vendor == "postgresql"


def identity_of(customer: Customer, address: str) -> Identity:
    return Identity.objects.create(customer=customer, kind="email", address=address, created_at=NOW)


@pytest.mark.django_db
def test_rows_have_their_keys_and_are_found_at_once() -> None:
    with transaction.atomic(), pipelined(2):
        people = [Customer.objects.create(name=f"Nr. {number}", created_at=NOW) for number in range(5)]
        for customer in people:
            identity_of(customer, f"k{customer.pk}@post.example")
        assert list(Identity.objects.order_by("pk").values_list("customer_id", flat=True)) == [
            each.pk for each in people
        ]
        assert Customer.objects.filter(name="Nr. 3").get() == people[3]
    assert sorted(Customer.objects.values_list("pk", flat=True)) == [each.pk for each in people]
    assert Customer.objects.create(name="Later", created_at=NOW).pk > people[-1].pk


@pytest.mark.django_db
def test_what_django_asks_is_answered() -> None:
    with transaction.atomic(), pipelined(2):
        customer = Customer.objects.create(name="Henrik", created_at=NOW)
        write("UPDATE people_customer SET name = %s WHERE id = %s", ["Henrik H.", customer.pk])
        assert Customer.objects.filter(name="Henrik H.").update(place="Odense") == 1
        assert Customer.objects.filter(name="Nobody").update(place="Odense") == 0
        known, made = Customer.objects.get_or_create(name="Henrik H.", defaults={"created_at": NOW})
        assert (known, made) == (customer, False)
        known.place = "Vejle"
        known.save(update_fields=["place"])
    customer.refresh_from_db()
    assert (customer.name, customer.place) == ("Henrik H.", "Vejle")


@pytest.mark.django_db(transaction=True)
def test_nothing_stays_of_what_was_refused_late() -> None:
    henrik = Customer.objects.create(name="Henrik", created_at=NOW)
    identity_of(henrik, "henrik@post.example")
    reached = []
    with pytest.raises(IntegrityError), transaction.atomic(), pipelined(2):
        Event.objects.create(kind="Tested", at=NOW)
        identity_of(henrik, "henrik@post.example")
        reached.append("the end")
    assert reached == (["the end"] if SENDS_AHEAD else [])
    assert not Event.objects.exists()
    # The connection is as it was: the next is answered, and nothing is sent ahead any more.
    with pytest.raises(IntegrityError), transaction.atomic():
        identity_of(henrik, "henrik@post.example")
    assert Identity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_later_question_raises_the_error_of_an_earlier_row() -> None:
    henrik = Customer.objects.create(name="Henrik", created_at=NOW)
    identity_of(henrik, "henrik@post.example")
    with pytest.raises(IntegrityError, match="(?i)identity"), transaction.atomic(), pipelined(2):
        identity_of(henrik, "henrik@post.example")
        Customer.objects.count()
        pytest.fail("the question was answered in a transaction that failed")
