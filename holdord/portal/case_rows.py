"""The case page: what we owe, what you can do, what happened, what you told us. Flat rows, ready to print."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup

from holdord.conversations.models import (
    Closing,
    Conversation,
    EffortSaid,
    Fact,
    Kind,
    Participant,
    Status,
)
from holdord.history.models import Event
from holdord.orders.models import OrderEvent
from holdord.orders.rules import CancelledBy, EventKind
from holdord.people.models import Identity
from holdord.people.queries import calendar_of
from holdord.people.rules import spaced_number
from holdord.portal.call_backs import call_back_times, time_in_words
from holdord.portal.cost_rows import CostRows, cost_rows
from holdord.portal.file_rows import FileRow, file_rows
from holdord.portal.greeting import called
from holdord.portal.messages import from_customer, from_us
from holdord.promises import wording
from holdord.promises.models import Move, Promise
from holdord.promises.queries import dates_that_hold, moves_still_held, promises_in, terms_of
from holdord.promises.rules import RUNNING, Choice, Time
from holdord.web.facts import fact_in_words, fact_to_type
from holdord.web.letters import paragraphs
from holdord.web.promise_rows import Clock, PromiseRow, due_in_a_sentence, promise_row
from holdord.web.times import Times

SHOWN = 3
"""Promises beside the first one; earlier ones are a click away."""

SAME_THING = timedelta(minutes=2)
"""A letter of the desk this close to what it tells of is not told a second time."""


@dataclass(slots=True)
class StoryRow:
    """One thing that happened."""

    at: datetime
    when: str
    when_iso: str
    look: str = ""
    who: str = ""
    lang: str = ""
    text: Markup | str = ""
    words: str = ""
    files: list[FileRow] = field(default_factory=list)


@dataclass(slots=True)
class ChoiceRow:
    """A late promise, and what the customer can choose."""

    pk: int
    what: str
    lang: str
    new: str
    options: list[tuple[str, str]]
    times: list[tuple[str, str]]


@dataclass(slots=True)
class ToldRow:
    """Something the customer told us: in words, and as a field of type `typed` takes it, to be corrected."""

    pk: int
    words: str
    value: str
    typed: str = "text"


@dataclass(slots=True)
class CasePage:
    """The whole page."""

    number: int
    title: str
    hero: PromiseRow | None
    promises: list[PromiseRow]
    earlier: list[PromiseRow]
    story: list[StoryRow]
    facts: list[ToldRow]
    writes_to: str
    is_closed: bool
    may_solve: bool
    awaits_call: bool
    has_answer: bool
    asks_effort: bool
    choices: list[ChoiceRow]
    slots: list[tuple[str, str]]
    phone: str
    cost: CostRows


Told = tuple[datetime, str, str]
"""A thing that happened: when, how it looks, in words."""


class _Said(NamedTuple):
    pk: int
    kind: str
    channel: str
    at: datetime
    text: str
    reply_text: str
    language: str
    is_automatic: bool
    author_name: str | None


def case_page(participant: Participant, times: Times, *, finding: str = "", deeds: Sequence[Told] = ()) -> CasePage:
    """What this participant, the customer, may see. Notes, drafts, and what strangers wrote are not in it. `finding` is
    what matters more to them than what we owe, `deeds` what was done for them.
    """
    conversation = participant.conversation
    held = moves_still_held(conversation, now=times.now)
    promises = promises_in(conversation, without=held)
    drawn = [
        (promise, _drawn(promise, conversation, times))
        for promise in promises
        if promise.state not in {"void", "draft"}
    ]
    hero = next((row for promise, row in drawn if promise.state in {"open", "moved"}), None)
    others = [row for _promise, row in drawn if row is not hero]
    has_answer = from_us(conversation).filter(is_automatic=False).exists()
    return CasePage(
        number=conversation.pk,
        title=_title(conversation, promises, has_answer=has_answer, finding=finding),
        hero=hero,
        promises=others[:SHOWN],
        earlier=others[SHOWN:],
        story=_story(participant, held, times, deeds),
        facts=_facts(conversation, times),
        writes_to=conversation.owner.first_name if conversation.owner else conversation.inbox.name,
        is_closed=conversation.status == Status.CLOSED,
        has_answer=has_answer,
        asks_effort=conversation.status == Status.CLOSED
        and not EffortSaid.objects.filter(conversation=conversation).exists(),
        awaits_call=_awaits_call(promises),
        may_solve=conversation.status not in {Status.CLOSED, Status.DISMISSED},
        choices=_choices(promises, conversation, times),
        slots=_slots(promises, conversation, times),
        phone=spaced_number(
            Identity.objects.filter(customer=conversation.customer, kind="phone")
            .order_by("-pk")
            .values_list("address", flat=True)
            .first()
            or ""
        ),
        cost=cost_rows(conversation, promises, times),
    )


def _choices(promises: list[Promise], conversation: Conversation, times: Times) -> list[ChoiceRow]:
    """What the customer may decide: the latest move of each running promise, until they have chosen."""
    found = []
    for promise in promises:
        moved = _latest_move(promise)
        if promise.state not in RUNNING or moved is None or moved.chosen or len(moved.choices) < 2:
            continue
        offered = [Choice(each) for each in moved.choices]
        found.append(
            ChoiceRow(
                pk=moved.pk,
                what=promise.what,
                lang=conversation.language,
                new=times.by(promise.due_at, whole_day=promise.precision == "day"),
                options=[(each.value, _words_of(each)) for each in offered if each is not Choice.OTHER_TIME],
                times=_other_times(promise, conversation, times) if Choice.OTHER_TIME in offered else [],
            )
        )
    return found


def _words_of(choice: Choice) -> str:
    return {
        Choice.KEEP: _("Yes, the new time suits me"),
        Choice.MONEY_BACK: _("No thank you: I want my money back"),
        Choice.LET_GO: _("You need not do it any more"),
    }[choice]


OTHER_TIMES = 5


def _other_times(promise: Promise, conversation: Conversation, times: Times) -> list[tuple[str, str]]:
    terms, calendar = terms_of(promise), calendar_of(conversation.inbox)
    later = max(promise.due_at, times.now) + timedelta(minutes=1)
    holding = dates_that_hold(terms, later, team_id=promise.team_id, calendar=calendar, now=times.now, most=OTHER_TIMES)
    return [(_value(each), time_in_words(each, promise.precision, times)) for each in holding]


def _value(time: Time) -> str:
    return (time.earliest_at or time.due_at).isoformat()


def _slots(promises: list[Promise], conversation: Conversation, times: Times) -> list[tuple[str, str]]:
    """The times at which the customer can be called back; none when a call is promised already."""
    return [] if _awaits_call(promises) else call_back_times(conversation.team_id, times)


def _awaits_call(promises: list[Promise]) -> bool:
    return any(promise.kind == "callback" and promise.state in RUNNING for promise in promises)


def _title(conversation: Conversation, promises: list[Promise], *, has_answer: bool, finding: str) -> str:
    name = called(conversation.customer.name, get_language() or "en")
    running = [promise for promise in promises if promise.state in {"open", "moved"}]
    if finding and conversation.status != Status.CLOSED:
        pass  # what was done for them comes before what is owed, until the case is closed
    elif running:
        finding = {
            "answer": _("We owe you an answer."),
            "update": _("You hear from us again."),
            "callback": _("We owe you a call."),
            "delivery": _("Something is on its way to you."),
            "refund": _("We owe you money."),
        }.get(running[0].kind, _("We have promised you something."))
    elif conversation.status == Status.CLOSED:
        finding = _("Your case is closed.")
    elif has_answer:
        finding = _("You have our answer.")
    else:
        finding = _("This is your case.")
    return _("Hi %(name)s. %(finding)s") % {"name": name, "finding": finding} if name else finding


def _drawn(promise: Promise, conversation: Conversation, times: Times) -> PromiseRow:
    moved = promise.first_due_at if promise.first_due_at != promise.due_at else None
    row = promise_row(
        what=_named(promise, conversation.language),
        lang=conversation.language,
        state="open" if promise.state == "moved" else promise.state,
        clock=Clock(promise.given_at, promise.due_at),
        times=times,
        by=_beside(promise, times),
        moved_from=moved,
        settled_at=promise.settled_at,
        whole_day=promise.precision == "day",
        for_customer=True,
    )
    if promise.state in {"open", "moved"}:
        row.left = (
            time_in_words(Time(promise.due_at, promise.earliest_at), promise.precision, times)
            if promise.earliest_at
            else times.by(promise.due_at, whole_day=promise.precision == "day")
        )
        row.state = _("moved") if promise.state == "moved" else _("on its way")
    return row


def _named(promise: Promise, language: str) -> str:
    """Its words; what ended is named, for "A person answers you" is no longer true of it."""
    is_usual = promise.kind == "answer" and promise.what == wording.what("answer", language=language)
    return wording.answer(language=language) if is_usual and promise.state not in RUNNING else promise.what


def _beside(promise: Promise, times: Times) -> str:
    if promise.state == "broken":
        return _("We did not keep it, and we are sorry. What we do instead stands above.")
    if promise.state == "kept":
        return _("Promised %(when)s") % {"when": times.by(promise.due_at)}
    if promise.state == "released":
        return _("You told us that you no longer need it.")
    if promise.state == "moved":
        old = due_in_a_sentence(promise.first_due_at, times, whole_day=promise.precision == "day")
        moved = _latest_move(promise)
        # The desk's own reasons stand in the sentence before.
        why = "" if moved is None or moved.reason in wording.OURS else f" {moved.reason}"
        return _("We had said %(old)s. We are sorry that it took longer.") % {"old": old} + why
    return ""


def _latest_move(promise: Promise) -> Move | None:
    return max(promise.moves.all(), key=lambda move: (move.at, move.pk), default=None)


def _story(participant: Participant, held: list[Move], times: Times, deeds: Sequence[Told]) -> list[StoryRow]:
    conversation = participant.conversation
    happened = _events(conversation, held, times) + _closings(conversation, times) + _orders(conversation, times)
    happened += [
        StoryRow(at, times.when(at), at.isoformat(timespec="seconds"), look=look, words=words)
        for at, look, words in deeds
    ]
    said = _messages(participant, times)
    told = [row for row in said if row.text or row.files or not _tells_of_one(row, happened)]
    return sorted(told + happened, key=lambda row: row.at, reverse=True)


def _tells_of_one(letter: StoryRow, happened: list[StoryRow]) -> bool:
    return any(abs(letter.at - row.at) < SAME_THING for row in happened)


def _messages(participant: Participant, times: Times) -> list[StoryRow]:
    conversation = participant.conversation
    # Ours first: of a letter and what it answers in the same moment, the letter is the later one.
    ours, theirs = from_us(conversation), from_customer(conversation)
    values = ("pk", "kind", "channel", "at", "text", "reply_text", "language", "is_automatic", "author__name")
    said = [_Said._make(row) for rows in (ours, theirs) for row in rows.values_list(*values).order_by("-pk")[:200]]
    files = file_rows(participant, [each.pk for each in said])
    return [_told(each, conversation, times, files.get(each.pk, [])) for each in said]


def _told(said: _Said, conversation: Conversation, times: Times, files: list[FileRow]) -> StoryRow:
    row = StoryRow(
        at=said.at,
        when=times.when(said.at),
        when_iso=said.at.isoformat(timespec="seconds"),
        who=_who(said, conversation),
        lang=said.language or conversation.language,
        files=files,
    )
    if said.kind == Kind.OUTBOUND and said.is_automatic:
        row.words = row.who
        row.who = ""
    else:
        row.text = paragraphs(said.reply_text or said.text)
        row.look = "kept" if said.kind == Kind.OUTBOUND else ""
    return row


def _who(said: _Said, conversation: Conversation) -> str:
    if said.kind == Kind.OUTBOUND and said.is_automatic:
        return _("We sent you a message that the desk wrote by itself.")
    if said.kind == Kind.OUTBOUND:
        first_name = (said.author_name or "").split()[0] if said.author_name else ""
        return f"{first_name}, {conversation.inbox.name}" if first_name else conversation.inbox.name
    return {
        "email": _("You wrote a mail"),
        "form": _("You wrote in the form"),
        "page": _("You wrote here"),
    }.get(said.channel, _("You wrote"))


_TOLD = {"PromiseMoved": "moved", "PromiseBroken": "broken", "ConversationReopened": ""}


def _events(conversation: Conversation, held: list[Move], times: Times) -> list[StoryRow]:
    unsaid = {(move.promise_id, move.at) for move in held}
    events = Event.objects.filter(conversation_id=conversation.pk, kind__in=_TOLD).values_list("kind", "at", "payload")
    of_days = set(conversation.promises.filter(precision="day").values_list("pk", flat=True)) if events else set()
    rows = []
    for kind, at, payload in events:
        if kind == "PromiseMoved" and (payload.get("promise_id"), at) in unsaid:
            continue
        due = payload.get("new_due_at") or payload.get("due_at")
        words = {
            "PromiseMoved": _("We moved our promise to %(due)s, and told you."),
            "PromiseBroken": _("We had promised an answer for %(due)s and did not keep it.")
            if payload.get("kind") == "answer"
            else _("We had promised you something for %(due)s and did not keep it."),
            "ConversationReopened": _("Your case was opened again."),
        }[kind]
        whole_day = payload.get("promise_id") in of_days
        words %= {"due": due_in_a_sentence(datetime.fromisoformat(due), times, whole_day=whole_day) if due else ""}
        rows.append(StoryRow(at, times.when(at), at.isoformat(timespec="seconds"), look=_TOLD[kind], words=words))
    return rows


def _closings(conversation: Conversation, times: Times) -> list[StoryRow]:
    rows = Closing.objects.filter(conversation=conversation).values_list("at", "by_id")
    return [
        StoryRow(
            at,
            times.when(at),
            at.isoformat(timespec="seconds"),
            words=_("We closed the case.") if by else _("You said that it works, and we closed the case."),
        )
        for at, by in rows
    ]


def _orders(conversation: Conversation, times: Times) -> list[StoryRow]:
    told = OrderEvent.objects.filter(order__conversation=conversation).exclude(kind=EventKind.PLACED.value)
    return [
        StoryRow(
            heard_at,
            times.when(heard_at),
            heard_at.isoformat(timespec="seconds"),
            look="kept" if kind == EventKind.DELIVERED else "",
            words=_of_an_order(kind, by, number, reason),
        )
        for heard_at, kind, by, number, reason in told.values_list("heard_at", "kind", "by", "order__number", "reason")
    ]


def _of_an_order(kind: str, by: str, number: str, reason: str) -> str:
    said = {"number": number, "reason": reason}
    return {
        EventKind.SHIPPED.value: _("Your order %(number)s has left the shop.") % said,
        EventKind.DELIVERED.value: _("Your order %(number)s has arrived.") % said,
        EventKind.DELAYED.value: _("Your order %(number)s comes later than we promised: %(reason)s") % said,
        EventKind.CANCELLED.value: _("Your order %(number)s is cancelled, because you asked for it.") % said
        if by == CancelledBy.CUSTOMER
        else _("Your order %(number)s is cancelled: %(reason)s") % said,
    }[kind]


def _facts(conversation: Conversation, times: Times) -> list[ToldRow]:
    rows = Fact.objects.filter(conversation=conversation, told=True, corrected_at=None).order_by("pk")
    return [
        ToldRow(pk, fact_in_words(label, value, times), *fact_to_type(label, value, times))
        for pk, label, value in rows.values_list("pk", "label", "value")[:20]
    ]
