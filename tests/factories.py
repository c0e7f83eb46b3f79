"""A small desk for tests: one team, one inbox, people with names, and customers who write."""

from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import count
from typing import Any

from holdord.conversations import actions
from holdord.conversations.models import Channel, Conversation, Message, Outgoing, OutgoingState
from holdord.conversations.rules import Incoming
from holdord.kernel import clock
from holdord.people.administration import InboxTerms, open_inbox
from holdord.people.models import Agent, Inbox, Membership, Role, Team
from holdord.promises.models import Pledge

WEEKDAYS_NINE_TO_FIVE = [(weekday, time(9), time(17)) for weekday in range(5)]
_numbers = count(1)


@dataclass
class SmallDesk:
    """One inbox with its team. Hanne leads, Jonas and Maja answer."""

    inbox: Inbox
    team: Team
    people: dict[str, Agent] = field(default_factory=dict)

    def agent(self, name: str, role: str = Role.AGENT, *, member: bool = True, language: str = "en") -> Agent:
        if name not in self.people:
            agent = Agent.objects.create_user(
                f"{name.lower()}@{self.inbox.slug}.example", "pw-for-tests-1", name=name, role=role
            )
            agent.language = language
            agent.save()
            self.people[name] = agent
            if member:
                Membership.objects.create(agent=agent, team=self.team)
        return self.people[name]

    def writes(self, text: str, *, by: str = "henrik@post.example", **more: Any) -> Message:
        """A customer writes, as the intake would hand it over."""
        fields = {
            "inbox": self.inbox,
            "channel": Channel.EMAIL,
            "address_kind": "email",
            "address": by,
            "name": by.partition("@")[0].capitalize(),
            "subject": "Boksen",
            "text": text,
            "reply_text": text,
            "at": clock.now(),
            "message_id": f"{next(_numbers)}@post.example",
            "body_hash": "a" * 64,
        }
        return actions.receive(Incoming(**{**fields, **more}), now=clock.now())

    def sends_all(self, *, at: datetime | None = None) -> list[Message]:
        """Every queued message whose time has come is accepted by the mail server."""
        now = at or clock.now()
        sent = []
        for outgoing in Outgoing.objects.filter(state=OutgoingState.QUEUED, not_before__lte=now).order_by("pk"):
            if actions.claim(outgoing, message_id=f"{outgoing.pk}@desk.example", now=now):
                actions.accepted(outgoing, now=now)
                sent.append(outgoing.message)
        return sent


def small_desk(
    *, country: str = "DK", zone: str = "Europe/Copenhagen", pledge_hours: int = 4, **more: Any
) -> SmallDesk:
    """A desk that answers within four working hours, weekdays nine to five, with one agent, Jonas, led by Hanne."""
    team = Team.objects.create(name=f"Team {next(_numbers)}")
    terms = InboxTerms(
        name="Lysbro",
        address=f"hej{next(_numbers)}@lysbro.example",
        language="da",
        time_zone=zone,
        country=country,
        subdivision="",
        hours=WEEKDAYS_NINE_TO_FIVE,
    )
    inbox = open_inbox(terms, team=team, now=clock.now())
    desk = SmallDesk(inbox, team)
    Pledge.objects.create(inbox=inbox, within_minutes=pledge_hours * 60, work_minutes=more.get("work_minutes", 10))
    team.lead = desk.agent("Hanne", Role.LEAD, member=False)
    team.save()
    desk.agent("Jonas")
    return desk


def fresh(conversation: Conversation) -> Conversation:
    """The conversation as the database has it now."""
    return Conversation.objects.select_related("inbox", "customer", "owner", "team").get(pk=conversation.pk)
