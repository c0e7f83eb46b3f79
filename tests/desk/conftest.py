"""A desk with three people: Alice owns the conversation, Bob is in her team, Charlie works elsewhere."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from django.test import Client

from holdord.conversations import actions
from holdord.conversations.models import Conversation, Message
from holdord.kernel import clock as the_clock
from holdord.people.models import Agent, Role, Team
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk


@dataclass
class Three:
    """The people and what they look at."""

    desk: SmallDesk
    alice: Agent
    bob: Agent
    charlie: Agent
    ada: Agent
    first: Message

    @property
    def conversation(self) -> Conversation:
        return Conversation.objects.get(pk=self.first.conversation_id)

    def browser(self, agent: Agent) -> Client:
        client = Client()
        client.force_login(agent)
        return client

    def answers(self, text: str = "Du får en ny boks i dag.", *, by: Agent | None = None) -> Message:
        now: datetime = the_clock.now()
        return actions.reply(
            self.conversation, by=by or self.alice, text=text, seen=self.first, not_before=now, now=now
        )


@pytest.fixture
def three(db: None, clock: MovableClock) -> Three:
    clock.moves_to("Mon 10:00")
    desk = small_desk()
    elsewhere = Team.objects.create(name="Elsewhere")
    alice, bob = desk.agent("Alice"), desk.agent("Bob")
    charlie = desk.agent("Charlie", member=False)
    charlie.teams.add(elsewhere)
    ada = desk.agent("Ada", Role.ADMINISTRATOR, member=False)
    first = desk.writes("Boksen kom i mandags, men den virker ikke.", subject="Boksen virker ikke", trust="verified")
    actions.take(first.conversation, by=alice, now=the_clock.now())
    return Three(desk, alice, bob, charlie, ada, first)
