"""Orders: the shop tells, and reads what became of them."""

from typing import Annotated

from ninja import Path, Query, Router, Status

from holdord.api.access import TokenRequest, TokenWith, inbox_for
from holdord.api.fields import Number, Quantity, Sku, Slug
from holdord.api.problems import not_there
from holdord.api.refusing import earliest_of, refused_as_problems
from holdord.api.rows import order_out, receipt_out
from holdord.api.schemas import INBOX, EarliestOut, EventIn, OrderIn, OrderOut, ReceiptOut, refusals
from holdord.kernel import clock
from holdord.orders import actions
from holdord.orders.models import Order
from holdord.orders.queries import earliest_delivery, order_of
from holdord.orders.rules import EventKind, Line, Placement, Said
from holdord.people.models import Inbox
from holdord.people.queries import calendar_of

router = Router(tags=["orders"])

NumberInPath = Annotated[Number, Path(description="The shop's order number.")]
InboxAsked = Annotated[Slug | None, Query(description=INBOX)]


@router.post("/orders", auth=TokenWith("orders:write"), response={201: ReceiptOut, **refusals(409, 503)})
def place(request: TokenRequest, told: OrderIn) -> Status[ReceiptOut]:
    """An order was placed. The delivery is promised if it can be kept; else nothing is written and `earliest` says
    which day holds. Told again with the same words, it is answered the same.
    """
    inbox = inbox_for(request.auth, told.inbox)
    with refused_as_problems(inbox, date_field="promised_on"):
        receipt = actions.place(inbox, _placement(told), now=clock.now())
    return Status(201, receipt_out(receipt.order, receipt.event))


def _placement(told: OrderIn) -> Placement:
    return Placement(
        number=told.number,
        email=told.customer.email,
        name=told.customer.name,
        language=told.customer.language.value if told.customer.language else "",
        lines=tuple(Line(line.sku, line.quantity, line.name, line.price) for line in told.articles),
        placed_at=told.placed_at,
        promised_on=told.promised_on,
        accept_later=told.accept_later,
        event=told.event,
    )


@router.post(
    "/orders/{number}/events", auth=TokenWith("orders:write"), response={201: ReceiptOut, **refusals(409, 503)}
)
def happen(request: TokenRequest, number: NumberInPath, told: EventIn, inbox: InboxAsked = None) -> Status[ReceiptOut]:
    """Something happened to an order. `delivered` keeps the promise; `delayed` moves it and writes to the customer;
    `cancelled` by the shop breaks it, which opens a recovery, and by the customer lets it go.
    """
    where = inbox_for(request.auth, inbox)
    order = _order(where, number)
    with refused_as_problems(where, date_field="new_date"):
        receipt = actions.happen(order, _said(told), now=clock.now())
    return Status(201, receipt_out(receipt.order, receipt.event))


def _said(told: EventIn) -> Said:
    return Said(
        event=told.event,
        kind=EventKind(told.kind.value),
        at=told.at,
        reason=told.reason,
        by=told.by,
        new_date=told.new_date,
        accept_later=told.accept_later,
    )


@router.get("/orders/{number}", auth=TokenWith("orders:read"), response={200: OrderOut, **refusals()})
def order(request: TokenRequest, number: NumberInPath, inbox: InboxAsked = None) -> OrderOut:
    """An order as it stands: its promise, its articles, what was told of it."""
    return order_out(_order(inbox_for(request.auth, inbox), number))


@router.get("/deliveries/earliest", auth=TokenWith("orders:read"), response={200: EarliestOut, **refusals()})
def earliest(
    request: TokenRequest,
    sku: Annotated[Sku, Query(description="The article.")],
    quantity: Annotated[Quantity, Query(description="How many of it.")] = 1,
    inbox: InboxAsked = None,
) -> dict[str, object]:
    """The first day on which a delivery can be promised: for the shop to show before somebody orders. It is no
    reservation.
    """
    where = inbox_for(request.auth, inbox)
    found = earliest_delivery(where, [Line(sku, quantity)], now=clock.now())
    return {"earliest": earliest_of(found, calendar_of(where))}


def _order(inbox: Inbox, number: str) -> Order:
    found = order_of(inbox, number)
    if found is None:
        raise not_there()
    return found
