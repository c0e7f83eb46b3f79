"""Two customers become one, and two again, exactly."""

import pytest

from holdord.people.actions import CannotMerge, NotMerged, block_sender, is_blocked, merge, unblock_sender, undo_merge
from holdord.people.models import BlockedSender, Customer, Identity
from tests.conftest import MovableClock
from tests.factories import fresh, small_desk

pytestmark = pytest.mark.django_db


def test_a_merge_moves_every_identity_and_its_conversations(clock: MovableClock) -> None:
    desk = small_desk()
    one, other = desk.writes("Hej"), desk.writes("Hej", by="henrik@work.example")
    keep, absorb = fresh(one.conversation).customer, fresh(other.conversation).customer
    merge(keep=keep, absorb=absorb, by=desk.agent("Jonas"), now=clock.now())
    assert set(Identity.objects.values_list("customer", flat=True)) == {keep.pk}
    assert fresh(other.conversation).customer == keep


def test_undone_it_is_exact_even_after_later_mail(clock: MovableClock) -> None:
    desk = small_desk()
    one, other = desk.writes("Hej"), desk.writes("Hej", by="henrik@work.example")
    keep, absorb = fresh(one.conversation).customer, fresh(other.conversation).customer
    journal = merge(keep=keep, absorb=absorb, by=desk.agent("Jonas"), now=clock.now())
    later_here, later_there = desk.writes("Igen"), desk.writes("Igen", by="henrik@work.example")
    assert fresh(later_there.conversation).customer == keep
    undo_merge(journal, by=desk.agent("Jonas"), now=clock.now())
    owners = [fresh(message.conversation).customer for message in (one, other, later_here, later_there)]
    assert owners == [keep, absorb, keep, absorb]


def test_a_merge_of_a_merge_is_undone_last_first(clock: MovableClock) -> None:
    desk = small_desk()
    a, b, c = (fresh(desk.writes("Hej", by=f"{x}@post.example").conversation).customer for x in "abc")
    first = merge(keep=b, absorb=a, by=desk.agent("Jonas"), now=clock.now())
    second = merge(keep=c, absorb=b, by=desk.agent("Jonas"), now=clock.now())
    with pytest.raises(NotMerged):
        undo_merge(first, by=desk.agent("Jonas"), now=clock.now())
    undo_merge(second, by=desk.agent("Jonas"), now=clock.now())
    undo_merge(first, by=desk.agent("Jonas"), now=clock.now())
    assert Identity.objects.get(address="a@post.example").customer == a
    with pytest.raises(NotMerged):
        undo_merge(first, by=desk.agent("Jonas"), now=clock.now())


def test_nobody_is_merged_with_themselves_or_twice(clock: MovableClock) -> None:
    desk = small_desk()
    a, b = (fresh(desk.writes("Hej", by=f"{x}@post.example").conversation).customer for x in "ab")
    with pytest.raises(CannotMerge):
        merge(keep=a, absorb=a, by=None, now=clock.now())
    merge(keep=a, absorb=b, by=None, now=clock.now())
    with pytest.raises(CannotMerge):
        merge(keep=a, absorb=Customer.objects.get(pk=b.pk), by=None, now=clock.now())


def test_inboxes_that_keep_their_customers_apart(clock: MovableClock) -> None:
    shared, apart = small_desk(), small_desk()
    apart.inbox.keeps_customers_apart = True
    apart.inbox.save()
    one, other = shared.writes("Hej"), apart.writes("Hej")
    assert fresh(one.conversation).customer != fresh(other.conversation).customer


def test_blocking_takes_an_address_or_a_domain_and_can_be_undone(clock: MovableClock) -> None:
    desk = small_desk()
    blocked = block_sender("@spam.example", inbox=None, by=desk.agent("Jonas"), now=clock.now())
    block_sender("@spam.example", inbox=None, by=desk.agent("Jonas"), now=clock.now())
    assert BlockedSender.objects.count() == 1
    assert is_blocked("Offers@Spam.example", desk.inbox)
    assert not is_blocked("offers@post.example", desk.inbox)
    unblock_sender(blocked, by=desk.agent("Jonas"), now=clock.now())
    assert not is_blocked("offers@spam.example", desk.inbox)
