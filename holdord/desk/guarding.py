"""The guard beside the composer: what it knows of the conversation, and what it says to the agent."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from holdord.conversations.models import Conversation, Fact, Heard, Kind, Message, Request, RequestKind
from holdord.conversations.models.request import RUNNING
from holdord.desk import capturing
from holdord.desk.customer_rows import language_name
from holdord.desk.promise_forms import in_agents_words
from holdord.history.rows import LookUp
from holdord.kernel.moments import Precision
from holdord.kernel.remembering import remembering
from holdord.listening import facts, guard
from holdord.listening.acts import Act
from holdord.listening.fact_patterns import FactKind
from holdord.listening.guard import Flag, Mend, Situation, Slip
from holdord.listening.languages import detect
from holdord.listening.reading import FoundPromise
from holdord.people.models import Agent, Identity
from holdord.people.queries import calendar_of
from holdord.promises import wording
from holdord.promises.models import Pool, Promise
from holdord.promises.queries import earliest_time, usual_terms
from holdord.promises.rules import RUNNING as RUNNING_PROMISES
from holdord.promises.rules import Kind as PromiseKind
from holdord.promises.rules import Terms, Time
from holdord.web.promise_rows import due_in_a_sentence
from holdord.web.times import Times, zone

log = logging.getLogger(__name__)

_MOST_QUESTIONS = 5


class CouldNotLook(Exception):
    """The guard failed. Nothing is held back for that; it is said."""


@dataclass(slots=True)
class MendRow:
    """A button: what it is called, and what stands in the text instead from `start` to `end` (UTF-16 units)."""

    label: str
    start: int = 0
    end: int = 0
    text: str = ""
    lang: str = ""
    attaches: bool = False


@dataclass(slots=True)
class FlagRow:
    """A flag in the agent's words."""

    number: int
    title: str
    why: str
    level: str
    start: int
    end: int
    mends: list[MendRow] = field(default_factory=list)


@dataclass(slots=True)
class CapturedRow:
    """A promise found in the text: by when it says, what to know of that, and what the button that gives it says."""

    what: str
    lang: str
    said: str
    fits: bool
    why: str
    earliest: str = ""
    button: str = ""


