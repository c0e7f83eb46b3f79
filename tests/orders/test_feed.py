"""What a shop tells: an order is promised only if it can be kept, told twice it happens once, and nobody hears of a
delay or a cancellation without hearing why.
"""

from datetime import timedelta
from decimal import Decimal

import pytest

from holdord.conversations.models import Conversation, Fact, Message
from holdord.conversations.search import find
from holdord.history.models import Event
from holdord.orders import actions
from holdord.orders.actions import InTheFuture, NoDate, NotLater, NotPossible, SaidOtherwise, SaysTooLittle
from holdord.orders.models import Article, Order, OrderEvent
from holdord.orders.queries import earliest_delivery
from holdord.orders.rules import CancelledBy, EventKind, Line
from holdord.people.models import Customer
from holdord.promises import jobs
from holdord.promises.actions import NoCapacity, NoTime, break_promise, release
from holdord.promises.models import Move, Pool, Promise, PromisedWork
from holdord.promises.queries import running_answer
from holdord.recovery.models import Recovery
from tests.conftest import MovableClock
from tests.orders.conftest import Shop, moment

DELAYED, CANCELLED, SHIPPED, DELIVERED = (
    EventKind.DELAYED,
    EventKind.CANCELLED,
    EventKind.SHIPPED,
    EventKind.DELIVERED,
)


def letter() -> str:
    """The latest letter to a customer."""
    return Message.objects.filter(kind="outbound").latest("pk").text


def test_an_order_opens_a_conversation_and_promises_the_day(shop: Shop) -> None:
    parcels, box = shop.parcels(0, 5), shop.stock("box-12", 3)
    placed = shop.places(lines=(Line("BOX 12", 2, "Boks", Decimal("129.00")), Line("lid", 1))).order
    conversation = Conversation.objects.get()
    assert (conversation.subject, conversation.status, conversation.language) == ("Din ordre 1042", "waiting", "da")
    assert (conversation.customer.name, conversation.customer.language) == ("Henrik Vestergaard", "da")
    promise = Promise.objects.get()
    assert (promise.kind, promise.what, promise.due_at) == (
        "delivery",
        "Din ordre 1042 kommer",
        moment(shop.day(1)),
    )
    assert (promise.source, promise.awaits_people, promise.precision) == ("feed", False, "day")
    assert set(promise.reservations.values_list("pool", "amount")) == {(parcels.pk, 1), (box.pk, 2)}
    assert list(Fact.objects.values_list("label", "value", "told")) == [("Ordrenummer", "1042", False)]
    assert list(Article.objects.values_list("sku", "quantity", "price")) == [
        ("BOX 12", 2, Decimal("129.00")),
        ("lid", 1, None),
    ]
    assert Event.objects.get(kind="OrderPlaced").payload == {"order_id": placed.pk, "promise_id": promise.pk}
    assert not Message.objects.exists()


def test_who_is_known_is_known_again(shop: Shop) -> None:
    shop.parcels(9)
    known = shop.desk.writes("Hej").conversation.customer
    shop.places(email="HENRIK@post.example")
    assert Customer.objects.get() == known


def test_what_can_not_be_kept_is_refused_and_nothing_is_written(shop: Shop) -> None:
    shop.parcels(9, 9, 9)
    shop.stock("box", 0, 0, 1)
    with pytest.raises(NoCapacity) as refused:
        shop.places(promised_on=shop.day(1))
    assert refused.value.earliest is not None
    assert refused.value.earliest.due_at == moment(shop.day(2))
    written = [model.objects.count() for model in (Order, Conversation, Promise, Customer, PromisedWork, Event)]
    assert written == [0, 0, 0, 0, 0, 2]  # the events are those of the pools
    assert shop.places(promised_on=shop.day(1), accept_later=True).event.due_at == moment(shop.day(2))
    with pytest.raises(NoCapacity) as refused:
        shop.places("1043", accept_later=True)
    assert refused.value.earliest is None


def test_the_earliest_day_is_told_without_an_order(shop: Shop, clock: MovableClock) -> None:
    assert earliest_delivery(shop.desk.inbox, [Line("box", 1)], now=clock.now()) is None
    shop.parcels(9, 9, 9)
    shop.stock("box", 1, 0, 4)
    found = earliest_delivery(shop.desk.inbox, [Line("box", 3)], now=clock.now())
    assert found is not None
    assert found.due_at == moment(shop.day(2))


def test_told_twice_an_order_is_one_order(shop: Shop) -> None:
    shop.parcels(9)
    first, again = shop.places(), shop.places()
    assert (first.is_new, again.is_new) == (True, False)
    assert (again.order, again.event) == (first.order, first.event)
    assert (again.event.due_at, again.event.state) == (first.event.due_at, "placed")
    with pytest.raises(SaidOtherwise):
        shop.places(lines=(Line("box", 2),))
    assert Promise.objects.count() == 1
    assert PromisedWork.objects.get().amount == 1


