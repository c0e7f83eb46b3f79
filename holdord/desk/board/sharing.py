"""The sheet on which a lead shares out what one agent can't do in time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from holdord.conversations import actions
from holdord.conversations.models import Conversation
from holdord.desk.board.loads import Carrier
from holdord.people.models import Agent
from holdord.promises.queries.board import Carried
from holdord.promises.rules import Piece, Taker, share_out
from holdord.routing import lists
from holdord.web.times import Times


@dataclass(slots=True)
class Choose:
    """One conversation: who could take it, and who is proposed."""

    number: int
    title: str
    lang: str
    customer: str
    due: str
    minutes: str
    takers: list[tuple[str, str]]
    proposed: str


def proposal(carrier: Carrier, carriers: Sequence[Carrier], work: Sequence[Carried], times: Times) -> list[Choose]:
    """Each conversation with those who could take it; who is proposed takes what is over, and no more than they can."""
    takers = [_taker(each) for each in carriers if each.agent_id != carrier.agent_id]
    pieces = {row.number: Piece(row.number, row.minutes, row.team_id, row.language) for row in work}
    given = share_out(pieces.values(), takers, at_least=carrier.over)
    names = {each.agent_id: each for each in carriers}
    addresses = lists.addresses_of(row.customer_id for row in work if not row.customer_name)
    return [
        Choose(
            number=row.number,
            title=row.subject or _("(no subject)"),
            lang=row.language,
            customer=row.customer_name or addresses.get(row.customer_id, "?"),
            due=times.short(row.due_at),
            minutes=_("%(minutes)s min") % {"minutes": row.minutes},
            takers=[
                (
                    str(each.key),
                    _("%(name)s, %(left)s min left") % {"name": names[each.key].name, "left": names[each.key].left},
                )
                for each in takers
                if each.can_take(pieces[row.number])
            ],
            proposed=str(given.get(row.number, "")),
        )
        for row in work
    ]


def _taker(carrier: Carrier) -> Taker:
    return Taker(carrier.agent_id, carrier.left, frozenset(carrier.teams), carrier.speaks)


@transaction.atomic
def hand_out(owner: Agent, wanted: Mapping[int, Agent], *, why: str, by: Agent, now: datetime) -> int:
    """Hand each conversation (by number) that is still the owner's to whom it is given; how many were."""
    rows = (
        Conversation.objects.visible_to(by).filter(pk__in=list(wanted), owner=owner).select_related("team").distinct()
    )
    found = list(rows.order_by("pk"))
    for conversation in found:
        actions.hand_over(
            conversation,
            by=by,
            to_team=conversation.team,
            to_agent=wanted[conversation.pk],
            context=why,
            now=now,
        )
    return len(found)
