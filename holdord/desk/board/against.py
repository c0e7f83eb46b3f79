"""Replies that went out against the guard: whose, why, and where to read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from holdord.conversations.models import SentAnyway
from holdord.desk.guarding import title_of
from holdord.listening.guard import Slip
from holdord.web.addresses import address
from holdord.web.times import Times

SHOWN = 8
_LATELY = timedelta(days=7)


@dataclass(slots=True)
class AgainstRow:
    """One reply that the guard would have stopped."""

    what: str
    by: str
    when: str
    reason: str
    href: str


def sent_against(team_ids: Sequence[int], times: Times) -> list[AgainstRow]:
    """The replies of these teams' last seven days that a person sent with a reason, newest first."""
    since: datetime = times.now - _LATELY
    rows = (
        SentAnyway.objects.filter(message__conversation__team__in=team_ids, at__gte=since)
        .exclude(message__outgoing__state="undone")
        .order_by("-at")
        .values_list("slips", "by__name", "at", "reason", "message_id", "message__conversation_id")[:SHOWN]
    )
    return [
        AgainstRow(
            what=", ".join(title_of(Slip(slip)) for slip in slips),
            by=name,
            when=times.when(at),
            reason=reason,
            href=f"{address('desk:conversation', number)}?message={message}#message-{message}",
        )
        for slips, name, at, reason, message, number in rows
    ]