def test_an_order_number_belongs_to_its_inbox(shop: Shop, clock: MovableClock) -> None:
    from tests.factories import small_desk
    from tests.orders.conftest import placement

    shop.parcels(9)
    shop.places()
    other = actions.place(small_desk().inbox, placement(email="anna@post.example"), now=clock.now())
    assert other.is_new


def test_without_pools_the_shop_has_to_say_by_when(shop: Shop) -> None:
    with pytest.raises(NoDate):
        shop.places()
    assert shop.places(promised_on=shop.day(3)).event.due_at == moment(shop.day(3))
    with pytest.raises(NoTime):
        shop.places("1043", promised_on=shop.day(-1))


def test_what_is_delivered_in_time_is_kept_and_has_left_the_stock(shop: Shop) -> None:
    shop.parcels(1)
    shop.stock("box", 1)
    order = shop.places().order
    assert shop.says(order, SHIPPED).event.state == "shipped"
    receipt = shop.says(order, DELIVERED)
    assert (receipt.event.state, receipt.order.state) == ("delivered", "delivered")
    assert (Promise.objects.get().state, Pool.objects.get(key="box").spent) == ("kept", 1)
    assert shop.says(order, SHIPPED, "parcel-2").event.state == "delivered"  # heard late
    assert not Message.objects.filter(kind="outbound").exists()


def test_what_came_in_time_is_kept_even_when_we_hear_late(shop: Shop, clock: MovableClock) -> None:
    shop.parcels(1)
    order = shop.places().order
    clock.moves_to(moment(shop.day(1), 0, 30))
    shop.says(order, DELIVERED, at=moment(shop.day(0), 18))
    assert Promise.objects.get().state == "kept"


def test_what_came_too_late_is_broken_and_said_so(shop: Shop, clock: MovableClock) -> None:
    shop.parcels(1)
    order = shop.places().order
    clock.moves_to(moment(shop.day(1), 8))
    shop.says(order, DELIVERED)
    broken = Promise.objects.get(kind="delivery")
    assert (broken.state, broken.reason, Recovery.objects.get().promise) == ("broken", "late", broken)
    assert letter().startswith("Din ordre 1042 kom senere, end vi havde lovet.")


def test_a_delay_moves_the_promise_and_its_first_line_says_why(shop: Shop, clock: MovableClock) -> None:
    shop.parcels(9, 9, 1)
    order = shop.places(promised_on=shop.day(0)).order
    receipt = shop.says(order, DELAYED, reason="lageret er under vand", new_date=shop.day(2))
    promise = Promise.objects.get()
    assert (promise.state, promise.due_at, receipt.event.due_at) == ("moved", moment(shop.day(2)), promise.due_at)
    first = letter().splitlines()[0]
    assert first == "Din ordre 1042 kommer senere, end vi lovede: lageret er under vand."
    assert "onsdag" in letter()
    moved = Move.objects.get()
    assert (moved.automatic, moved.by, moved.choices[0]) == (False, None, "keep")
    shop.desk.sends_all()
    moved.refresh_from_db()
    assert moved.told_at is not None
    again = shop.says(order, DELAYED, "delayed-2", reason="bilen er gået i stykker")  # a second time, the first date
    assert again.event.due_at == moment(shop.day(3))
    assert Move.objects.count() == 2


def test_a_delay_to_a_full_day_is_refused_with_the_first_that_holds(shop: Shop) -> None:
    shop.parcels(9, 9, 9, 9)
    shop.stock("box", 1, 0, 0, 1)
    shop.places("1041", promised_on=shop.day(0))
    order = shop.places("1042", promised_on=shop.day(3)).order
    with pytest.raises(NotLater):
        shop.says(order, DELAYED, reason="regn", new_date=shop.day(2))
    assert not OrderEvent.objects.filter(kind="delayed").exists()
    assert Promise.objects.filter(state="open").count() == 2


def test_nobody_hears_of_a_delay_or_a_cancellation_without_why(shop: Shop) -> None:
    shop.parcels(9)
    order = shop.places().order
    for kind, more, lacking in [
        (DELAYED, {}, ["reason"]),
        (CANCELLED, {"reason": "  "}, ["reason"]),
        (CANCELLED, {"by": None}, ["by", "reason"]),
    ]:
        with pytest.raises(SaysTooLittle) as refused:
            shop.says(order, kind, **more)
        assert refused.value.fields == lacking
    assert Promise.objects.get().state == "open"
    assert OrderEvent.objects.count() == 1


