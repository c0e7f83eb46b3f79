"""The panel to the right: who it is, what we have promised, what they told us. A part without data is not drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdord.conversations.models import Alike, Conversation, Fact, Status
from holdord.desk.frame import tone_of
from holdord.desk.places import message_address
from holdord.history.rows import LookUp
from holdord.listening import facts
from holdord.people.models import Customer, Identity, IdentityKind, Merge
from holdord.people.rules import spaced_number
from holdord.promises.models import Promise
from holdord.web.addresses import address
from holdord.web.facts import fact_in_words
from holdord.web.promise_rows import Clock, PromiseRow, promise_row
from holdord.web.times import Times

SHOWN = 8
_ICONS = {"email": "mail", "phone": "phone", "chat": "chat"}


@dataclass(slots=True)
class Tag:
    """An address of the customer."""

    icon: str
    label: str
    full: str
    alert: bool = False


@dataclass(slots=True)
class FactRow:
    """Something we were told or have seen, and where."""

    text: str
    source: str
    href: str
    seen: bool
    doubt: str = ""


@dataclass(slots=True)
class OtherRow:
    """Another conversation: with the same customer, or about the same."""

    title: str
    href: str
    lang: str
    sub: str


@dataclass(slots=True)
class MergeRow:
    """A merge that can be taken apart."""

    words: str
    href: str


@dataclass(slots=True)
class OwedRow:
    """A promise, and where it is said that it is kept, let go or moved; an answer is not: writing it keeps it."""

    row: PromiseRow
    keep_href: str = ""
    release_href: str = ""
    move_href: str = ""


@dataclass(slots=True)
class Panel:
    """What the panel shows."""

    name: str
    initials: str
    tone: int
    sub: str
    identities: list[Tag] = field(default_factory=list)
    promises: list[OwedRow] = field(default_factory=list)
    promises_title: str = ""
    promises_count: str = ""
    facts: list[FactRow] = field(default_factory=list)
    others: list[OtherRow] = field(default_factory=list)
    alike: list[OtherRow] = field(default_factory=list)
    merges: list[MergeRow] = field(default_factory=list)
    case_href: str = ""


def panel(conversation: Conversation, times: Times, promises: list[Promise], *, sees_others: bool = True) -> Panel:
    """The panel for the customer of `conversation`, with its promises, newest first."""
    customer = conversation.customer
    addresses = _ADDRESSES.rows(customer.pk)
    name = customer.name or (addresses[0][1] if addresses else _("Somebody"))
    given = [promise for promise in promises if promise.state != "draft"]
    return Panel(
        name=name,
        initials=customer.initials if customer.name else name[:1].upper(),
        tone=tone_of(customer.pk),
        sub=" · ".join(part for part in _about(customer, times) if part),
        identities=[
            Tag(_ICONS[kind], _said(kind, address), address, bounced is not None)
            for kind, address, bounced in addresses
        ],
        promises=[_owed(promise, times, conversation) for promise in given],
        promises_title=_("Promises to %(name)s") % {"name": name.split()[0]},
        promises_count=ngettext("%(count)s in this matter", "%(count)s in this matter", len(given))
        % {"count": len(given)},
        facts=_facts(conversation, times),
        others=_others(conversation, times) if sees_others else [],
        alike=_alike(conversation, times),
        merges=_merges(customer, conversation),
        case_href=address("desk:case_page", conversation.pk),
    )


_ADDRESSES = LookUp(
    lambda customer: (
        Identity.objects.filter(customer=customer).order_by("kind", "pk").values_list("kind", "address", "bounced_at")
    ),
    int,
)
_KNOWN = LookUp(
    lambda customer: (
        Fact.objects.filter(conversation__customer=customer, corrected_at=None)
        .exclude(conversation__status=Status.ERASED)
        .order_by("-at")
        .values_list("label", "value", "told", "at", "conversation_id", "message_id")[:SHOWN]
    ),
    int,
)
_OTHERS = LookUp(
    lambda customer, conversation: (
        Conversation.objects.filter(customer=customer)
        .exclude(pk=conversation)
        .exclude(status=Status.ERASED)
        .order_by("-changed_at")
        .values_list("pk", "subject", "language", "status", "changed_at")[:5]
    ),
    int,
    int,
)
_MERGED = LookUp(
    lambda customer: (
        Merge.objects.filter(kept=customer, undone_at__isnull=True).order_by("-at").values_list("pk", "absorbed__name")
    ),
    int,
)


def _owed(promise: Promise, times: Times, conversation: Conversation) -> OwedRow:
    row = drawn(promise, times, conversation.subject)
    if promise.state not in {"open", "moved"} or promise.kind == "answer":
        return OwedRow(row)
    at = (conversation.pk, promise.pk)
    return OwedRow(row, address("desk:keeping", *at), address("desk:release", *at), address("desk:move_promise", *at))


def drawn(promise: Promise, times: Times, subject: str) -> PromiseRow:
    """One promise as the desk draws it."""
    moved = promise.first_due_at if promise.first_due_at != promise.due_at else None
    return promise_row(
        what=promise.what or what_of(promise.kind),
        lang="",
        state="open" if promise.state == "moved" else promise.state,
        clock=Clock(promise.given_at, promise.due_at, promise.warn_at),
        times=times,
        by=promise.owner.name if promise.owner else promise.team.name,
        moved_from=moved,
        settled_at=promise.settled_at,
        whole_day=promise.precision == "day",
        earliest_at=promise.earliest_at,
        fits=promise.unfit_at is None,
    )


def what_of(kind: str) -> str:
    """What a promise of this kind says, when nobody put it into other words."""
    return {
        "answer": _("An answer from a person"),
        "callback": _("A call back"),
        "update": _("A message about how it goes"),
        "delivery": _("A delivery"),
        "refund": _("A refund"),
        "fix": _("A repair"),
        "visit": _("A visit"),
    }.get(kind, _("What we said we would do"))


def language_name(code: str) -> str:
    """A language in the reader's words."""
    return {
        "da": _("Danish"),
        "nb": _("Norwegian"),
        "sv": _("Swedish"),
        "de": _("German"),
        "en": _("English"),
    }.get(code, code)


