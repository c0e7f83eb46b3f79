"""Reading executors and deeds."""

from collections.abc import Sequence
from datetime import datetime

from holdord.conversations.models import Conversation, Request, RequestKind, RequestState
from holdord.fulfilment.models import Deed, Executor, NoContact, Proof
from holdord.fulfilment.rules import (
    PROOF_HOLDS,
    PROOFS_FOR,
    DeedState,
    Direction,
    OneContact,
    Way,
    within_one_contact,
)
from holdord.history.rows import IsOneOf
from holdord.people.models import Inbox

CARRIED_OUT = (
    RequestKind.CANCEL,
    RequestKind.BLOCK,
    RequestKind.UNBLOCK,
    RequestKind.REFUND,
    RequestKind.REPLACE,
    RequestKind.STOP_CONTACTING,
    RequestKind.EXPORT,
    RequestKind.ERASE,
)
"""The kinds that have executors; a call back has a slot, and asking about one's data is answered by a person."""


_OWN = {RequestKind.STOP_CONTACTING: 24 * 365, RequestKind.EXPORT: 0, RequestKind.ERASE: 24 * 14}
"""What the desk does itself where nobody else was named, and for how many hours it can be undone."""


def executor_of(inbox: Inbox, kind: str) -> Executor | None:
    """How this inbox carries out requests of a kind; None if nobody was named and the desk can't do it itself."""
    return Executor.objects.filter(inbox=inbox, kind=kind).first() or _own(inbox, kind)


def executors_of(inbox: Inbox) -> dict[str, Executor]:
    """What customers of this inbox can have done, by kind, in the order they are shown."""
    found = {executor.kind: executor for executor in Executor.objects.filter(inbox=inbox)}
    offered = {kind.value: found.get(kind.value) or _own(inbox, kind.value) for kind in CARRIED_OUT}
    return {kind: executor for kind, executor in offered.items() if executor is not None}


def _own(inbox: Inbox, kind: str) -> Executor | None:
    hours = {own.value: hours for own, hours in _OWN.items()}.get(kind)
    return None if hours is None else Executor(inbox=inbox, kind=kind, way=Way.HERE.value, undo_hours=hours)


def may_write_first(address: str) -> bool:
    """Whether we may write to this mail address unasked: not where its customer asked us to stop."""
    return not NoContact.objects.filter(customer__identities__address=address.strip().lower()).exists()


def deeds_in(conversation: Conversation) -> dict[int, dict[str, Deed]]:
    """The deeds of a conversation: by request, by direction."""
    found: dict[int, dict[str, Deed]] = {}
    for deed in (
        Deed.objects.filter(request__conversation=conversation).select_related("promise", "request").order_by("pk")
    ):
        found.setdefault(deed.request_id, {})[deed.direction] = deed
    return found


def deed_of(request: Request, direction: Direction = Direction.DO) -> Deed | None:
    """The carrying out of a request, or its undoing."""
    return Deed.objects.filter(request=request, direction=direction.value).first()


def can_be_undone(deeds: dict[str, Deed], *, now: datetime) -> bool:
    """Whether what was done can still be taken back, and nobody has begun to."""
    did = deeds.get(Direction.DO.value)
    return (
        did is not None
        and did.state == DeedState.DONE
        and did.undo_until is not None
        and now < did.undo_until
        and Direction.UNDO.value not in deeds
    )


def needs_proof(conversation: Conversation, kind: str, *, now: datetime) -> bool:
    """Whether an agent must ask who this is before doing this, because nobody has shown it lately."""
    if kind not in PROOFS_FOR:
        return False
    lately = Proof.objects.filter(conversation=conversation, for_kind=kind, at__gt=now - PROOF_HOLDS)
    return not lately.filter(kind__in=[each.value for each in PROOFS_FOR[kind]]).exists()


# Written into the statement, not bound: SQLite then sees that the partial index serves.
_FULFILLED = IsOneOf("state", RequestState.FULFILLED.value)


def cancelled_since(team_ids: Sequence[int], earliest: datetime) -> OneContact:
    """How often customers had to ask for the cancellations that were carried out since `earliest`, in these teams."""
    done = Request.objects.filter(_FULFILLED, kind=RequestKind.CANCEL, settled_at__gte=earliest)
    done = done.filter(conversation__team__in=team_ids)
    return within_one_contact(done.values_list("said", flat=True))
