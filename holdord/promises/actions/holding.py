"""Holding still what a transaction is about to change, so that no two wait for each other for good.

Where a database lets several write at once (PostgreSQL) everybody locks in the same order: the conversation, its
promises by their keys, counted pools by their keys, minutes by the keys of theirs. A transaction that gives or touches
one promise gets there by itself; one that touches several holds them all first. Keys never change, so rows are held
with `no_key`: whoever only refers to one, as each commit does for the foreign keys it wrote, need not wait. Where one
writes at a time (SQLite) there is nothing to hold.
"""

from django.db import connection

from holdord.conversations.actions import hold
from holdord.conversations.models import Conversation
from holdord.history.finding import Find
from holdord.history.rows import LookUp
from holdord.promises.models import Pool, Promise, Reservation
from holdord.promises.rules import RUNNING, PoolKind, State


def hold_as_it_is(conversation: Conversation) -> None:
    """Hold a conversation in which something is promised, and let the caller's be as it is now: it may have been handed
    over since it was read, and what is promised follows its team and owner.
    """
    found = _BELONGS_TO.raw(conversation.pk)
    if not found:
        raise Conversation.DoesNotExist(conversation.pk)
    [(conversation.team_id, conversation.owner_id)] = found


def held_promise(promise_id: int) -> Promise:
    """A promise as it is now, held with its conversation until the transaction ends."""
    if connection.features.has_select_for_update:
        for (conversation_id,) in _CONVERSATION_OF.raw(promise_id):
            hold(conversation_id)
        # By itself: a row that is locked and joined vanishes when another changed the key it is joined by.
        _PROMISE.raw(promise_id)
    found = _AS_IT_IS.first(promise_id)
    if found is None:
        raise Promise.DoesNotExist(promise_id)
    return found


_BELONGS_TO = LookUp(
    lambda key: Conversation.objects.select_for_update(no_key=True).filter(pk=key).values_list("team", "owner"), int
)
_CONVERSATION_OF = LookUp(lambda key: Promise.objects.filter(pk=key).values_list("conversation"), int)
_PROMISE = LookUp(lambda key: Promise.objects.select_for_update(no_key=True).filter(pk=key).values_list("pk"), int)
_AS_IT_IS = Find(
    lambda key: Promise.objects.filter(pk=key).select_related(
        "conversation__inbox", "conversation__customer", "team", "unfit_in"
    ),
    int,
)


def hold_all_of(*conversation_ids: int) -> None:
    """Hold conversations, what runs in them or stands in a reply, and the pools of all that was ever promised in them
    and of their teams: before several promises are changed in one transaction.
    """
    if not connection.features.has_select_for_update:
        return
    for conversation_id in sorted(conversation_ids):
        hold(conversation_id)
    promised = Promise.objects.filter(conversation__in=conversation_ids)
    alive = promised.filter(state__in=[*RUNNING, State.DRAFT])
    list(alive.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    _hold_pools(pk__in=Reservation.objects.filter(promise__conversation__in=conversation_ids).values("pool"))
    in_teams = Conversation.objects.filter(pk__in=conversation_ids).values_list("team", flat=True)
    teams = {*in_teams, *promised.order_by().values_list("team", flat=True).distinct()}
    _hold_pools(kind=PoolKind.MINUTES, team__in=teams)


def _hold_pools(**which: object) -> None:
    list(Pool.objects.filter(**which).order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
