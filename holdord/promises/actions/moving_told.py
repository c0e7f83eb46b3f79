"""A person moves a promise and tells the customer, in one step."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from holdord.conversations.actions import reply
from holdord.conversations.models import Conversation, Message
from holdord.people.models import Agent
from holdord.promises import rules
from holdord.promises.actions.giving import NotAllowed, NoTime
from holdord.promises.actions.moving import move, write_move
from holdord.promises.actions.reserving import give_back_all, reserve_all_at
from holdord.promises.actions.settling import AlreadySettled, claim
from holdord.promises.models import Move, Promise
from holdord.promises.queries import terms_of
from holdord.promises.rules import Choice, Kind, choices_for
from holdord.promises.rules.terms import Time


@transaction.atomic
def move_with_letter(
    promise: Promise, time: Time, *, reason: str, text: str, by: Agent, now: datetime, override_reason: str = ""
) -> Move:
    """Give a promise another time, and send the letter `text` that tells of it: a reply that is not the answer.

    The letter leaves when it can no longer be undone; undone, the old time counts again. A lead with an
    `override_reason` may move to a time that the pools have no room for. Raises NoCapacity with the earliest time that
    holds, NotAllowed, NoTime for a time that is not later than now or the first one, or is no new one, AlreadySettled
    for a promise whose time has passed, NoAddress, NothingToSend, PoolIsBusy.
    """
    if now >= promise.due_at:
        raise AlreadySettled(promise.pk)
    if time.due_at <= now or time.due_at <= promise.first_due_at or time.due_at == promise.due_at:
        raise NoTime
    conversation = Conversation.objects.select_related("inbox", "customer").get(pk=promise.conversation_id)
    seen = Message.objects.filter(conversation=conversation).order_by("-pk").first()
    window = timedelta(seconds=settings.UNDO_SECONDS)
    not_before = rules.undo_until(now=now, window=window, due_at=promise.due_at)
    letter = reply(conversation, by=by, text=text, seen=seen, not_before=not_before, now=now, is_answer=False)
    if override_reason:
        return _against_the_pools(
            promise, time, reason=reason, by=by, letter=letter, override_reason=override_reason, now=now
        )
    return move(promise, to=time.due_at, earliest_at=time.earliest_at, reason=reason, by=by, told_by=letter, now=now)


def _against_the_pools(
    promise: Promise, time: Time, *, reason: str, by: Agent, letter: Message, override_reason: str, now: datetime
) -> Move:
    if not by.leads:
        raise NotAllowed
    claim(promise)
    terms = terms_of(promise)
    give_back_all(promise)
    reserve_all_at(terms, time, team_id=promise.team_id)
    choices: list[Choice] = choices_for(Kind(promise.kind))
    return write_move(
        promise, time, reason=reason, by=by, told_by=letter, choices=choices, now=now, override_reason=override_reason
    )