def test_a_cancellation_by_the_shop_breaks_the_promise_and_says_why_first(shop: Shop, clock: MovableClock) -> None:
    shop.parcels(1)
    shop.stock("box", 1)
    order = shop.places().order
    receipt = shop.says(order, CANCELLED, reason="Boksen er udgået!")
    broken = Promise.objects.get(kind="delivery")
    assert (broken.state, broken.reason, receipt.event.state) == ("broken", "cancelled", "cancelled")
    assert receipt.event.due_at is None
    assert Recovery.objects.get().promise == broken
    answer = running_answer(order.conversation)
    assert answer is not None
    assert answer.follows == broken
    assert letter().splitlines()[0] == "Din ordre 1042 er annulleret: Boksen er udgået!"
    assert Message.objects.get(kind="outbound").subject == "Din ordre 1042"
    assert not PromisedWork.objects.exclude(pool__kind="minutes").exists()  # the box can be promised to another
    for kind in (SHIPPED, DELIVERED, DELAYED):
        with pytest.raises(NotPossible) as refused:
            shop.says(order, kind, "later", reason="x")
        assert refused.value.state == "cancelled"


def test_a_cancellation_by_the_customer_lets_the_promise_go(shop: Shop) -> None:
    shop.parcels(1)
    order = shop.places().order
    shop.says(order, CANCELLED, by=CancelledBy.CUSTOMER)
    assert Promise.objects.get().state == "released"
    assert not Recovery.objects.exists()
    assert letter().splitlines()[0] == "Din ordre 1042 er annulleret, fordi du bad om det."


def test_told_twice_an_event_happens_once(shop: Shop) -> None:
    shop.parcels(1)
    order = shop.places().order
    first = shop.says(order, CANCELLED, "e-7", reason="udsolgt", at=order.placed_at)
    again = shop.says(order, CANCELLED, "e-7", reason="udsolgt", at=order.placed_at)
    assert (first.is_new, again.is_new, again.event) == (True, False, first.event)
    assert again.event.state == "cancelled"
    assert Message.objects.filter(kind="outbound").count() == 1
    with pytest.raises(SaidOtherwise):
        shop.says(order, CANCELLED, "e-7", reason="alligevel ikke", at=order.placed_at)


def test_what_can_not_have_happened_yet_is_refused(shop: Shop, clock: MovableClock) -> None:
    shop.parcels(1)
    with pytest.raises(InTheFuture):
        shop.places(placed_at=clock.now() + timedelta(minutes=6))
    order = shop.places(placed_at=clock.now() + timedelta(minutes=4)).order
    with pytest.raises(InTheFuture):
        shop.says(order, DELIVERED, at=clock.now() + timedelta(hours=1))


def test_a_delay_after_a_broken_promise_promises_anew(shop: Shop, clock: MovableClock) -> None:
    shop.parcels(1, 1, 1, 1)
    order = shop.places().order
    clock.moves_to(moment(shop.day(1), 8))
    Promise.objects.update(next_look_at=clock.now(), state="open")
    break_promise(Promise.objects.get(), now=clock.now())
    shop.says(order, DELAYED, reason="sne", new_date=shop.day(3))
    states = list(Promise.objects.filter(kind="delivery").order_by("pk").values_list("state", "due_at"))
    assert states == [("broken", moment(shop.day(0))), ("open", moment(shop.day(3)))]
    assert Order.objects.get().promise.state == "open"
    assert letter().startswith("Din ordre 1042 kommer senere")


def test_what_the_customer_let_go_is_not_promised_again(shop: Shop, clock: MovableClock) -> None:
    shop.parcels(9, 9)
    order = shop.places().order
    release(Promise.objects.get(), evidence=None, now=clock.now())
    with pytest.raises(NotPossible) as refused:
        shop.says(order, DELAYED, reason="sne", new_date=shop.day(1))
    assert refused.value.state == "released"
    assert shop.says(order, DELIVERED).event.state == "delivered"
    assert Promise.objects.get().state == "released"


def test_a_parcel_that_nobody_heard_of_is_told_late_by_the_clock(shop: Shop, clock: MovableClock) -> None:
    shop.parcels(1, 1)
    shop.places(promised_on=shop.day(0))
    clock.moves_to(moment(shop.day(0), 16, 40))
    while jobs.tick(now=clock.now()):
        pass
    assert Promise.objects.get().state == "moved"
    assert "Din ordre 1042 kommer" in letter()


def test_the_letters_are_not_sought(shop: Shop) -> None:
    shop.parcels(1)
    shop.says(shop.places().order, CANCELLED, reason="udsolgt")
    assert find("udsolgt", team_ids=[shop.desk.team.pk]) == []
