"""Told by several at the same moment, an order and its events happen once."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from holdord.conversations.models import Conversation, Message
from holdord.kernel import clock as the_clock
from holdord.orders.actions import Receipt
from holdord.orders.models import Order, OrderEvent
from holdord.orders.rules import EventKind
from holdord.people.models import Customer
from holdord.promises.models import Promise, PromisedWork
from holdord.recovery.models import Recovery
from tests.conftest import MovableClock
from tests.factories import small_desk
from tests.orders.conftest import COPENHAGEN, Shop

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def all_at_once(act: Callable[[], Receipt]) -> list[Receipt]:
    """What each of several threads is answered that begin at the same moment."""
    start, answers, faults = threading.Barrier(AT_ONCE), [], []

    def told() -> None:
        try:
            start.wait(10)
            answers.append(act())
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=told) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    return answers


@pytest.fixture
def real_shop(clock: MovableClock) -> Shop:
    return Shop(small_desk(), the_clock.now().astimezone(COPENHAGEN).date())


def test_the_same_order_at_once_is_one_order(real_shop: Shop) -> None:
    real_shop.parcels(9, 9)
    receipts = all_at_once(real_shop.places)
    assert sorted(receipt.is_new for receipt in receipts) == [False] * (AT_ONCE - 1) + [True]
    assert len({(receipt.order.pk, receipt.event.pk, receipt.event.due_at) for receipt in receipts}) == 1
    counts = [model.objects.count() for model in (Order, OrderEvent, Conversation, Customer, Promise)]
    assert counts == [1] * 5
    assert PromisedWork.objects.get().amount == 1


def test_the_same_cancellation_at_once_is_one_letter(real_shop: Shop) -> None:
    real_shop.parcels(9, 9)
    order = real_shop.places().order
    receipts = all_at_once(lambda: real_shop.says(order, EventKind.CANCELLED, "c-1", reason="udsolgt"))
    assert sorted(receipt.is_new for receipt in receipts) == [False] * (AT_ONCE - 1) + [True]
    assert {receipt.event.state for receipt in receipts} == {"cancelled"}
    assert Message.objects.filter(kind="outbound").count() == Recovery.objects.count() == 1
