"""Story 15: the box. What is not in stock is not promised; an order that the shop cancels is not cancelled in silence."""

import pytest
from django.core.cache import cache

from holdord.kernel import clock as the_clock
from holdord.orders.models import Order
from holdord.orders.rules import EventKind
from holdord.promises.actions import NoCapacity
from holdord.promises.models import Promise
from holdord.promises.queries import running_answer
from holdord.recovery.models import Recovery
from tests.orders.conftest import COPENHAGEN, Shop, moment
from tests.stories.cast import Stage


@pytest.fixture
def shop(stage: Stage) -> Shop:
    """The shop that feeds the stage's desk."""
    cache.clear()
    return Shop(stage.desk, the_clock.now().astimezone(COPENHAGEN).date())


def test_a_box_that_is_not_there_is_not_promised_for_tomorrow(stage: Stage, shop: Shop) -> None:
    # Given no box is in stock, and three come on Thursday
    shop.parcels(9, 9, 9, 9, 9)
    shop.stock("box", 0, 0, 0, 3)
    # When he is promised one within 24 hours
    with pytest.raises(NoCapacity) as refused:
        shop.places("7001", email="henrik@post.example", promised_on=shop.day(1))
    # Then it is refused with the first day that holds, and nothing of it is left behind
    assert refused.value.earliest is not None
    assert refused.value.earliest.due_at == moment(shop.day(3))
    assert not Promise.objects.exists()
    # and on that day it can be promised
    assert shop.places("7001", email="henrik@post.example", promised_on=shop.day(3)).is_new


def test_a_cancelled_order_is_told_with_its_reason_in_the_first_line(stage: Stage, shop: Shop) -> None:
    henrik = stage.customer("Henrik")
    stage.clock.moves_to("Mon 10:00")
    # Given Henrik was promised the box by tomorrow
    shop.parcels(9, 9)
    shop.stock("box", 1)
    order = shop.places("7001", email=henrik.address, promised_on=shop.day(1)).order
    # When the shop cancels it
    shop.says(order, EventKind.CANCELLED, reason="leverandøren kan ikke levere boksen")
    stage.works_off()
    # Then the mail in his mailbox says so and why in its first line, and by when a person writes
    assert len(henrik.letters) == 1
    lines = henrik.latest.text.splitlines()
    assert lines[0] == "Din ordre 7001 er annulleret: leverandøren kan ikke levere boksen."
    assert henrik.latest.caught.message["Subject"] == "Din ordre 7001"
    answer = running_answer(Order.objects.get().conversation)
    assert answer is not None
    assert henrik.was_told(answer, the_clock.now())
    # and it is work of ours to make it right
    assert Recovery.objects.get().promise == Promise.objects.get(kind="delivery", state="broken")
