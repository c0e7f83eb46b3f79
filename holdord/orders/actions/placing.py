"""An order is placed."""

from datetime import datetime

from django.db import transaction

from holdord.conversations.models import Channel, Conversation, Fact, Participant, Status
from holdord.conversations.rules import language_of
from holdord.history.actions import announce
from holdord.orders import wording
from holdord.orders.actions.receipts import InTheFuture, Receipt, SaidOtherwise
from holdord.orders.events import OrderPlaced
from holdord.orders.models import Article, Order, OrderEvent
from holdord.orders.queries import delivery_terms, order_of
from holdord.orders.rules import EventKind, OrderState, Placement, fingerprint, in_the_future
from holdord.people.actions import recognise
from holdord.people.models import Identity, IdentityKind, Inbox
from holdord.people.queries import calendar_of
from holdord.promises import wording as promise_words
from holdord.promises.actions import Given, NoCapacity, PoolIsBusy, give
from holdord.promises.models import Promise
from holdord.promises.queries import end_of_day
from holdord.promises.rules import Source
from holdord.promises.rules.terms import Terms


class NoDate(Exception):
    """Nothing counts what can be delivered, so that the shop has to say by when."""


class _ToldMeanwhile(Exception):
    """Another told us of the same order at the same moment, and was first."""


def place(inbox: Inbox, placement: Placement, *, now: datetime) -> Receipt:
    """Take an order: find or make the customer, open a conversation of its own, and promise the delivery by the day,
    checked against what can be sent and what is in stock. All of it or nothing.

    Raises NoCapacity with the earliest time that holds, unless the shop accepts a later one; NoDate, NoTime when the
    date is over, InTheFuture, SaidOtherwise when this number was told before with other words, PoolIsBusy.
    """
    if in_the_future(placement.placed_at, now=now):
        raise InTheFuture
    body_hash = fingerprint(placement)
    before = _told_before(inbox, placement.number, body_hash)
    if before is not None:
        return before
    try:
        with transaction.atomic():
            return _place(inbox, placement, body_hash=body_hash, now=now)
    except _ToldMeanwhile:
        told = _told_before(inbox, placement.number, body_hash)
        assert told is not None
        return told


def _told_before(inbox: Inbox, number: str, body_hash: str) -> Receipt | None:
    order = order_of(inbox, number)
    if order is None:
        return None
    placed = OrderEvent.objects.get(order=order, kind=EventKind.PLACED.value)
    if placed.body_hash != body_hash:
        raise SaidOtherwise
    return Receipt(order, placed, is_new=False)


def _place(inbox: Inbox, placement: Placement, *, body_hash: str, now: datetime) -> Receipt:
    identity = recognise(
        kind=IdentityKind.EMAIL,
        address=placement.email,
        name=placement.name,
        inbox=inbox,
        now=now,
        language=placement.language,
    )
    conversation = _open(inbox, identity, placement, now=now)
    promise = _promise(conversation, placement, now=now)
    order = Order.objects.create_unless_there(
        inbox=inbox,
        number=placement.number,
        identity=identity,
        conversation=conversation,
        promise=promise,
        placed_at=placement.placed_at or now,
        state=OrderState.PLACED.value,
    )
    if order is None:
        raise _ToldMeanwhile
    for line in placement.lines:
        Article.objects.create(order=order, sku=line.sku, name=line.name, quantity=line.quantity, price=line.price)
    event = OrderEvent.objects.create(
        order=order,
        key=placement.event,
        kind=EventKind.PLACED.value,
        at=placement.placed_at or now,
        heard_at=now,
        body_hash=body_hash,
        state=order.state,
        due_at=promise.due_at,
    )
    announce(OrderPlaced(at=now, conversation_id=conversation.pk, order_id=order.pk, promise_id=promise.pk))
    return Receipt(order, event, is_new=True)


def _open(inbox: Inbox, identity: Identity, placement: Placement, *, now: datetime) -> Conversation:
    language = language_of(
        customer=identity.customer.language, form=placement.language, detected="", inbox=inbox.language
    )
    conversation = Conversation.objects.create(
        inbox=inbox,
        team_id=inbox.team_id,
        customer=identity.customer,
        subject=wording.subject(placement.number, language=language),
        language=language,
        # Nobody wrote: what the customer gets of it, and answers to, is mail.
        channel=Channel.EMAIL.value,
        status=Status.WAITING.value,
        opened_at=now,
        changed_at=now,
    )
    Participant.objects.create(conversation=conversation, identity=identity, is_customer=True, joined_at=now)
    Fact.objects.create(
        conversation=conversation,
        label=wording.number_label(language=language),
        value=placement.number,
        told=False,
        at=placement.placed_at or now,
    )
    return conversation


def _promise(conversation: Conversation, placement: Placement, *, now: datetime) -> Promise:
    calendar = calendar_of(conversation.inbox)
    due_at = end_of_day(placement.promised_on, calendar) if placement.promised_on else None
    what = promise_words.delivery(placement.number, language=conversation.language)
    terms = delivery_terms(conversation.team_id, placement.lines, what=what, due_at=due_at)
    if due_at is None and not terms.places:
        raise NoDate
    return give_delivery(conversation, terms, accept_later=placement.accept_later, now=now)


_TRIES = 5


def give_delivery(conversation: Conversation, terms: Terms, *, accept_later: bool, now: datetime) -> Promise:
    """Promise a delivery; with `accept_later` the first day that holds when the one asked for is full.

    Raises NoCapacity, NoTime, PoolIsBusy.
    """
    given = Given(source=Source.FEED, awaits_people=False)
    for _ in range(_TRIES):
        try:
            return give(conversation, terms, given, now=now)
        except NoCapacity as full:
            if not accept_later or full.earliest is None:
                raise
            terms = terms.at(full.earliest.due_at, None)
    raise PoolIsBusy(conversation.team_id)
