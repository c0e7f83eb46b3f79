"""What a lead should know of what was said: requests that had to be said again, replies sent against the guard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from holdord.conversations.models import Request, SentAnyway, Status
from holdord.conversations.models.request import RUNNING
from holdord.desk.guarding import title_of
from holdord.desk.places import message_address
from holdord.desk.request_rows import TWICE, request_words, said_words
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


@dataclass(slots=True)
class AgainRow:
    """A request that the customer had to say again."""

    what: str
    said: str
    customer: str
    since: str
    href: str


def said_again(team_ids: Sequence[int], times: Times) -> list[AgainRow]:
    """The running requests of these teams that were said twice and more, most often said first: no means no."""
    rows = (
        Request.objects.filter(conversation__team__in=team_ids, state__in=RUNNING, said__gte=TWICE)
        .exclude(conversation__status=Status.ERASED)
        .order_by("-said", "first_said_at")
        .values_list("kind", "said", "conversation__customer__name", "first_said_at", "conversation_id")[:SHOWN]
    )
    return [
        AgainRow(
            what=request_words(kind),
            said=said_words(said),
            customer=name or _("Somebody"),
            since=times.when(since),
            href=address("desk:conversation", number),
        )
        for kind, said, name, since, number in rows
    ]


def sent_against(team_ids: Sequence[int], times: Times) -> list[AgainstRow]:
    """The replies of these teams' last seven days that a person sent with a reason, newest first."""
    since: datetime = times.now - _LATELY
    rows = (
        SentAnyway.objects.filter(message__conversation__team__in=team_ids, at__gte=since)
        .exclude(message__outgoing__state="undone")
        .exclude(message__conversation__status=Status.ERASED)
        .order_by("-at")
        .values_list("slips", "by__name", "at", "reason", "message_id", "message__conversation_id")[:SHOWN]
    )
    return [
        AgainstRow(
            what=", ".join(title_of(Slip(slip)) for slip in slips),
            by=name,
            when=times.when(at),
            reason=reason,
            href=message_address(number, message),
        )
        for slips, name, at, reason, message, number in rows
    ]
