"""Who carries what until closing time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from holdord.kernel.working_time import NeverOpen
from holdord.people.models import Agent, Inbox
from holdord.people.queries import calendar_of, minutes_of_agents
from holdord.promises.queries.board import AtRisk, minutes_owed


@dataclass(slots=True)
class Carrier:
    """One agent: the minutes they owe until closing time, and the minutes they have."""

    agent_id: int
    name: str
    first_name: str
    speaks: frozenset[str]
    has: int = 0
    owed: int = 0
    teams: set[int] = field(default_factory=set)

    @property
    def left(self) -> int:
        """The minutes they could still promise."""
        return max(0, self.has - self.owed)

    @property
    def over(self) -> int:
        """The minutes that they can't do in time."""
        return max(0, self.owed - self.has)

    @property
    def share(self) -> int:
        """How much of the bar is filled by what fits, in percent."""
        most = max(self.has, self.owed)
        return 100 * min(self.has, self.owed) // most if most else 0


def closing_of(inboxes: Sequence[Inbox], *, now: datetime) -> datetime:
    """When the last of these inboxes closes today; if all have closed, when they close next; a day from now if none
    ever opens.
    """
    closings = []
    for inbox in inboxes:
        calendar = calendar_of(inbox)
        try:
            opens = calendar.next_open(now)
        except NeverOpen:
            continue
        closings.append((calendar.local(opens).date(), calendar.closing_time(calendar.local(opens).date())))
    if not closings:
        return now + timedelta(days=1)
    first = min(day for day, _ in closings)
    return max(closes for day, closes in closings if day == first)


def carriers_of(team_ids: Sequence[int], *, now: datetime, until: datetime) -> list[Carrier]:
    """Everybody in these teams, who has the least minutes left first."""
    found: dict[int, Carrier] = {}
    minutes = {team_id: minutes_of_agents(team_id, now=now, until=until) for team_id in team_ids}
    people = Agent.objects.in_bulk({agent_id for team in minutes.values() for agent_id in team})
    for team_id, team in minutes.items():
        for agent_id, has in team.items():
            agent = people[agent_id]
            carrier = found.setdefault(
                agent_id, Carrier(agent_id, agent.name, agent.first_name, frozenset(agent.speaks or ()))
            )
            carrier.has += round(has)
            carrier.teams.add(team_id)
    for agent_id, owed in minutes_owed(team_ids, list(found), until=until).items():
        found[agent_id].owed = owed
    return sorted(found.values(), key=lambda each: (each.has - each.owed, each.name))


def free_colleague(carriers: Sequence[Carrier], row: AtRisk) -> Carrier | None:
    """Who of the team has most minutes left, enough for this promise, and speaks its language."""
    able = [
        each
        for each in carriers
        if row.team_id in each.teams
        and each.agent_id != row.owner_id
        and each.left >= max(1, row.work_minutes)
        and (not each.speaks or row.language in each.speaks)
    ]
    return max(able, key=lambda each: (each.left, -each.agent_id)) if able else None
