"""What runs by the clock, in the open: how often, and what. A worker runs each line in turn, on one thread."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Line:
    """`job` ("package.jobs:function", called with `now`) runs every `seconds`."""

    seconds: float
    job: str

    def load(self) -> Callable[..., object]:
        """The function itself."""
        module, _, name = self.job.partition(":")
        function: Callable[..., object] = getattr(import_module(module), name)
        return function


TIMETABLE: list[Line] = [
    Line(0.5, "holdord.promises.jobs:tick"),
    Line(5, "holdord.promises.jobs:check_pools"),
    Line(60, "holdord.promises.jobs:drop_old_drafts"),
    Line(5, "holdord.conversations.jobs:wake_snoozed"),
    Line(5, "holdord.conversations.jobs:mail_unread_chats"),
    Line(1, "holdord.orders.jobs:go_on"),
    Line(600, "holdord.fulfilment.jobs:destroy_erased"),
    Line(3600, "holdord.api.jobs:forget_keys"),
    Line(1, "holdord.channels.jobs:hear_messages"),
    Line(600, "holdord.conversations.jobs:forget_originals"),
    Line(600, "holdord.channels.jobs:forget_links"),
    Line(30, "holdord.channels.outgoing.sending:recover"),
    Line(30, "holdord.channels.outgoing.sending:show_delays"),
]
