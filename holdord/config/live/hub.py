"""Who listens, and to what. Lives in the event loop; the watcher hands changes over to it."""

import asyncio
from dataclasses import dataclass, field

from holdord.config.live.watcher import Change

MOST_PENDING = 300
"""Conversations a slow browser may fall behind by; beyond that it is told to load the page again."""


@dataclass(eq=False)
class Listener:
    """One open page. Without `team_ids` and `conversation_id` it sees everything (an administrator)."""

    agent_id: int | None = None
    team_ids: frozenset[int] | None = None
    conversation_id: int | None = None
    pending: dict[int, list[str]] = field(default_factory=dict)
    overflowed: bool = False
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def may_see(self, change: Change) -> bool:
        """Whether this change may be known to who listens here."""
        if self.conversation_id is not None:
            return change.conversation_id == self.conversation_id and change.seen_by_customer
        if self.team_ids is None or not change.conversation_id:
            return True
        return bool(self.team_ids & change.team_ids) or change.owner_id == self.agent_id

    def hear(self, change: Change) -> None:
        """Note the change and wake the connection."""
        if len(self.pending) >= MOST_PENDING and change.conversation_id not in self.pending:
            self.overflowed = True
            self.pending.clear()
        if not self.overflowed:
            parts = self.pending.setdefault(change.conversation_id, [])
            if change.kind not in parts:
                parts.append(change.kind)
        self.woken.set()

    def take(self) -> tuple[dict[int, list[str]], bool]:
        """What is pending, and whether so much came that the page should load again; nothing is pending after."""
        taken, overflowed = self.pending, self.overflowed
        self.pending, self.overflowed = {}, False
        self.woken.clear()
        return taken, overflowed


class Hub:
    """Every listener of this process."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.closing = False

    def tell(self, changes: list[Change]) -> None:
        """Hand each change to those who may see it."""
        for listener in self.listeners:
            for change in changes:
                if listener.may_see(change):
                    listener.hear(change)

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        self.closing = True
        for listener in self.listeners:
            listener.woken.set()
