"""Holding a conversation still while what belongs to it is changed."""

from django.db import connection

from holdord.conversations.models import Conversation
from holdord.history.rows import LookUp


def hold(conversation_id: int) -> None:
    """Hold a conversation until the transaction ends: whoever holds it next sees what was done. Where one writes at a
    time (SQLite) there is nothing to hold. With `no_key`, for its key never changes: whoever only refers to it need not
    wait.
    """
    if connection.features.has_select_for_update:
        _HELD.raw(conversation_id)


_HELD = LookUp(lambda key: Conversation.objects.select_for_update(no_key=True).filter(pk=key).values_list("pk"), int)
