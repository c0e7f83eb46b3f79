"""Who answers for a conversation, and whether it is in sight."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from holdord.conversations.actions.writing import NothingToSend, note
from holdord.conversations.events import (
    CaseLinkReplaced,
    ConversationHandedOver,
    ConversationSnoozed,
    ConversationTaken,
    ConversationWoken,
)
from holdord.conversations.models import Conversation, HandOver, Participant, Snooze, Status
from holdord.history.actions import announce
from holdord.people.models import Agent, Team


class TakenByAnother(Exception):
    """Somebody else took it first; `owner` is who."""

    def __init__(self, owner: Agent) -> None:
        super().__init__(owner.pk)
        self.owner = owner


class NotLater(Exception):
    """A conversation can only be snoozed until a later time."""


@transaction.atomic
def take(conversation: Conversation, *, by: Agent, now: datetime) -> None:
    """Answer for a conversation from now on. Two at once: the first has it. Raises TakenByAnother."""
    if not Conversation.objects.filter(pk=conversation.pk, owner__isnull=True).update(
        owner=by, owned_since=now, changed_at=now
    ):
        owner = Conversation.objects.select_related("owner").get(pk=conversation.pk).owner
        if owner is not None and owner != by:
            raise TakenByAnother(owner)
        return
    announce(ConversationTaken(at=now, conversation_id=conversation.pk, by_id=by.pk, owner_id=by.pk))


@transaction.atomic
def hand_over(
    conversation: Conversation, *, by: Agent, to_team: Team, to_agent: Agent | None, context: str, now: datetime
) -> HandOver:
    """Give a conversation to another team or person, with what they need to know. Raises NothingToSend without it."""
    if not context.strip():
        raise NothingToSend
    written = note(conversation, by=by, text=context, now=now)
    handed = HandOver.objects.create(
        conversation=conversation, by=by, at=now, to_team=to_team, to_agent=to_agent, note=written
    )
    Conversation.objects.filter(pk=conversation.pk).update(
        team=to_team, owner=to_agent, owned_since=now if to_agent else None, changed_at=now
    )
    announce(
        ConversationHandedOver(
            at=now,
            conversation_id=conversation.pk,
            by_id=by.pk,
            hand_over_id=handed.pk,
            from_team_id=conversation.team_id,
            to_team_id=to_team.pk,
            to_agent_id=to_agent.pk if to_agent else None,
        )
    )
    return handed


@transaction.atomic
def snooze(conversation: Conversation, *, by: Agent, until: datetime, now: datetime) -> None:
    """Put a conversation out of sight until a time. No clock stops by it. Raises NotLater."""
    if until <= now:
        raise NotLater
    changed = Conversation.objects.filter(
        pk=conversation.pk, status__in=[Status.OPEN, Status.WAITING, Status.SNOOZED]
    ).update(status=Status.SNOOZED, snoozed_until=until, changed_at=now)
    if changed:
        Snooze.objects.create(conversation=conversation, by=by, at=now, until=until)
        announce(ConversationSnoozed(at=now, conversation_id=conversation.pk, by_id=by.pk, until=until))


@transaction.atomic
def wake(conversation: Conversation, *, by: Agent | None, now: datetime) -> None:
    """Bring a snoozed conversation back, by hand or because its time has come."""
    if Conversation.objects.filter(pk=conversation.pk, status=Status.SNOOZED).update(
        status=Status.OPEN, snoozed_until=None, changed_at=now
    ):
        announce(ConversationWoken(at=now, conversation_id=conversation.pk, by_id=by.pk if by else None))


@transaction.atomic
def replace_case_link(participant: Participant, *, by: Agent | None, now: datetime) -> Participant:
    """Make every case link given so far to this participant worthless; the next mail carries the new one."""
    Participant.objects.filter(pk=participant.pk).update(epoch=F("epoch") + 1)
    participant.refresh_from_db()
    announce(
        CaseLinkReplaced(
            at=now,
            conversation_id=participant.conversation_id,
            by_id=by.pk if by else None,
            participant_id=participant.pk,
        )
    )
    return participant
