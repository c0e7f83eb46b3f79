"""What the customer asked for and where each request stands, and what they can have done with one press."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdord.conversations.actions.hearing import words_of
from holdord.conversations.models import Conversation, Request, RequestKind, RequestState
from holdord.fulfilment import wording
from holdord.fulfilment.models import Deed, Executor
from holdord.fulfilment.queries import CARRIED_OUT, can_be_undone, deeds_in, executors_of
from holdord.fulfilment.rules import NEEDS_A_CODE, UNDER_WAY, DeedState, Direction, Way
from holdord.web.letters import first_words
from holdord.web.times import Times

SHOWN = 12
LATELY = timedelta(days=2)
"""So long a decision stands on top."""


@dataclass(slots=True)
class PressRow:
    """A button on a request: what it says, which view it goes to."""

    label: str
    view: str
    main: bool = False


@dataclass(slots=True)
class AskedRow:
    """One request: what was asked, how it stands, what can be done about it."""

    pk: int
    title: str
    about: str
    look: str
    status: str
    more: list[str] = field(default_factory=list)
    presses: list[PressRow] = field(default_factory=list)
    is_under_way: bool = False
    is_blocked: bool = False
    quote: str = ""
    quote_lang: str = ""


@dataclass(slots=True)
class OfferRow:
    """What can be asked for: with one press, or, where `warning` says that there is no way back, opened first."""

    kind: str
    icon: str
    title: str
    press: str
    small: str
    about: str
    needs_code: bool
    warning: str


@dataclass(slots=True)
class Asked:
    """All of it. `finding` goes into the page's title when something stands out."""

    rows: list[AskedRow]
    earlier: list[AskedRow]
    offers: list[OfferRow]
    finding: str
    story: list[tuple[datetime, str, str]]


def asked(conversation: Conversation, times: Times) -> Asked:
    """What stands on the case page about requests, the newest first."""
    requests = list(
        Request.objects.filter(conversation=conversation)
        .exclude(state=RequestState.DISMISSED)
        .select_related("last_heard__message")
        .order_by("-last_said_at", "-pk")[:SHOWN]
    )
    deeds = deeds_in(conversation)
    executors = executors_of(conversation.inbox)
    # What was blocked is opened by undoing that, whoever carries out the one carries out the other.
    does = {RequestKind.UNBLOCK.value: executors.get(RequestKind.BLOCK), **executors}
    drawn = [(request, _row(request, deeds.get(request.pk, {}), times, does.get(request.kind))) for request in requests]
    stands = {request.kind for request in requests if _stands(request)}
    stands.discard(RequestKind.EXPORT)  # as often as they like
    if RequestKind.BLOCK in stands:
        stands.add(RequestKind.UNBLOCK)  # what is blocked here is opened by undoing it
    offers = [_offer(kind, executor) for kind, executor in executors.items() if kind not in stands]
    matters = [_matters(request, row, times) for request, row in drawn]
    return Asked(
        rows=[row for (_request, row), now in zip(drawn, matters, strict=True) if now],
        earlier=[row for (_request, row), now in zip(drawn, matters, strict=True) if not now],
        offers=offers,
        finding=_finding(requests, deeds),
        story=[told for by_direction in deeds.values() for told in map(_told, by_direction.values()) if told],
    )


def _told(deed: Deed) -> tuple[datetime, str, str] | None:
    """The line of the story for a deed that is settled."""
    if deed.settled_at is None or deed.state not in {DeedState.DONE, DeedState.REFUSED}:
        return None
    if deed.state == DeedState.DONE:
        return deed.settled_at, "kept", wording.done(deed.request.kind, deed.direction)
    not_undone, not_done = _("It could not be undone: %(reason)s"), _("We do not do what you asked for: %(reason)s")
    words = not_undone if deed.direction == Direction.UNDO else not_done
    return deed.settled_at, "broken", words % {"reason": deed.reason}


def _matters(request: Request, row: AskedRow, times: Times) -> bool:
    """Whether it belongs on top: there is something to press or wait for, or it was decided just now."""
    if request.state in {RequestState.PROPOSED, RequestState.CONFIRMED} or row.presses or row.look == "open":
        return True
    return request.settled_at is not None and times.now - request.settled_at < LATELY


def _stands(request: Request) -> bool:
    """Whether there is nothing more to ask for: it runs, or is done and was not undone."""
    return request.state in {RequestState.PROPOSED, RequestState.CONFIRMED, RequestState.FULFILLED}


