"""The cases of one customer, over all their proven addresses."""

from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from holdord.channels.sign_in.proving import identities_of
from holdord.conversations.case_links import link_for
from holdord.conversations.models import Participant, Status
from holdord.kernel import clock
from holdord.people.models import Identity, IdentityKind
from holdord.web.times import Times, zone

MOST = 200


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in the list."""

    number: int
    title: str
    lang: str
    brand: str
    state: str
    when: str
    href: str


def cases_of(address: str) -> list[CaseRow]:
    """Every case of this address and of those its owner joined to it, the latest first.

    An address that an agent merged, but that nobody has proven, shows nothing: it may be somebody else's.
    """
    mine = Participant.objects.filter(
        identity__in=_proven(address), is_customer=True, identity__customer=F("conversation__customer")
    ).exclude(conversation__status__in=[Status.DISMISSED, Status.ERASED])
    rows, seen = [], set()
    for each in mine.select_related("conversation__inbox").order_by("-conversation__changed_at", "pk")[:MOST]:
        if each.conversation_id not in seen:
            seen.add(each.conversation_id)
            rows.append(_row(each))
    return rows


def confirmed_addresses(address: str) -> list[str]:
    """The addresses whose owner has proven them, this one among them."""
    return sorted(set(_proven(address).values_list("address", flat=True)) | {address})


def _proven(address: str) -> QuerySet[Identity]:
    customers = identities_of(address).values("customer")
    return Identity.objects.filter(customer__in=customers, kind=IdentityKind.EMAIL, verified_at__isnull=False)


def _row(participant: Participant) -> CaseRow:
    conversation = participant.conversation
    times = Times(zone(conversation.inbox.time_zone), clock.now())
    is_closed = conversation.status == Status.CLOSED
    return CaseRow(
        number=conversation.pk,
        title=conversation.subject or _("Your case %(number)s") % {"number": conversation.pk},
        lang=conversation.language,
        brand=conversation.inbox.name,
        state=_("closed") if is_closed else _("open"),
        when=times.when(conversation.changed_at),
        href=link_for(participant),
    )
