"""What an agent can do about a request: carry it out, say no, undo it; and how its deed stands."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from holdord.conversations.models import RequestKind, RequestState
from holdord.fulfilment.models import Deed
from holdord.fulfilment.queries import CARRIED_OUT
from holdord.fulfilment.rules import UNDER_WAY, DeedState, Direction, Way
from holdord.history.rows import LookUp
from holdord.web.addresses import address
from holdord.web.times import Times


@dataclass(slots=True)
class Button:
    """A button under a request; `key` presses it. A `page` is opened, everything else is sent."""

    id: str
    label: str
    href: str
    key: str = ""
    main: bool = False
    page: bool = False


@dataclass(slots=True)
class Standing:
    """How a deed stands, in words, and what can be done about it."""

    words: str = ""
    buttons: list[Button] = field(default_factory=list)


CAN_BE_CARRIED_OUT = frozenset(kind.value for kind in CARRIED_OUT if kind != RequestKind.EXPORT)
"""What agents do; everything about oneself customers fetch themselves, so that nobody else has it in hand."""

DONE_AND_OPEN = LookUp(
    lambda conversation, now: (
        Deed.objects.filter(
            request__conversation=conversation,
            request__state=RequestState.FULFILLED.value,
            direction=Direction.DO.value,
            state=DeedState.DONE.value,
            undo_until__gt=now,
        )
        .order_by("-settled_at")
        .values_list("request_id", "request__kind", "settled_at", "undo_until", "request__about")
    ),
    int,
    datetime,
)
"""What was done in a conversation and can still be undone."""


def deeds_by_request(requests: list[int]) -> dict[int, dict[str, Deed]]:
    """The deeds of these requests, by direction."""
    found: dict[int, dict[str, Deed]] = {}
    if requests:
        for deed in Deed.objects.filter(request__in=requests).select_related("promise"):
            found.setdefault(deed.request_id, {})[deed.direction] = deed
    return found


def standing(
    conversation: int, request: int, kind: str, *, is_proposed: bool, deeds: dict[str, Deed], times: Times
) -> Standing:
    """What an agent sees beside a running request that can be carried out."""
    at, did = (conversation, request), deeds.get(Direction.DO.value)
    if did is None:
        do = Button(f"do-{request}", do_words(kind), address("desk:carry_out", *at), "y", main=True)
        no = (
            Button(f"dismiss-{request}", _("They do not"), address("desk:dismiss_request", *at), "x")
            if is_proposed
            else Button(f"withdraw-{request}", _("They take it back"), address("desk:withdraw_request", *at))
        )
        return Standing("", [do, no])
    back = Button(f"withdraw-{request}", _("They take it back"), address("desk:withdraw_request", *at))
    if did.state == DeedState.BY_HAND:
        done = Button(f"done-{request}", _("Done"), address("desk:request_done", *at), "d", main=True)
        refuse = Button(f"refuse-{request}", _("We can't…"), address("desk:refuse_request", *at), page=True)
        again = Button(f"again-{request}", _("Ask the system again"), address("desk:try_deed_again", *at))
        by_system = [again] if did.way == Way.WEBHOOK else []
        return Standing(_by_hand(did), [done, refuse, *by_system, back])
    if did.state in UNDER_WAY:
        return Standing(_waiting(did, times), [back])
    return Standing("", [back])


def _by_hand(deed: Deed) -> str:
    if deed.fault and deed.may_have_arrived:
        return _("The system did not answer, and may have done it. Look there before you do it by hand.")
    if deed.fault:
        return _("The system did not take it. Do it by hand.")
    return _("Do it by hand, and say when it is done.")


def _waiting(deed: Deed, times: Times) -> str:
    if deed.is_pending:
        return _("The system has it and is at work.")
    if deed.tries:
        return _("The system does not answer. It is asked again %(when)s.") % {"when": times.when(deed.next_at)}
    return _("The system is being asked.")


def do_words(kind: str) -> str:
    """What the button is called that carries out a request of this kind."""
    return {
        RequestKind.CANCEL: _("Cancel it now"),
        RequestKind.BLOCK: _("Block it now"),
        RequestKind.UNBLOCK: _("Open it again"),
        RequestKind.REFUND: _("Pay it back now"),
        RequestKind.REPLACE: _("Send another one"),
        RequestKind.STOP_CONTACTING: _("Stop contacting them"),
        RequestKind.EXPORT: _("Give them everything"),
        RequestKind.ERASE: _("Erase everything"),
    }.get(RequestKind(kind), _("Do it now"))


def done_words(kind: str) -> str:
    """That a request of this kind is done, for agents."""
    return {
        RequestKind.CANCEL: _("Cancelled"),
        RequestKind.BLOCK: _("Blocked"),
        RequestKind.UNBLOCK: _("Opened again"),
        RequestKind.REFUND: _("Paid back"),
        RequestKind.REPLACE: _("Another one is sent"),
        RequestKind.STOP_CONTACTING: _("Not contacted any more"),
        RequestKind.EXPORT: _("Handed over"),
        RequestKind.ERASE: _("Hidden, to be destroyed"),
    }.get(RequestKind(kind), _("Done"))