def _finding(requests: list[Request], deeds: dict[int, dict[str, Deed]]) -> str:
    done = {request.kind for request in requests if request.state == RequestState.FULFILLED and request.pk in deeds}
    if RequestKind.BLOCK in done:
        return _("It is blocked, and nobody can use it.")
    if RequestKind.CANCEL in done:
        return _("It is cancelled.")
    return ""


def _row(request: Request, deeds: dict[str, Deed], times: Times, executor: Executor | None) -> AskedRow:
    row = AskedRow(request.pk, _title(request.kind), request.about, "open", "")
    did, undoing = deeds.get(Direction.DO.value), deeds.get(Direction.UNDO.value)
    if request.state == RequestState.PROPOSED:
        _proposed(row, request, executor)
    elif request.state == RequestState.DECLINED:
        row.look = "broken"
        row.status = _("We do not do what you asked for: %(reason)s") % {"reason": request.reason}
        if did is not None and did.instead:
            row.more.append(_("What is possible instead: %(instead)s") % {"instead": did.instead})
    elif undoing is not None and undoing.state in UNDER_WAY:
        row.status, row.is_under_way = _("We are undoing it now."), undoing.state == DeedState.WAITING
        if undoing.state == DeedState.BY_HAND and undoing.promise is not None:
            row.status = _by_hand(undoing, times)
    elif request.state == RequestState.WITHDRAWN:
        row.look = "released"
        is_undone = undoing is not None and undoing.state == DeedState.DONE
        row.status = wording.done(request.kind, Direction.UNDO) if is_undone else _("You took it back.")
    elif did is not None and did.state == DeedState.DONE:
        _done(row, request, deeds, times)
    elif did is not None:
        _under_way(row, did, times)
    elif request.state == RequestState.FULFILLED:
        row.look, row.status = "kept", wording.done(request.kind, Direction.DO)
    else:
        row.status = _("We have it, and a person sees to it.")
    return row


def _proposed(row: AskedRow, request: Request, executor: Executor | None) -> None:
    row.status = _("We read this in what you wrote. Is it what you want?")
    if heard := request.last_heard:
        row.quote = first_words(words_of(heard.message)[heard.start : heard.end])
        row.quote_lang = heard.message.language or request.conversation.language
    if row.quote:
        row.status = _("Is that what we should do?")
    if request.kind in CARRIED_OUT and request.kind not in NEEDS_A_CODE:
        if request.kind != RequestKind.UNBLOCK and (executor is None or not _has_a_way_back(executor)):
            row.more.append(_("Once it is done, it can't be undone here."))
        elif request.kind == RequestKind.BLOCK:
            row.more.append(_("You can open it again yourself, with one press."))
        by_a_person = executor is None or executor.way == Way.TASK
        yes = _("Yes, please do it") if by_a_person else _("Yes, do it now")
        row.presses.append(PressRow(yes, "portal:confirm_request", main=True))
    row.presses.append(PressRow(_("No, that is not what I meant"), "portal:dismiss_request"))


_SYSTEMS_TAKE_BACK = frozenset({RequestKind.CANCEL.value, RequestKind.BLOCK.value})
"""What a system that carries it out takes back too, and says until when (docs/executors.md)."""


def _has_a_way_back(executor: Executor) -> bool:
    """Whether what this executor does can be taken back when it is done. What is opened again can be blocked again."""
    if executor.undo_hours > 0 or executor.kind == RequestKind.UNBLOCK.value:
        return True
    return executor.kind in _SYSTEMS_TAKE_BACK and executor.way == Way.WEBHOOK


def _under_way(row: AskedRow, did: Deed, times: Times) -> None:
    row.is_under_way = did.state == DeedState.WAITING
    if did.state == DeedState.BY_HAND:
        row.status = _by_hand(did, times)
    elif did.is_pending:
        row.status = _("It is under way. You hear from us when it is done.")
    else:
        row.status = _("We are doing it now.")
    row.presses.append(PressRow(_("Take it back"), "portal:undo_request"))


def _by_hand(deed: Deed, times: Times) -> str:
    if deed.promise is None:
        return _("We have it, and a person sees to it.")
    when = times.by(deed.promise.due_at, whole_day=deed.promise.precision == "day")
    return _("A person does it, %(when)s.") % {"when": when}


