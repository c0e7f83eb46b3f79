"""What happens to customers and their identities."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from holdord.history.actions import announce
from holdord.history.rows import LookUp
from holdord.people.events import CustomersMerged, MergeUndone, SenderBlocked, SenderUnblocked
from holdord.people.models import Agent, BlockedSender, Customer, Identity, IdentityKind, Inbox, Merge
from holdord.people.rules import clean_address


class CannotMerge(Exception):
    """These two customers cannot be merged: they are one, or one of them was merged already."""


class NotMerged(Exception):
    """There is no such merge to undo."""


def recognise(*, kind: str, address: str, name: str, inbox: Inbox, now: datetime, language: str = "") -> Identity:
    """The identity with this address, made with a customer of its own if it is new.

    A name alone never recognises anybody. Inboxes that keep their customers apart have identities of their own. Must
    run in a transaction; two at once get the same identity.
    """
    address = clean_address(kind, address)
    apart = inbox if inbox.keeps_customers_apart else None
    known = _BY_ADDRESS.row(kind, address, apart.pk) if apart else _SHARED_BY_ADDRESS.row(kind, address)
    if known is not None:
        return Identity.objects.select_related("customer").get(pk=known[0])
    customer = Customer.objects.create(name=name[:200], language=language, only_in=apart, created_at=now)
    identity = Identity.objects.create_unless_there(
        customer=customer, kind=kind, address=address, only_in=apart, name=name[:200], created_at=now
    )
    if identity is None:
        customer.delete()
        return Identity.objects.select_related("customer").get(kind=kind, address=address, only_in=apart)
    return identity


_SHARED_BY_ADDRESS = LookUp(
    lambda kind, address: Identity.objects.filter(kind=kind, address=address, only_in=None).values_list("pk"), str, str
)
_BY_ADDRESS = LookUp(
    lambda kind, address, inbox: Identity.objects.filter(kind=kind, address=address, only_in=inbox).values_list("pk"),
    str,
    str,
    int,
)
_BLOCKED = LookUp(
    lambda address, domain, inbox: BlockedSender.objects.filter(
        Q(inbox=inbox) | Q(inbox__isnull=True), address__in=[address, domain]
    ).values_list("pk"),
    str,
    str,
    int,
)


@transaction.atomic
def add_phone(customer: Customer, number: str, *, inbox: Inbox, language: str = "", now: datetime) -> str:
    """A number the customer gave us to be called on, as it is kept (E.164); one that is none in the inbox's country is
    looked for where their `language` is at home. One that another customer has stays theirs:
    a number alone makes nobody somebody else. Raises NotAnAddress.
    """
    address = clean_address(IdentityKind.PHONE, number, country=inbox.country, language=language)
    apart = inbox if inbox.keeps_customers_apart else None
    Identity.objects.create_unless_there(
        customer=customer, kind=IdentityKind.PHONE.value, address=address, only_in=apart, created_at=now
    )
    return address


@transaction.atomic
def merge(*, keep: Customer, absorb: Customer, by: Agent | None, now: datetime) -> Merge:
    """Make two customers one: every identity of `absorb` points to `keep` from now on, and a journal remembers which.

    Raises CannotMerge.
    """
    absorbed = Customer.objects.filter(pk=absorb.pk, merged_into__isnull=True).exclude(pk=keep.pk)
    if keep.merged_into_id or not absorbed.update(merged_into=keep):
        raise CannotMerge
    journal = Merge.objects.create(kept=keep, absorbed=absorb, by=by, at=now)
    journal.identities.set(Identity.objects.filter(customer=absorb))
    Identity.objects.filter(customer=absorb).update(customer=keep)
    announce(CustomersMerged(at=now, by_id=by.pk if by else None, kept_id=keep.pk, absorbed_id=absorb.pk))
    return journal


@transaction.atomic
def undo_merge(journal: Merge, *, by: Agent, now: datetime) -> None:
    """Take a merge back: each identity that moved returns to its customer, and with it all that came by it since.

    Raises NotMerged if it was undone already, or if what it moved was merged on since (undo that one first).
    """
    moved = journal.identities.all()
    if moved.exclude(customer_id=journal.kept_id).exists():
        raise NotMerged
    if not Merge.objects.filter(pk=journal.pk, undone_at__isnull=True).update(undone_at=now, undone_by=by):
        raise NotMerged
    Customer.objects.filter(pk=journal.absorbed_id).update(merged_into=None)
    Identity.objects.filter(merges=journal).update(customer_id=journal.absorbed_id)
    announce(MergeUndone(at=now, by_id=by.pk, kept_id=journal.kept_id, absorbed_id=journal.absorbed_id))


@transaction.atomic
def block_sender(address: str, *, inbox: Inbox | None, by: Agent, now: datetime) -> BlockedSender:
    """Dismiss all that comes from this address (or `@domain`) from now on. Done twice, it happens once."""
    blocked, made = BlockedSender.objects.get_or_create(
        address=clean_address(IdentityKind.EMAIL, address), inbox=inbox, defaults={"by": by, "at": now}
    )
    if made:
        announce(SenderBlocked(at=now, by_id=by.pk, blocked_id=blocked.pk))
    return blocked


@transaction.atomic
def unblock_sender(blocked: BlockedSender, *, by: Agent, now: datetime) -> None:
    """Let this sender's mail in again."""
    announce(SenderUnblocked(at=now, by_id=by.pk, blocked_id=blocked.pk))
    blocked.delete()


def is_blocked(address: str, inbox: Inbox) -> bool:
    """Whether mail from this address is dismissed in this inbox."""
    address = clean_address(IdentityKind.EMAIL, address)
    domain = "@" + address.rpartition("@")[2]
    return _BLOCKED.row(address, domain, inbox.pk) is not None
