"""The tables of this package, by subject."""

from holdord.people.models.agents import Absence, Agent, AgentHours, Membership, Role, Team
from holdord.people.models.customers import BlockedSender, Customer, Identity, IdentityKind, Merge, Organisation
from holdord.people.models.inboxes import ClosingDay, Inbox, KeepsOriginals, OpeningHours
from holdord.people.models.roster import Roster
from holdord.people.models.tokens import ApiToken, Scope

__all__ = [
    "Absence",
    "Agent",
    "AgentHours",
    "ApiToken",
    "BlockedSender",
    "ClosingDay",
    "Customer",
    "Identity",
    "IdentityKind",
    "Inbox",
    "KeepsOriginals",
    "Membership",
    "Merge",
    "OpeningHours",
    "Organisation",
    "Role",
    "Roster",
    "Scope",
    "Team",
]
