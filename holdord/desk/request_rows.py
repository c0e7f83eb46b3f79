"""What the customer asks for: pinned above the messages until it is done, dismissed or taken back."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdord.conversations.models import Conversation, Request, RequestKind, RequestState
from holdord.conversations.models.request import RUNNING
from holdord.desk.places import message_address
from holdord.history.rows import LookUp
from holdord.web.addresses import address
from holdord.web.times import Times

TWICE = 2
"""Said so often, a request is not argued with any more."""


@dataclass(slots=True)
class Deed:
    """A button under a request; `key` presses it."""

    id: str
    label: str
    href: str
    key: str = ""
    main: bool = False


@dataclass(slots=True)
class AskRow:
    """One request: what, how often it was said, since when, and what can be done."""

    what: str
    said: str
    since: str
    repeated: bool
    proposed: bool
    source: str
    taken_back: str = ""
    deeds: list[Deed] = field(default_factory=list)


_RUNNING = LookUp(
    lambda conversation: (
        Request.objects.filter(conversation=conversation, state__in=RUNNING)
        .order_by("-said", "first_said_at")
        .values_list(
            "pk", "kind", "state", "said", "first_said_at", "first_heard__message_id", "taken_back__message_id"
        )
    ),
    int,
)


def asks(conversation: Conversation, times: Times) -> list[AskRow]:
    """The requests that run in a conversation; the keys belong to the first."""
    rows = _RUNNING.rows(conversation.pk)
    return [_row(conversation.pk, *row, times=times, is_first=number == 0) for number, row in enumerate(rows)]


def request_words(kind: str) -> str:
    """What a request of this kind is called."""
    return {
        RequestKind.CANCEL: _("Cancel"),
        RequestKind.REFUND: _("Refund"),
        RequestKind.CALL_BACK: _("Call back"),
        RequestKind.PERSONAL_DATA: _("Their personal data"),
    }[RequestKind(kind)]


def said_words(said: int) -> str:
    """How often a request was said."""
    return _("said once") if said == 1 else ngettext("said %(count)s×", "said %(count)s×", said) % {"count": said}


def _row(
    conversation: int,
    pk: int,
    kind: str,
    state: str,
    said: int,
    since: datetime,
    message: int | None,
    off: int | None,
    *,
    times: Times,
    is_first: bool,
) -> AskRow:
    proposed = state == RequestState.PROPOSED
    at = (conversation, pk)
    if off:
        deeds = [
            Deed(f"withdraw-{pk}", _("They take it back"), address("desk:withdraw_request", *at), "y", main=True),
            Deed(f"still-{pk}", _("They still ask for it"), address("desk:still_asked", *at), "x"),
        ]
    elif proposed:
        deeds = [
            Deed(f"confirm-{pk}", _("They ask for it"), address("desk:confirm_request", *at), "y", main=True),
            Deed(f"dismiss-{pk}", _("They do not"), address("desk:dismiss_request", *at), "x"),
        ]
    else:
        deeds = [
            Deed(f"done-{pk}", _("Done"), address("desk:request_done", *at), "d", main=True),
            Deed(f"withdraw-{pk}", _("They take it back"), address("desk:withdraw_request", *at)),
        ]
    if not is_first:
        for deed in deeds:
            deed.key = ""
    return AskRow(
        what=request_words(kind),
        said=said_words(said),
        since=_("since %(when)s") % {"when": times.when(since)},
        repeated=said >= TWICE,
        proposed=proposed,
        source=message_address(conversation, message) if message else "",
        taken_back=message_address(conversation, off) if off else "",
        deeds=deeds,
    )
