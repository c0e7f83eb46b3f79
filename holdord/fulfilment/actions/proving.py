"""Customers show who they are before something is disclosed, opened or blocked in their name."""

import hmac
from datetime import datetime

from django.db import transaction
from django.db.models import F

from holdord.conversations.actions import hold, send_automatically
from holdord.conversations.models import Conversation, Fact
from holdord.fulfilment import wording
from holdord.fulfilment.codes import figures_of
from holdord.fulfilment.events import ProofGiven
from holdord.fulfilment.models import Code, Proof
from holdord.fulfilment.rules import CODE_HOLDS, CODE_TRIES, CODES_AT_ONCE, PROOFS_FOR, ProofKind
from holdord.history.actions import announce
from holdord.people.models import Agent, Identity, IdentityKind


class TooManyCodes(Exception):
    """So many codes were sent a moment ago that no other is sent now."""


class WrongCode(Exception):
    """The figures are not those that were sent, or too old, or were tried too often."""


class NoProof(Exception):
    """This does not count as a proof for what is to be done."""


@transaction.atomic
def send_code(conversation: Conversation, identity: Identity, *, for_kind: str, now: datetime) -> Code:
    """Mail a code to an address of the customer. Raises TooManyCodes, NoProof for an address that is not theirs."""
    if identity.customer_id != conversation.customer_id or identity.kind != IdentityKind.EMAIL:
        raise NoProof
    hold(conversation.pk)
    sent = Code.objects.filter(conversation=conversation, made_at__gt=now - CODE_HOLDS)
    if sent.count() >= CODES_AT_ONCE:
        raise TooManyCodes
    code = Code.objects.create(conversation=conversation, identity=identity, for_kind=for_kind, made_at=now)
    letter = wording.code_letter(for_kind, language=conversation.language)
    Code.objects.filter(pk=code.pk).update(message=send_automatically(conversation, text=letter, now=now, to=identity))
    return code


def prove_by_code(conversation: Conversation, typed: str, *, for_kind: str, by: Agent | None, now: datetime) -> Proof:
    """The figures the customer read out to `by`, or typed themselves. Each try counts, also one that is wrong. Raises
    WrongCode.
    """
    latest = Code.objects.filter(
        conversation=conversation, for_kind=for_kind, made_at__gt=now - CODE_HOLDS, used_at__isnull=True
    ).order_by("-made_at", "-pk")
    code = latest.first()
    # The try is written down before it is judged, outside the transaction that a wrong one rolls back.
    if code is None or not Code.objects.filter(pk=code.pk, tries__lt=CODE_TRIES).update(tries=F("tries") + 1):
        raise WrongCode
    if not hmac.compare_digest(figures_of(code).encode(), "".join(typed.split()).encode()):
        raise WrongCode
    with transaction.atomic():
        if not Code.objects.filter(pk=code.pk, used_at__isnull=True).update(used_at=now):
            raise WrongCode
        return _proven(conversation, ProofKind.CODE, for_kind=for_kind, code=code, fact=None, by=by, now=now)


@transaction.atomic
def prove_by_fact(conversation: Conversation, fact: Fact, *, for_kind: str, by: Agent, now: datetime) -> Proof:
    """The customer named a fact that only they know, without being told it. Raises NoProof."""
    if fact.conversation.customer_id != conversation.customer_id or ProofKind.FACT not in PROOFS_FOR.get(for_kind, ()):
        raise NoProof
    return _proven(conversation, ProofKind.FACT, for_kind=for_kind, code=None, fact=fact, by=by, now=now)


def _proven(
    conversation: Conversation,
    kind: ProofKind,
    *,
    for_kind: str,
    code: Code | None,
    fact: Fact | None,
    by: Agent | None,
    now: datetime,
) -> Proof:
    proof = Proof.objects.create(
        conversation=conversation, for_kind=for_kind, kind=kind.value, code=code, fact=fact, by=by, at=now
    )
    announce(
        ProofGiven(
            at=now,
            conversation_id=conversation.pk,
            by_id=by.pk if by else None,
            proof_id=proof.pk,
            kind=kind.value,
            for_kind=for_kind,
        )
    )
    return proof
