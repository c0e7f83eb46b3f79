"""What happens to an order after it was placed."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from django.db import transaction

from holdord.conversations.actions import send_automatically
from holdord.conversations.case_links import customer_in, link_for
from holdord.conversations.models import Conversation, Message
from holdord.history.actions import announce
from holdord.orders import wording
from holdord.orders.actions.placing import give_delivery
from holdord.orders.actions.receipts import InTheFuture, Receipt, SaysTooLittle, known
from holdord.orders.events import OrderCancelled, OrderDelayed, OrderDelivered, OrderShipped
from holdord.orders.models import Order, OrderEvent
from holdord.orders.queries import delivery_terms
from holdord.orders.rules import (
    BECOMES,
    POSSIBLE,
    CancelledBy,
    EventKind,
    Line,
    OrderState,
    Said,
    fingerprint,
    in_the_future,
    missing,
)
from holdord.people.queries import calendar_of
from holdord.promises import actions as promises
from holdord.promises.models import Promise
from holdord.promises.queries import end_of_day, running_answer, stages_of
from holdord.promises.rules import RUNNING, State
from holdord.promises.rules.terms import Time


class NotPossible(Exception):
    """The order is not in a state in which this can happen; `state` is the one it is in."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class NotLater(Exception):
    """The new date of a delay is not later than the one that was promised."""


def happen(order: Order, said: Said, *, now: datetime) -> Receipt:
    """Write down what the shop tells of an order, and do what it means for the promise and the customer.

    Told twice it happens once, and is answered the same. Raises SaidOtherwise, SaysTooLittle, InTheFuture, NotPossible,
    for a delay also NotLater and NoCapacity with the earliest time that holds.
    """
    return _ACTS[said.kind](order, said, now=now)


@transaction.atomic
def ship(order: Order, said: Said, *, now: datetime) -> Receipt:
    """It left the shop: shown on the case page."""
    event, before = _write_down(order, said, now=now)
    if before is not None:
        return before
    if order.state == OrderState.PLACED:
        _becomes(order, OrderState.SHIPPED)
    announce(OrderShipped(at=now, conversation_id=order.conversation_id, order_id=order.pk))
    return _answered(order, event)


@transaction.atomic
def deliver(order: Order, said: Said, *, now: datetime) -> Receipt:
    """The customer has it: the promise is kept, or broken if it is too late."""
    event, before = _write_down(order, said, now=now)
    if before is not None:
        return before
    if order.state != OrderState.DELIVERED:
        _becomes(order, OrderState.DELIVERED)
        if order.promise.state in RUNNING:
            _keep_or_break(order, min(said.at or now, now), now=now)
        announce(OrderDelivered(at=now, conversation_id=order.conversation_id, order_id=order.pk))
    return _answered(order, event)


def _keep_or_break(order: Order, delivered_at: datetime, *, now: datetime) -> None:
    promise = order.promise
    if delivered_at < stages_of(promise, given_at=promise.given_at, now=now).breaks_at:
        promises.keep(promise, evidence=None, now=now)
        return
    promises.break_promise(promise, now=now, tell=False, reason="late")
    _write(
        order,
        wording.delivered_late_letter(
            number=order.number,
            answer_at=_answered_by(order),
            now=now,
            zone=order.inbox.time_zone,
            language=order.conversation.language,
        ),
        now=now,
    )


@transaction.atomic
def delay(order: Order, said: Said, *, now: datetime) -> Receipt:
    """It comes later: the promise is moved to the new date (without one, to the first that holds) and the customer is
    told why, with what they can choose instead. A promise that was broken already is followed by a new one.
    """
    event, before = _write_down(order, said, now=now)
    if before is not None:
        return before
    calendar = calendar_of(order.inbox)
    to = end_of_day(said.new_date, calendar) if said.new_date else None
    promise = order.promise
    if promise.state in RUNNING:
        _move(order, said, to, now=now)
    elif promise.state == State.BROKEN:
        promise = _promise_again(order, said, to, now=now)
    else:  # the customer let it go: nothing is owed that could come later
        raise NotPossible(promise.state)
    promise.refresh_from_db(fields=["due_at", "earliest_at", "state"])
    announce(OrderDelayed(at=now, conversation_id=order.conversation_id, order_id=order.pk, due_at=promise.due_at))
    return _answered(order, event)


def _move(order: Order, said: Said, to: datetime | None, *, now: datetime) -> None:
    def move_to(there: datetime | None) -> None:
        promises.move_and_tell(
            order.promise, to=there, reason=said.reason.strip(), now=now, write=_delay_letter(order, said, now=now)
        )

    try:
        with transaction.atomic():
            move_to(to)
    except promises.NoTime as early:
        raise NotLater from early
    except promises.NoCapacity as full:
        if not said.accept_later or full.earliest is None:
            raise
        move_to(full.earliest.due_at)


