"""Holding still what a transaction is about to change, so that no two wait for each other for good.

Where a database lets several write at once (PostgreSQL) everybody locks in the same order: the conversation, its
promises by their keys, counted pools by their keys, minutes by the keys of theirs. A transaction that touches one
promise gets there by itself; one that touches several holds them all first. Where one writes at a time (SQLite) there
is nothing to hold.
"""

from django.db import connection

from holdord.conversations.models import Conversation
from holdord.history.finding import Find
from holdord.history.rows import LookUp
from holdord.promises.models import Pool, Promise, Reservation
from holdord.promises.rules import RUNNING, PoolKind, State


def hold_conversation(conversation_id: int) -> None:
    """Hold a conversation, before one of its promises is changed."""
    if connection.features.has_select_for_update:
        _CONVERSATION.raw(conversation_id)


def held_promise(promise_id: int) -> Promise:
    """A promise as it is now, held with its conversation until the transaction ends."""
    if connection.features.has_select_for_update:
        for (conversation_id,) in _CONVERSATION_OF.raw(promise_id):
            hold_conversation(conversation_id)
        # By itself: a row that is locked and joined vanishes when another changed the key it is joined by.
        _PROMISE.raw(promise_id)
    found = _AS_IT_IS.first(promise_id)
    if found is None:
        raise Promise.DoesNotExist(promise_id)
    return found


_CONVERSATION = LookUp(
    lambda key: Conversation.objects.select_for_update(no_key=True).filter(pk=key).values_list("pk"), int
)
_CONVERSATION_OF = LookUp(lambda key: Promise.objects.filter(pk=key).values_list("conversation"), int)
_PROMISE = LookUp(lambda key: Promise.objects.select_for_update().filter(pk=key).values_list("pk"), int)
_AS_IT_IS = Find(
    lambda key: Promise.objects.filter(pk=key).select_related(
        "conversation__inbox", "conversation__customer", "team", "unfit_in"
    ),
    int,
)


def hold_all_of(conversation_id: int, *, also_team: int | None = None) -> None:
    """Hold a conversation, what is promised in it or stands in a reply, and the pools of that; `also_team` is one whose
    minutes are needed too.
    """
    if not connection.features.has_select_for_update:
        return
    hold_conversation(conversation_id)
    alive = Promise.objects.filter(conversation=conversation_id, state__in=[*RUNNING, State.DRAFT])
    rows = list(alive.order_by("pk").select_for_update().values_list("pk", "team"))
    drawn_on = Reservation.objects.filter(promise__in=[pk for pk, _ in rows]).values("pool")
    teams = {team for _, team in rows} | ({also_team} if also_team else set())
    _hold_pools(pk__in=drawn_on)
    _hold_pools(kind=PoolKind.MINUTES, team__in=teams)


def _hold_pools(**which: object) -> None:
    list(Pool.objects.filter(**which).order_by("pk").select_for_update().values_list("pk", flat=True))