def _about(customer: Customer, times: Times) -> list[str]:
    return [
        customer.organisation.name if customer.organisation else "",
        customer.place,
        language_name(customer.language) if customer.language else "",
        _("since %(date)s") % {"date": times.on(customer.created_at)},
    ]


def _said(kind: str, address: str) -> str:
    if kind == IdentityKind.PHONE:
        return spaced_number(address)
    return address if len(address) <= 28 else address[:26] + "…"


def _facts(conversation: Conversation, times: Times) -> list[FactRow]:
    rows = _KNOWN.rows(conversation.customer_id)
    doubtful = facts.conflicts(facts.kept((label, value) for label, value, is_told, *_rest in rows if is_told))
    return [
        FactRow(
            text=fact_in_words(label, value, times),
            source=times.when(at),
            href=message_address(number, message_id) if message_id else address("desk:conversation", number),
            seen=not is_told,
            doubt=_("told differently, ask which is right") if is_told and label in doubtful else "",
        )
        for label, value, is_told, at, number, message_id in rows
    ]


def _others(conversation: Conversation, times: Times) -> list[OtherRow]:
    return _other_rows(_OTHERS.rows(conversation.customer_id, conversation.pk), times)


_ALIKE = LookUp(
    lambda conversation, team: (
        Alike.objects.filter(conversation=conversation, other__team=team)
        .exclude(other__status=Status.ERASED)
        .order_by("-likeness")
        .values_list("other_id", "other__subject", "other__language", "other__status", "other__changed_at")
    ),
    int,
    int,
)


def _alike(conversation: Conversation, times: Times) -> list[OtherRow]:
    """What was about the same: how it was solved then."""
    return _other_rows(_ALIKE.rows(conversation.pk, conversation.team_id), times)


def _other_rows(rows: Iterable[Sequence[Any]], times: Times) -> list[OtherRow]:
    return [
        OtherRow(
            title=subject or _("(no subject)"),
            href=address("desk:conversation", number),
            lang=language,
            sub=f"#{number} · {status_name(status)} · {times.day(changed_at)}",
        )
        for number, subject, language, status, changed_at in rows
    ]


def status_name(status: str) -> str:
    """Where a conversation stands, in the reader's words."""
    return {
        "open": _("open"),
        "waiting": _("waiting for the customer"),
        "snoozed": _("snoozed"),
        "closed": _("closed"),
        "dismissed": _("not for us"),
    }.get(status, status)


def _merges(customer: Customer, conversation: Conversation) -> list[MergeRow]:
    rows = _MERGED.rows(customer.pk)
    return [
        MergeRow(
            _("Merged with %(name)s") % {"name": name or _("a customer without a name")},
            address("desk:undo_merge", conversation.pk, pk),
        )
        for pk, name in rows
    ]
