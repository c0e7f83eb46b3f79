"""The customer decides, on the case page."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import get_language

from holdord.conversations.models import Conversation
from holdord.history.actions import announce
from holdord.kernel.working_time import round_up
from holdord.people.actions import add_phone
from holdord.people.queries import calendar_of
from holdord.people.rules import spaced_number
from holdord.promises import wording
from holdord.promises.actions.giving import Given, NoCapacity, NoTime, give
from holdord.promises.actions.holding import held_promise
from holdord.promises.actions.moving import write_move
from holdord.promises.actions.reserving import give_back_all, holds, reserve_all
from holdord.promises.actions.settling import release
from holdord.promises.events import AlternativeChosen
from holdord.promises.models import Move, Promise
from holdord.promises.queries import refund_terms, terms_of
from holdord.promises.rules import RUNNING, Choice, Kind, Source
from holdord.promises.rules.terms import Terms, Time


class AlreadyChosen(Exception):
    """The customer chose before, or there is nothing to choose any more."""


class NotOffered(Exception):
    """This was not among the alternatives."""


@transaction.atomic
def choose(moved: Move, choice: Choice, *, now: datetime, to: datetime | None = None) -> None:
    """The customer chooses what shall become of a late promise: keep the new time, another one (`to`, its due time or
    where its window begins), the money back, or let it go.

    Raises NotOffered, AlreadyChosen, and NoCapacity when another took that time meanwhile.
    """
    if choice not in moved.choices or (choice is Choice.OTHER_TIME and to is None):
        raise NotOffered
    promise = held_promise(moved.promise_id)
    is_as_it_was = promise.state in RUNNING and promise.due_at == moved.new_due_at
    chosen = Move.objects.filter(pk=moved.pk, chosen="")
    if not is_as_it_was or not chosen.update(chosen=choice.value, chosen_at=now):
        raise AlreadyChosen
    if choice is Choice.OTHER_TIME:
        assert to is not None
        _to(promise, to, now=now)
    elif choice is not Choice.KEEP:
        release(promise, evidence=None, now=now)
    if choice is Choice.MONEY_BACK:
        _promise_the_money(promise, now=now)
    announce(
        AlternativeChosen(at=now, conversation_id=promise.conversation_id, promise_id=promise.pk, choice=choice.value)
    )


def _to(promise: Promise, to: datetime, *, now: datetime) -> None:
    terms = terms_of(promise)
    give_back_all(promise)
    calendar = calendar_of(promise.conversation.inbox)
    time: Time | None = Time(round_up(to))
    if terms.work or terms.places:
        time = reserve_all(terms, to, team_id=promise.team_id, calendar=calendar, now=now, only_then=True)
    if time is None or not holds(time, to):
        raise NoCapacity(time)
    if time.due_at <= max(promise.due_at, now):
        raise NotOffered
    reason = wording.CUSTOMERS_CHOICE
    write_move(promise, time, reason=reason, by=None, told_by=None, choices=[], now=now, by_customer=True)


def _promise_the_money(promise: Promise, *, now: datetime) -> None:
    conversation = promise.conversation
    given, terms = Given(source=Source.CUSTOMER), refund_terms(conversation, for_what=promise.what, now=now)
    try:
        with transaction.atomic():
            give(conversation, terms, given, now=now)
    except NoCapacity as full:
        later = full.earliest.due_at if full.earliest else terms.due_at
        give(conversation, replace(terms, due_at=later, work=timedelta()), given, now=now)


@transaction.atomic
def choose_slot(conversation: Conversation, pool_id: int, starts_at: datetime, *, phone: str, now: datetime) -> Promise:
    """The customer picks a time to be called back at, on the number they give.

    Raises NoCapacity, with the next slot that is free, when another took it meanwhile; NotAnAddress; NoTime.
    """
    reads = get_language() or conversation.language
    number = add_phone(conversation.customer, phone, inbox=conversation.inbox, language=reads, now=now)
    if starts_at <= now:
        raise NoTime
    terms = Terms(
        kind=Kind.CALLBACK,
        what=wording.call_on(spaced_number(number), language=conversation.language),
        earliest_at=starts_at,
        places=((pool_id, 1),),
    )
    return give(conversation, terms, Given(source=Source.CUSTOMER), now=now)
