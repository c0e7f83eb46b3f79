"""The tables of this package, by subject."""

from holdord.people.models.agents import Absence, Agent, AgentHours, Membership, Role, Team
from holdord.people.models.customers import BlockedSender, Customer, Identity, IdentityKind, Merge, Organisation
from holdord.people.models.inboxes import ClosingDay, Inbox, OpeningHours

__all__ = [
    "Absence",
    "Agent",
    "AgentHours",
    "BlockedSender",
    "ClosingDay",
    "Customer",
    "Identity",
    "IdentityKind",
    "Inbox",
    "Membership",
    "Merge",
    "OpeningHours",
    "Organisation",
    "Role",
    "Team",
]
