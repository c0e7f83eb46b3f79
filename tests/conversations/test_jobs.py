"""The clock's rounds over conversations: one that stumbles keeps no other from its turn."""

from datetime import timedelta

import pytest

from holdord.conversations import actions, jobs
from holdord.conversations.models import Conversation
from holdord.kernel import clock as the_clock
from tests.conftest import MovableClock
from tests.factories import small_desk

pytestmark = pytest.mark.django_db


def test_a_conversation_that_can_not_be_woken_leaves_the_others_awake(
    clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, now = small_desk(), the_clock.now()
    first, second = (desk.writes(words).conversation for words in ("Hvor er boksen?", "Har I åbent?"))
    for hours, conversation in enumerate((first, second), start=1):
        actions.snooze(conversation, until=now + timedelta(hours=hours), by=desk.agent("Jonas"), now=now)
    wake = actions.wake

    def stumbles(conversation: Conversation, **more: object) -> None:
        if conversation.pk == first.pk:
            raise ValueError("no rule for this")
        wake(conversation, **more)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(actions, "wake", stumbles)
    clock.passes(hours=3)
    assert jobs.wake_snoozed() == 1
    assert dict(Conversation.objects.values_list("pk", "status")) == {first.pk: "snoozed", second.pk: "open"}