def _done(row: AskedRow, request: Request, deeds: dict[str, Deed], times: Times) -> None:
    did = deeds[Direction.DO.value]
    row.look, row.status = "kept", wording.done(request.kind, Direction.DO)
    if did.effective_at is not None and did.effective_at > times.now:
        row.more.append(wording.takes_effect(request.kind, times.when(did.effective_at)))
    undoing = deeds.get(Direction.UNDO.value)
    if undoing is not None and undoing.state == DeedState.REFUSED:
        row.more.append(_("It could not be undone: %(reason)s") % {"reason": undoing.reason})
    elif can_be_undone(deeds, now=times.now) and did.undo_until is not None:
        row.is_blocked = request.kind == RequestKind.BLOCK
        if row.is_blocked:
            row.more.append(_("If you find it, open it again yourself. It works at once, and nothing else changes."))
            row.more.append(_("You can open it until %(until)s.") % {"until": times.when(did.undo_until)})
        else:
            row.more.append(_("You can undo it until %(until)s.") % {"until": times.when(did.undo_until)})
        row.presses.append(PressRow(wording.undo_label(request.kind), "portal:undo_request", main=row.is_blocked))


def _title(kind: str) -> str:
    return {
        RequestKind.CANCEL: _("You asked us to cancel"),
        RequestKind.BLOCK: _("You asked us to block it"),
        RequestKind.UNBLOCK: _("You asked us to open it again"),
        RequestKind.REFUND: _("You asked for your money back"),
        RequestKind.REPLACE: _("You asked for another one"),
        RequestKind.STOP_CONTACTING: _("You asked us to stop contacting you"),
        RequestKind.EXPORT: _("You asked for everything we have about you"),
        RequestKind.ERASE: _("You asked us to erase what we have about you"),
        RequestKind.CALL_BACK: _("You asked us to call you"),
        RequestKind.PERSONAL_DATA: _("You asked about your personal data"),
    }[RequestKind(kind)]


def _offer(kind: str, executor: Executor) -> OfferRow:
    icon, title, press, small = {
        RequestKind.CANCEL: ("stop", _("Cancel"), _("Cancel now"), _("One press, no questions.")),
        RequestKind.BLOCK: ("lock", _("Block it"), _("Block it now"), _("You can open it again yourself.")),
        RequestKind.UNBLOCK: ("undo", _("Open it again"), _("Open it again"), _("It works at once.")),
        RequestKind.REFUND: ("refund", _("Get the money back"), _("Pay me back now"), _("One press, no questions.")),
        RequestKind.REPLACE: (
            "parcel",
            _("Get another one"),
            _("Send me another one"),
            _("You need not return the first one before."),
        ),
        RequestKind.STOP_CONTACTING: (
            "bell",
            _("Do not contact me"),
            _("Do not contact me"),
            _("When you write to us, we answer all the same."),
        ),
        RequestKind.EXPORT: _guarded("down2", _("Fetch everything about me")),
        RequestKind.ERASE: _guarded("x", _("Have everything about me erased")),
    }[RequestKind(kind)]
    days = executor.undo_hours // 24
    if days and kind not in {RequestKind.BLOCK, RequestKind.STOP_CONTACTING, *NEEDS_A_CODE}:
        small = ngettext("You can undo it for a day.", "You can undo it for %(days)s days.", days) % {"days": days}
    needs_code = kind in NEEDS_A_CODE
    warning = "" if needs_code or _has_a_way_back(executor) else _warning(kind)
    return OfferRow(kind, icon, title, press, small, executor.about, needs_code, warning)


def _guarded(icon: str, title: str) -> tuple[str, str, str, str]:
    return icon, title, title, _("We send you a code by mail first.")


def _warning(kind: str) -> str:
    """What will happen, where there is no way back."""
    return {
        RequestKind.CANCEL: _("We cancel it, and you get a mail when it is done. After that it can't be undone here."),
        RequestKind.BLOCK: _("It is blocked, and nobody can use it. You can't open it again here yourself."),
        RequestKind.REFUND: _(
            "We have your money paid back, and you get a mail when it is done. The amount is not known on this page: "
            "write to us if you want to hear it first. Once it is paid, it can't be undone."
        ),
        RequestKind.REPLACE: _(
            "We have another one sent to you. You need not return the first one before. Once it is done, it can't be "
            "undone."
        ),
        RequestKind.STOP_CONTACTING: _(
            "We write to you no more, unless you write to us. It can't be undone on this page."
        ),
    }[RequestKind(kind)]
