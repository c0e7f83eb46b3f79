"""What is read again after a failure of the machine need not wait for the disk; everything else does."""

import pytest
from django.db import connection

from holdord.channels.intake.committing import repeatable
from holdord.history.models import Event
from holdord.kernel import clock


def waits_for_the_disk() -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return cursor.execute("PRAGMA synchronous").fetchone()[0] == 2
        cursor.execute("SHOW synchronous_commit")
        return cursor.fetchone()[0] == "on"


def write() -> None:
    Event.objects.create(kind="Tested", at=clock.now())


@pytest.mark.django_db(transaction=True)
def test_only_what_can_be_done_again_does_not_wait():
    before = waits_for_the_disk()
    with repeatable():
        write()
        assert not waits_for_the_disk()
    assert waits_for_the_disk() == before
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_after_trouble_the_next_waits_again():
    before = waits_for_the_disk()
    with pytest.raises(ValueError, match="stumbled"), repeatable():
        write()
        raise ValueError("stumbled")
    assert waits_for_the_disk() == before
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_inside_another_transaction_it_is_a_part_of_that():
    with repeatable():
        write()
    assert Event.objects.count() == 1