@dataclass(slots=True)
class GuardPanel:
    """What stands beside the text, and below it the promises found in it. `level` is the sternest of its flags: hint,
    ask, stop, or nothing.
    """

    title: str
    level: str
    flags: list[FlagRow]
    reason: str = ""
    captured: list[CapturedRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Draft:
    """What goes out with a text: how many files, and whether a promise with its time stands in it anyway."""

    text: str
    by: Agent
    attachments: int = 0
    is_update: bool = False


def look(conversation: Conversation, draft: Draft, *, now: datetime) -> list[Flag]:
    """The flags of a draft. Raises CouldNotLook when the guard fails, and logs why."""
    try:
        with remembering():
            return guard.review(draft.text, situation(conversation, draft, now=now))
    except Exception as error:
        log.exception("The guard failed on a reply in conversation %s", conversation.pk)
        raise CouldNotLook from error


def panel(
    conversation: Conversation, draft: Draft, flags: list[Flag], *, now: datetime, reason: str = ""
) -> GuardPanel:
    """The flags in words."""
    rows = [_row(number, flag, draft.text, conversation, now=now) for number, flag in enumerate(flags, start=1)]
    worst = guard.worst(flags)
    title = ngettext("One thing before you send", "%(count)s things before you send", len(rows)) % {"count": len(rows)}
    level = worst.name.lower() if worst else ""
    return GuardPanel(title if rows else "", level, rows, reason, _found(conversation, draft, now=now))


def _found(conversation: Conversation, draft: Draft, *, now: datetime) -> list[CapturedRow]:
    try:
        found = capturing.captured(conversation, draft.text, by=draft.by, is_update=draft.is_update, now=now)
        return [_captured(one, conversation, now=now) for one in found]
    except Exception:
        # Promising by hand goes on, and so does sending.
        log.exception("Promises in a reply in conversation %s could not be found", conversation.pk)
        return []


def _captured(one: capturing.Captured, conversation: Conversation, *, now: datetime) -> CapturedRow:
    times = Times(zone(conversation.inbox.time_zone), now)
    row = CapturedRow(
        what=one.terms.what,
        lang=conversation.language,
        said=_short(one.said, one.terms, times),
        fits=one.fits,
        why=_("This time holds."),
    )
    if one.holds is None:
        row.why = _("No time is known to hold.")
        return row
    row.button = _("Promise %(when)s") % {"when": _short(one.holds.earliest_at or one.holds.due_at, one.terms, times)}
    if not one.fits:
        pool = Pool.objects.filter(pk__in=[pool for pool, _amount in one.terms.places]).first()
        row.why = _("No room left in “%(pool)s”") % {"pool": pool.name} + "." if pool else ""
        row.earliest = in_agents_words(one.holds, one.terms, conversation, now=now)
    return row


def _short(moment: datetime, terms: Terms, times: Times) -> str:
    return due_in_a_sentence(moment, times, whole_day=terms.precision == Precision.DAY)


def situation(conversation: Conversation, draft: Draft, *, now: datetime) -> Situation:
    """What the guard should know about a conversation."""
    calendar, pk = calendar_of(conversation.inbox), conversation.pk
    language, held = detect(draft.text) or conversation.language, capturing.held_by(conversation, draft.by)
    said_no = next((said for (said,) in _CANCEL.rows(pk)), 0)
    heard = _HEARD.rows(pk)
    last_answer = next((message for (message,) in _ANSWERS.rows(pk)), 0)
    owed = _OWED.rows(pk)
    return Situation(
        language=conversation.language,
        now=calendar.local(now),
        calendar=calendar,
        told=tuple(facts.kept((label, value) for label, value in _TOLD.rows(pk))),
        known=frozenset(address for (address,) in _ADDRESSES.rows(conversation.customer_id)),
        questions=tuple(_words_of(message, start, end) for message, start, end in _asked_since(last_answer, heard)),
        said_no=said_no,
        offers=len({message for act, message, *_rest in heard if act == Act.RETENTION_PUSH}) if said_no else 0,
        waits_for_help=any(act == Act.COMPLAINT for act, *_rest in heard)
        or any(
            state == "broken" or (kind in _HELPING and state in RUNNING_PROMISES) for kind, state, _by, _origin in owed
        ),
        attachments=draft.attachments,
        time_is_given=draft.is_update
        or any(state == "draft" and by == draft.by.pk and origin is None for _kind, state, by, origin in owed),
        earliest=partial(_earliest, conversation=conversation, text=draft.text, language=language, held=held, now=now),
    )


# Asked each time an agent pauses: the shortest way pays.
_CANCEL = LookUp(
    lambda conversation: Request.objects.filter(
        conversation=conversation, kind=RequestKind.CANCEL, state__in=RUNNING
    ).values_list("said")[:1],
    int,
)
_HEARD = LookUp(
    lambda conversation: (
        Heard.objects.filter(conversation=conversation, act__in=[Act.RETENTION_PUSH, Act.COMPLAINT, Act.QUESTION])
        .exclude(is_right=False)
        .exclude(message__outgoing__state="undone")
        .order_by("message", "start")
        .values_list("act", "message_id", "start", "end", "message__kind")
    ),
    int,
)
_ANSWERS = LookUp(
    lambda conversation: (
        Message.objects.filter(conversation=conversation, kind=Kind.OUTBOUND, is_answer=True)
        .exclude(outgoing__state="undone")
        .order_by("-pk")
        .values_list("pk")[:1]
    ),
    int,
)
_TOLD = LookUp(
    lambda conversation: Fact.objects.filter(conversation=conversation, told=True, corrected_at=None).values_list(
        "label", "value"
    ),
    int,
)
_ADDRESSES = LookUp(lambda customer: Identity.objects.filter(customer=customer).values_list("address"), int)
_OWED = LookUp(
    lambda conversation: Promise.objects.filter(conversation=conversation).values_list(
        "kind", "state", "given_by_id", "origin_id"
    ),
    int,
)
_HELPING = frozenset(["fix", "visit", "delivery", "refund"])


def _asked_since(last_answer: int, heard: Sequence[Sequence[Any]]) -> list[tuple[int, int, int]]:
    """What the customer asked since we last answered: message, start, end."""
    asked = [
        (message, start, end)
        for act, message, start, end, kind in heard
        if act == Act.QUESTION and kind == Kind.INBOUND and message > last_answer
    ]
    return asked[:_MOST_QUESTIONS]


def _words_of(message: int, start: int, end: int) -> str:
    text, reply_text = next(iter(_TEXT.rows(message)))
    return str(reply_text or text)[start:end]


_TEXT = LookUp(lambda message: Message.objects.filter(pk=message).values_list("text", "reply_text"), int)


def _earliest(
    promise: FoundPromise, *, conversation: Conversation, text: str, language: str, held: capturing.Held, now: datetime
) -> datetime | None:
    """None when the time that stands in the draft holds; else the first that does."""
    found = capturing.capture(conversation, text, promise, language, held, now=now)
    if found is None or found.fits or found.holds is None:
        return None
    return found.holds.due_at


def _row(number: int, flag: Flag, text: str, conversation: Conversation, *, now: datetime) -> FlagRow:
    title, why = title_of(flag.slip), _why(flag, conversation, now=now)
    mends = [row for mend in flag.mends if (row := _mend(mend, flag, text, conversation, now=now))]
    return FlagRow(number, title, why, flag.level.name.lower(), _units(text, flag.start), _units(text, flag.end), mends)


def title_of(slip: Slip) -> str:
    """What a slip is called."""
    return {
        Slip.INSULT: _("This insults or talks down"),
        Slip.BLAME: _("Blames someone else"),
        Slip.PROCESS: _("Our process instead of help"),
        Slip.REFUSAL: _("A no without a reason"),
        Slip.PENALTY: _("A threat or a penalty"),
        Slip.NO_TIME: _("A promise without a time"),
        Slip.WILL_NOT_HOLD: _("This time does not hold"),
        Slip.ALREADY_TOLD: _("The customer has already told us"),
        Slip.UNANSWERED: _("A question is left open"),
        Slip.KEEPING: _("They said no. No means no."),
        Slip.SELLING: _("Selling to someone who waits"),
        Slip.PERSONAL: _("They never told us this"),
        Slip.LANGUAGE: _("Another language"),
        Slip.ATTACHMENT: _("Nothing is attached"),
        Slip.COST: _("A cost without its total"),
    }[slip]


def _why(flag: Flag, conversation: Conversation, *, now: datetime) -> str:
    match flag.slip:
        case Slip.INSULT:
            return _("Nobody who wrote to us for help should read it.")
        case Slip.BLAME:
            return _("The customer bought from us: what went wrong is ours to put right.")
        case Slip.PROCESS:
            return _("Say what we can do; the steps are ours to take.")
        case Slip.REFUSAL:
            return _("Say why in a sentence, and what is possible instead.")
        case Slip.PENALTY:
            return _("Nobody is to pay or fear anything for asking.")
        case Slip.NO_TIME:
            return _("Say by when, so that it can be kept and watched.")
        case Slip.WILL_NOT_HOLD:
            when = _in_words(datetime.fromisoformat(flag.about), conversation, get_language() or "en", now=now)
            return _("Earliest that holds: %(when)s.") % {"when": when}
        case Slip.ALREADY_TOLD:
            return flag.about
        case Slip.UNANSWERED:
            return f"“{' '.join(flag.about.split())}”"
        case Slip.KEEPING:
            return _("One offer to stay is all there may be. Carry out what they ask.")
        case Slip.SELLING:
            return _("They wait for help. Help first.")
        case Slip.PERSONAL:
            return flag.about or _("A number that did not come from the customer.")
        case Slip.LANGUAGE:
            words = {"written": language_name(flag.about), "theirs": language_name(conversation.language)}
            return _("You write %(written)s; the customer reads %(theirs)s.") % words
        case Slip.ATTACHMENT:
            return _("The text names an attachment.")
        case Slip.COST:
            return _("Say what it comes to over a year.")


def _mend(mend: Mend, flag: Flag, text: str, conversation: Conversation, *, now: datetime) -> MendRow | None:
    start, end = _units(text, flag.start), _units(text, flag.end)
    if mend is Mend.REMOVE:
        sentence_end = flag.end + len(text[flag.end :]) - len(text[flag.end :].lstrip(".!? "))
        return MendRow(_("Remove it"), start, _units(text, sentence_end))
    if mend is Mend.ATTACH:
        return MendRow(_("Attach a file"), attaches=True)
    words = _words_of_mend(mend, flag, text, conversation, now=now)
    if not words:
        return None
    if mend is Mend.ANSWER:
        start = end = _units(text, len(text))
        return MendRow(_("Answer it at the end"), start, end, words, conversation.language)
    if mend is Mend.SAY_LANGUAGE:
        return MendRow(f"»{words.strip()}«", 0, 0, words, conversation.language)
    if mend in (Mend.SAY_WHEN, Mend.SAY_WHY, Mend.SAY_TOTAL):
        start = end
    return MendRow(f"»{' '.join(words.split())}«", start, end, words, conversation.language)


def _words_of_mend(mend: Mend, flag: Flag, text: str, conversation: Conversation, *, now: datetime) -> str:
    """What is put into the text, in the customer's language."""
    language = conversation.language
    with override(language):
        match mend:
            case Mend.OWN_IT:
                return _("It is our mistake")
            case Mend.SAY_WHY:
                return _(", because …")
            case Mend.SAY_WHAT_WE_CAN:
                return _("What we can do is …")
            case Mend.SAY_LANGUAGE:
                names = {"written": language_name(flag.about), "theirs": language_name(language)}
                said = _("I answer you in %(written)s. If you would rather read %(theirs)s, just say so.") % names
                return said + "\n\n"
            case Mend.CONFIRM_END:
                return _("We end it as you ask")
            case Mend.ANSWER:
                return "\n\n" + _("You asked: “%(question)s”") % {"question": " ".join(flag.about.split())} + "\n"
            case Mend.TAKE_EARLIEST:
                return _in_words(datetime.fromisoformat(flag.about), conversation, language, now=now)
            case Mend.SAY_WHEN:
                return _when_it_holds(conversation, language, now=now)
            case Mend.SAY_TOTAL:
                return _total(text[flag.start : flag.end])
            case _:
                return ""


def _when_it_holds(conversation: Conversation, language: str, *, now: datetime) -> str:
    terms = usual_terms(conversation, PromiseKind.OTHER)
    calendar = calendar_of(conversation.inbox)
    found = earliest_time(terms, now + timedelta(hours=1), team_id=conversation.team_id, calendar=calendar, now=now)
    return " " + _in_words(found.due_at, conversation, language, now=now) if found else ""


def _in_words(moment: datetime, conversation: Conversation, language: str, *, now: datetime) -> str:
    zone = conversation.inbox.time_zone
    return wording.in_words(Time(moment), Precision.MINUTE, now=now, zone=zone, language=language)


_A_YEAR = 12


def _total(sentence: str) -> str:
    """The year's sum of a monthly amount, if the sentence holds one."""
    for fact in facts.facts(sentence):
        if fact.kind is FactKind.AMOUNT:
            amount, _space, unit = fact.value.partition(" ")
            return _(" (%(sum)s over twelve months)") % {"sum": f"{float(amount) * _A_YEAR:g} {unit}"}
    return ""


def _units(text: str, at: int) -> int:
    """A place in the text as browsers count it (UTF-16 code units)."""
    return at + sum(ord(sign) > 0xFFFF for sign in text[:at])
