"""Rows of the database as they are answered."""

from datetime import date, datetime

from holdord.api.schemas import ArticleOut, Counted, OrderOut, PoolOut, PromiseOut, ReceiptOut
from holdord.kernel.moments import Precision
from holdord.orders.models import Order, OrderEvent
from holdord.orders.rules import OrderState
from holdord.people.models import Inbox
from holdord.people.queries import calendar_of
from holdord.promises.models import Pool, Promise
from holdord.promises.rules import Kind, State


def receipt_out(order: Order, event: OrderEvent) -> ReceiptOut:
    """One event, as it was answered first."""
    return ReceiptOut(
        number=order.number,
        event=event.key,
        kind=event.kind,
        at=event.at,
        state=OrderState(event.state),
        due_at=event.due_at,
        due_on=_day(event.due_at, order.inbox),
    )


def order_out(order: Order) -> OrderOut:
    """An order as it stands."""
    return OrderOut(
        number=order.number,
        inbox=order.inbox.slug,
        state=OrderState(order.state),
        placed_at=order.placed_at,
        conversation=order.conversation_id,
        promise=promise_out(order.promise),
        articles=[
            ArticleOut(
                sku=article.sku,
                name=article.name,
                quantity=article.quantity,
                price=None if article.price is None else f"{article.price:.2f}",
            )
            for article in order.articles.order_by("pk")
        ],
        events=[receipt_out(order, event) for event in order.events.order_by("pk")],
    )


def promise_out(promise: Promise) -> PromiseOut:
    """A promise; its conversation and inbox must be loaded."""
    by_day = promise.precision == Precision.DAY
    return PromiseOut(
        id=promise.pk,
        conversation=promise.conversation_id,
        kind=promise.kind,
        what=promise.what,
        state=State(promise.state),
        due_at=promise.due_at,
        due_on=_day(promise.due_at, promise.conversation.inbox) if by_day else None,
        first_due_at=promise.first_due_at,
        given_at=promise.given_at,
        settled_at=promise.settled_at,
    )


def pool_out(pool: Pool) -> PoolOut:
    """A pool; its team must be loaded."""
    return PoolOut(
        key=pool.key,
        name=pool.name,
        kind=Counted(pool.kind),
        serves=Kind(pool.serves).value,
        team=pool.team.name if pool.team else None,
    )


def _day(moment: datetime | None, inbox: Inbox) -> date | None:
    return calendar_of(inbox).local(moment).date() if moment else None
