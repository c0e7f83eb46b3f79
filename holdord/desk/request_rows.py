"""What the customer asks for: pinned above the messages until it is done, dismissed or taken back."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from holdord.conversations.models import Conversation, Request, RequestKind, RequestState
from holdord.conversations.models.request import RUNNING
from holdord.desk.deed_rows import (
    CAN_BE_CARRIED_OUT,
    DONE_AND_OPEN,
    Button,
    deeds_by_request,
    done_words,
    standing,
)
from holdord.desk.places import message_address
from holdord.fulfilment.models import Deed
from holdord.history.rows import LookUp
from holdord.web.addresses import address
from holdord.web.times import Times

TWICE = 2
"""Said so often, a request is not argued with any more."""


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
    deeds: list[Button] = field(default_factory=list)
    stands: str = ""
    is_done: bool = False


_RUNNING = LookUp(
    lambda conversation: (
        Request.objects.filter(conversation=conversation, state__in=RUNNING)
        .order_by("-said", "first_said_at")
        .values_list(
            "pk",
            "kind",
            "state",
            "said",
            "first_said_at",
            "first_heard__message_id",
            "taken_back__message_id",
            "about",
        )
    ),
    int,
)


def asks(conversation: Conversation, times: Times) -> list[AskRow]:
    """The requests that run in a conversation, then what was done and can be undone; the keys belong to the first."""
    running = _RUNNING.rows(conversation.pk)
    deeds = deeds_by_request([row[0] for row in running if row[1] in CAN_BE_CARRIED_OUT])
    rows = [_row(conversation.pk, *row, deeds=deeds.get(row[0], {}), times=times) for row in running]
    for row in rows[1:]:
        for button in row.deeds:
            button.key = ""
    return rows + [_done(conversation.pk, *row, times=times) for row in DONE_AND_OPEN.rows(conversation.pk, times.now)]


def request_words(kind: str) -> str:
    """What a request of this kind is called."""
    return _(_WORDS[RequestKind(kind)])


_WORDS = {
    RequestKind.CANCEL: gettext_noop("Cancel"),
    RequestKind.BLOCK: gettext_noop("Block"),
    RequestKind.UNBLOCK: gettext_noop("Open it again"),
    RequestKind.REFUND: gettext_noop("Refund"),
    RequestKind.REPLACE: gettext_noop("Replace"),
    RequestKind.STOP_CONTACTING: gettext_noop("No more contact"),
    RequestKind.EXPORT: gettext_noop("Everything we have about them"),
    RequestKind.ERASE: gettext_noop("Erase what we have about them"),
    RequestKind.CALL_BACK: gettext_noop("Call back"),
    RequestKind.PERSONAL_DATA: gettext_noop("Their personal data"),
}


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
    about: str,
    *,
    deeds: dict[str, Deed],
    times: Times,
) -> AskRow:
    proposed, stands = state == RequestState.PROPOSED, ""
    at = (conversation, pk)
    if off:
        buttons = [
            Button(f"withdraw-{pk}", _("They take it back"), address("desk:withdraw_request", *at), "y", main=True),
            Button(f"still-{pk}", _("They still ask for it"), address("desk:still_asked", *at), "x"),
        ]
    elif kind in CAN_BE_CARRIED_OUT:
        found = standing(conversation, pk, kind, is_proposed=proposed, deeds=deeds, times=times)
        stands, buttons = found.words, found.buttons
    elif proposed:
        buttons = [
            Button(f"confirm-{pk}", _("They ask for it"), address("desk:confirm_request", *at), "y", main=True),
            Button(f"dismiss-{pk}", _("They do not"), address("desk:dismiss_request", *at), "x"),
        ]
    else:
        buttons = [
            Button(f"done-{pk}", _("Done"), address("desk:request_done", *at), "d", main=True),
            Button(f"withdraw-{pk}", _("They take it back"), address("desk:withdraw_request", *at)),
        ]
    return AskRow(
        what=f"{request_words(kind)}: {about}" if about else request_words(kind),
        said=said_words(said),
        since=_("since %(when)s") % {"when": times.when(since)},
        repeated=said >= TWICE,
        proposed=proposed,
        source=message_address(conversation, message) if message else "",
        taken_back=message_address(conversation, off) if off else "",
        deeds=buttons,
        stands=stands,
    )


def _done(conversation: int, pk: int, kind: str, at: datetime, until: datetime, about: str, *, times: Times) -> AskRow:
    undo = Button(f"undo-{pk}", _("Undo"), address("desk:undo_request", conversation, pk))
    return AskRow(
        what=f"{done_words(kind)}: {about}" if about else done_words(kind),
        said=times.when(at),
        since=_("can be undone until %(until)s") % {"until": times.when(until)},
        repeated=False,
        proposed=False,
        source="",
        deeds=[undo],
        is_done=True,
    )
