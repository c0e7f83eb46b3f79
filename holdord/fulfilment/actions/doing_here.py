"""What the desk carries out itself: it is our own house that is asked."""

from collections.abc import Callable
from datetime import datetime

from holdord.fulfilment.actions.erasing import bring_back, hide
from holdord.fulfilment.models import Deed, NoContact
from holdord.fulfilment.rules import Direction, Outcome, Told


def do_here(deed: Deed, *, now: datetime) -> Told:
    """Do it in the caller's transaction, in which it is also written down."""
    act = _ACTS.get((deed.request.kind, deed.direction))
    if act is None:
        return Told(Outcome.REFUSED, reason="-")
    return act(deed, now)


def _stop_contacting(deed: Deed, now: datetime) -> Told:
    NoContact.objects.get_or_create(customer_id=deed.request.conversation.customer_id, defaults={"since": now})
    return Told(Outcome.DONE, effective_at=now)


def _contact_again(deed: Deed, now: datetime) -> Told:
    NoContact.objects.filter(customer=deed.request.conversation.customer_id).delete()
    return Told(Outcome.DONE, effective_at=now)


def _hand_out(deed: Deed, now: datetime) -> Told:
    """The page that asked gets the file in its answer; nothing of it is kept."""
    return Told(Outcome.DONE)


_ACTS: dict[tuple[str, str], Callable[[Deed, datetime], Told]] = {
    ("stop_contacting", Direction.DO.value): _stop_contacting,
    ("stop_contacting", Direction.UNDO.value): _contact_again,
    ("export", Direction.DO.value): _hand_out,
    ("erase", Direction.DO.value): hide,
    ("erase", Direction.UNDO.value): bring_back,
}
