"""Promises that stand in the words of a reply: what they take, whether their time holds, and how one is given."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from holdord.conversations.models import Conversation
from holdord.desk.promise_forms import at_ones_own_time
from holdord.history.rows import LookUp
from holdord.kernel.moments import Precision
from holdord.listening.acts import Side
from holdord.listening.due import Due
from holdord.listening.languages import detect
from holdord.listening.reading import FoundPromise, concepts_in, read
from holdord.listening.text import sentences
from holdord.people.models import Agent
from holdord.people.queries import calendar_of
from holdord.promises import wording
from holdord.promises.actions import Given, give
from holdord.promises.models import Promise
from holdord.promises.queries import earliest_time, end_of_day, on_the_grid, usual_terms
from holdord.promises.rules import Kind, Source, Terms, Time

_HOLDS_WITHIN = timedelta(minutes=5)
"""Promises stand on five minutes: one that holds a little later holds."""

_KINDS = {
    "ring": Kind.CALLBACK,
    "pay": Kind.REFUND,
    "repair": Kind.FIX,
    "send": Kind.DELIVERY,
    "arrive": Kind.DELIVERY,
    "contact": Kind.UPDATE,
}
"""What a promise is by the first of these that its words mean; something else where none does."""


@dataclass(frozen=True, slots=True)
class Captured:
    """A promise found in a text. `said` is its time and `terms` are as it says; `holds` is the first time from then on
    that can be kept, None when none is known.
    """

    due: Due
    said: datetime
    terms: Terms
    holds: Time | None

    @property
    def fits(self) -> bool:
        """Whether the time that stands in the text can be kept."""
        return self.holds is not None and (self.holds.earliest_at or self.holds.due_at) <= self.said + _HOLDS_WITHIN


Held = frozenset[tuple[str, datetime]]
"""Kind and time of promises that stand in a reply and are held already: when each is due, and when its slot begins."""


def captured(
    conversation: Conversation, text: str, *, by: Agent, now: datetime, is_update: bool = False
) -> list[Captured]:
    """The promises with a time that stand in the text of a reply, in its order, but for those `by` holds already. An
    update (`is_update`) promises by itself that more is heard from us.
    """
    calendar = calendar_of(conversation.inbox)
    language, held = detect(text) or conversation.language, held_by(conversation, by)
    reading = read(text, Side.AGENT, calendar.local(now), calendar, language)
    found = [capture(conversation, text, promise, language, held, now=now) for promise in reading.promises]
    return [one for one in found if one is not None and not (is_update and one.terms.kind is Kind.UPDATE)]


def held_by(conversation: Conversation, agent: Agent) -> Held:
    """What an agent has promised in the reply that is being written."""
    rows = _HELD.rows(conversation.pk, agent.pk)
    return frozenset((kind, time) for kind, *times in rows for time in times if time)


_HELD = LookUp(
    lambda conversation, agent: (
        Promise.objects.drafts()
        .filter(conversation=conversation, given_by=agent, origin__isnull=True)
        .values_list("kind", "earliest_at", "due_at")
    ),
    int,
    int,
)


def capture(
    conversation: Conversation, text: str, promise: FoundPromise, language: str, held: Held, *, now: datetime
) -> Captured | None:
    """What a promise found in a text takes, and when it holds; None where it tells no time to come, or is held."""
    calendar, due = calendar_of(conversation.inbox), promise.due
    if due is None or due.is_past:
        return None
    what = _without_time(text, promise, due)
    precision = Precision.MINUTE if due.at else Precision.DAY
    terms = usual_terms(conversation, _kind(what, language), what=what[:300], precision=precision)
    wanted = on_the_grid(terms, due.at or end_of_day(due.on, calendar), calendar)
    if wanted <= now or (terms.kind.value, wanted) in held:
        return None
    terms = at_ones_own_time(terms, wanted)
    if not terms.work and not terms.places:
        return Captured(due, wanted, terms, Time(wanted))
    return Captured(
        due,
        wanted,
        terms,
        earliest_time(terms, wanted, team_id=conversation.team_id, calendar=calendar, now=now),
    )


def _kind(words: str, language: str) -> Kind:
    meant = [
        (min(match.taken), _KINDS[match.meaning])
        for sentence in sentences(words)
        for match in concepts_in(sentence, [language])
        if match.meaning in _KINDS
    ]
    return min(meant)[1] if meant else Kind.OTHER


def _without_time(text: str, promise: FoundPromise, due: Due) -> str:
    """Its words; the time stands beside them. Where the time was said before or after them, those of the sentence."""
    start, end = promise.start, promise.end
    if not start <= due.start <= due.end <= end:
        whole = ((one.start, one.end) for one in sentences(text) if one.start <= start <= one.end)
        start, end = next(whole, (start, end))
    before, after = text[start : due.start].rstrip(_STOPS), text[due.end : end].lstrip(_STOPS)
    return " ".join(f"{before} {after}".split()).strip(_STOPS)


_STOPS = " \n.,;:!–-"


def in_its_words(one: Captured, conversation: Conversation, *, now: datetime) -> str:
    """The time that holds, as it is written to the customer; empty when none is known."""
    if one.holds is None:
        return ""
    zone, language = conversation.inbox.time_zone, conversation.language
    return wording.in_words(one.holds, one.terms.precision, now=now, zone=zone, language=language)


def give_captured(conversation: Conversation, one: Captured, *, by: Agent, now: datetime) -> Promise:
    """Hold it, at the time that holds, for the reply being written. Raises what `give` raises."""
    assert one.holds is not None
    terms = one.terms.at(one.holds.due_at, one.holds.earliest_at)
    return give(conversation, terms, Given(source=Source.AGENT, by=by, is_draft=True), now=now)
