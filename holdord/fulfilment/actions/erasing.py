"""What we have about a customer is hidden at once, and destroyed after fourteen days (decisions 20)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from holdord.conversations import search
from holdord.conversations.models import (
    Attachment,
    Closing,
    Conversation,
    Draft,
    EffortSaid,
    Fact,
    Message,
    Outgoing,
    OutgoingState,
    Participant,
    Request,
    SentAnyway,
    Status,
)
from holdord.conversations.models.meaning import Alike, Meaning
from holdord.files.models import Blob
from holdord.fulfilment.events import CasesDestroyed
from holdord.fulfilment.models import Deed, Erasure, HiddenCase, Proof
from holdord.fulfilment.rules import Outcome, ProofKind, Told
from holdord.history.actions import announce
from holdord.people.models import Customer, Identity
from holdord.promises import actions as promises
from holdord.promises.models import Move, Promise
from holdord.promises.rules import Kind

DESTROYED_AFTER = timedelta(days=14)
GONE = "-"
"""What stands where the database wants a word and the word is destroyed."""


def hide(deed: Deed, now: datetime) -> Told:
    """Hide every case of whoever typed the code, in the caller's transaction: an address that only an agent says is
    theirs may be somebody else's, and is left alone.
    """
    conversation = deed.request.conversation
    proof = Proof.objects.filter(conversation=conversation, for_kind="erase", kind=ProofKind.CODE.value).latest("at")
    assert proof.code is not None
    erasure = Erasure.objects.create(
        customer_id=conversation.customer_id,
        request=deed.request,
        identity_id=proof.code.identity_id,
        asked_at=now,
        destroy_at=now + DESTROYED_AFTER,
    )
    theirs = Participant.objects.filter(identity__in=own_identities(erasure.identity), is_customer=True)
    cases = Conversation.objects.filter(pk__in=theirs.values("conversation"), customer=conversation.customer_id)
    promises.hold_all_of(*cases.values_list("pk", flat=True))
    for case in cases.exclude(status=Status.ERASED).select_related("inbox"):
        _hide(case, erasure, now=now)
    return Told(Outcome.DONE, effective_at=now, undo_until=erasure.destroy_at)


def own_identities(identity: Identity) -> list[int]:
    """The address that a code was sent to, and the others of the same customer that their owner has proven."""
    proven = Identity.objects.filter(customer=identity.customer_id, verified_at__isnull=False)
    return sorted({identity.pk, *proven.values_list("pk", flat=True)})


def _hide(case: Conversation, erasure: Erasure, *, now: datetime) -> None:
    running = list(Promise.objects.running().filter(conversation=case))
    owed = any(promise.kind == Kind.ANSWER for promise in running)
    HiddenCase.objects.create(erasure=erasure, conversation=case, status=case.status, owed_answer=owed)
    for promise in running:
        promises.release(promise, evidence=None, now=now)
    Outgoing.objects.filter(message__conversation=case, state=OutgoingState.QUEUED, attempts=0).update(
        state=OutgoingState.UNDONE
    )
    Conversation.objects.filter(pk=case.pk).update(status=Status.ERASED, snoozed_until=None, changed_at=now)


def bring_back(deed: Deed, now: datetime) -> Told:
    """Show everything again, and owe again the answers that were owed."""
    erasure = Erasure.objects.filter(request=deed.request, destroyed_at__isnull=True, undone_at__isnull=True).first()
    if erasure is None or now >= erasure.destroy_at:
        return Told(Outcome.REFUSED, reason=GONE)
    Erasure.objects.filter(pk=erasure.pk).update(undone_at=now)
    promises.hold_all_of(*erasure.hidden.values_list("conversation", flat=True))
    for hidden in erasure.hidden.select_related("conversation__inbox"):
        status = Status.OPEN if hidden.status == Status.SNOOZED else hidden.status
        Conversation.objects.filter(pk=hidden.conversation_id).update(status=status, changed_at=now)
        if hidden.owed_answer:
            promises.give_answer(hidden.conversation, origin=None, asked_at=now, now=now)
    return Told(Outcome.DONE, effective_at=now)


@transaction.atomic
def destroy(erasure: Erasure, *, now: datetime) -> bool:
    """Destroy for good what was hidden. False if it was undone, or is destroyed, or its time has not come."""
    due = Erasure.objects.filter(pk=erasure.pk, undone_at__isnull=True, destroyed_at__isnull=True, destroy_at__lte=now)
    if not due.update(destroyed_at=now):
        return False
    cases = list(erasure.hidden.values_list("conversation", flat=True))
    identities = _theirs_alone(erasure)
    announce(CasesDestroyed(at=now, erasure_id=erasure.pk, conversations=tuple(cases), identities=tuple(identities)))
    _forget_files(cases)
    _forget_words(cases)
    for pk in identities:
        Identity.objects.filter(pk=pk).update(address=f"erased-{pk}", name="", verified_at=None)
    if not Identity.objects.filter(customer=erasure.customer_id).exclude(pk__in=identities).exists():
        Customer.objects.filter(pk=erasure.customer_id).update(name="", place="", organisation=None)
    return True


def _theirs_alone(erasure: Erasure) -> list[int]:
    """The addresses that take part in nothing that is still seen: who wrote again stays known by that address."""
    seen = Participant.objects.exclude(conversation__status=Status.ERASED).values("identity")
    return list(
        Identity.objects.filter(pk__in=own_identities(erasure.identity))
        .exclude(pk__in=seen)
        .values_list("pk", flat=True)
    )


def _forget_files(cases: Sequence[int]) -> None:
    files = Attachment.objects.filter(message__conversation__in=cases)
    blobs = {pk for row in files.values_list("blob", "small", "original") for pk in row if pk is not None}
    files.delete()
    for blob in Blob.objects.filter(pk__in=blobs):
        used = Attachment.objects.filter(Q(blob=blob) | Q(small=blob) | Q(original=blob))
        if not used.exists():
            path = blob.path
            blob.delete()
            # After the commit: a file without a row is litter, a row without its file a loss.
            transaction.on_commit(partial(default_storage.delete, path))


def _forget_words(cases: Sequence[int]) -> None:
    within = {"conversation__in": cases}
    messages = Message.objects.filter(**within)
    for message in messages.only("pk"):
        search.forget(message)
    Meaning.objects.filter(**within).delete()
    Alike.objects.filter(Q(conversation__in=cases) | Q(other__in=cases)).delete()
    messages.update(subject="", text="", reply_text="", html="", message_id="", references=[], body_hash="", defects=[])
    Outgoing.objects.filter(message__conversation__in=cases).update(to="", cc=[], last_error="")
    Fact.objects.filter(**within).delete()
    Draft.objects.filter(**within).delete()
    Closing.objects.filter(**within).update(reason=GONE)
    EffortSaid.objects.filter(**within).exclude(word="").update(word="")
    SentAnyway.objects.filter(message__conversation__in=cases).update(reason=GONE)
    requests = Request.objects.filter(**within)
    requests.update(about="")
    requests.exclude(reason="").update(reason=GONE)
    deeds = Deed.objects.filter(request__conversation__in=cases)
    deeds.update(instead="", reference="")
    deeds.exclude(reason="").update(reason=GONE)
    Promise.objects.filter(**within).update(what="")
    Move.objects.filter(promise__conversation__in=cases).update(reason=GONE)
    Conversation.objects.filter(pk__in=cases).update(subject="")