def _promise_again(order: Order, said: Said, to: datetime | None, *, now: datetime) -> Promise:
    lines = [Line(sku, quantity) for sku, quantity in order.articles.values_list("sku", "quantity")]
    terms = delivery_terms(order.promise.team_id, lines, what=order.promise.what, due_at=to)
    if to is not None and to <= now:
        raise NotLater
    if to is None and not terms.places:
        raise SaysTooLittle(["new_date"])
    promise = give_delivery(order.conversation, terms, accept_later=said.accept_later, now=now)
    Order.objects.filter(pk=order.pk).update(promise=promise)
    order.promise = promise
    _delay_letter(order, said, now=now)(Time(promise.due_at, promise.earliest_at))
    return promise


def _delay_letter(order: Order, said: Said, *, now: datetime) -> Callable[[Time], Message | None]:
    customer = customer_in(order.conversation)

    def write(time: Time) -> Message | None:
        text = wording.delayed_letter(
            number=order.number,
            reason=said.reason,
            time=time,
            precision=order.promise.precision,
            now=now,
            zone=order.inbox.time_zone,
            language=order.conversation.language,
            link=link_for(customer) if customer and order.promise.state in RUNNING else "",
        )
        return _write(order, text, now=now)

    return write


@transaction.atomic
def cancel(order: Order, said: Said, *, now: datetime) -> Receipt:
    """It does not come. By the shop: the promise is broken, which opens a recovery and owes an answer, and the customer
    hears why. By the customer: they let the promise go, and get that in writing.
    """
    event, before = _write_down(order, said, now=now)
    if before is not None:
        return before
    _becomes(order, OrderState.CANCELLED)
    by_customer = said.by is CancelledBy.CUSTOMER
    if by_customer:
        _let_go(order, now=now)
    else:
        _break(order, said, now=now)
    announce(OrderCancelled(at=now, conversation_id=order.conversation_id, order_id=order.pk, by_customer=by_customer))
    return _answered(order, event)


def _let_go(order: Order, *, now: datetime) -> None:
    with suppress(promises.AlreadySettled):
        promises.release(order.promise, evidence=None, now=now)
    _write(order, wording.cancellation_confirmed(number=order.number, language=order.conversation.language), now=now)


def _break(order: Order, said: Said, *, now: datetime) -> None:
    with suppress(promises.AlreadySettled):
        promises.break_promise(order.promise, now=now, tell=False, reason="cancelled")
    _write(
        order,
        wording.cancelled_letter(
            number=order.number,
            reason=said.reason,
            answer_at=_answered_by(order),
            now=now,
            zone=order.inbox.time_zone,
            language=order.conversation.language,
        ),
        now=now,
    )


_ACTS: dict[EventKind, Callable[..., Receipt]] = {
    EventKind.SHIPPED: ship,
    EventKind.DELIVERED: deliver,
    EventKind.DELAYED: delay,
    EventKind.CANCELLED: cancel,
}


def _write_down(order: Order, said: Said, *, now: datetime) -> tuple[OrderEvent, Receipt | None]:
    """The event as a row, and what was answered before if it is no news. The row is the claim: of two who tell the same
    at once, the second waits for it and finds it there.
    """
    lacking = missing(said)
    if lacking:
        raise SaysTooLittle(lacking)
    if in_the_future(said.at, now=now):
        raise InTheFuture
    body_hash = fingerprint(said)
    event = OrderEvent.objects.create_unless_there(
        order=order,
        key=said.event,
        kind=said.kind.value,
        at=said.at or now,
        heard_at=now,
        reason=" ".join(said.reason.split())[:300],
        by=said.by.value if said.by and said.kind is EventKind.CANCELLED else "",
        body_hash=body_hash,
    )
    if event is None:
        before = known(order, key=said.event, body_hash=body_hash)
        assert before is not None
        return before.event, before
    order.refresh_from_db(fields=["state", "promise"])
    if order.state not in POSSIBLE[said.kind]:
        raise NotPossible(order.state)
    return event, None


def _becomes(order: Order, state: OrderState) -> None:
    possible = [before.value for kind, after in BECOMES.items() if after is state for before in POSSIBLE[kind]]
    if not Order.objects.filter(pk=order.pk, state__in=possible).update(state=state.value):
        raise NotPossible(order.state)
    order.state = state.value


def _answered(order: Order, event: OrderEvent) -> Receipt:
    order.promise.refresh_from_db(fields=["due_at", "state"])
    event.state, event.due_at = order.state, _due(order.promise)
    OrderEvent.objects.filter(pk=event.pk).update(state=event.state, due_at=event.due_at)
    return Receipt(order, event, is_new=True)


def _due(promise: Promise) -> datetime | None:
    """When the customer has it by our word; None when no such word stands."""
    return promise.due_at if promise.state in RUNNING or promise.state == State.KEPT else None


def _answered_by(order: Order) -> datetime | None:
    answer = running_answer(Conversation(pk=order.conversation_id))
    return answer.due_at if answer else None


def _write(order: Order, text: str, *, now: datetime) -> Message | None:
    # `Re:` would answer a mail that nobody wrote.
    to = order.identity if order.identity.bounced_at is None else None
    return send_automatically(order.conversation, text=text, now=now, to=to, subject=order.conversation.subject)
