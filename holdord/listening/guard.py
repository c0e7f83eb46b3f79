"""The guard: what an agent would want to know about a reply before the customer reads it.

Each flag marks words of the draft and offers ways to mend them. It never writes for the agent and never keeps a reply
back by itself: a hint is only shown, an ask wants a second click, a stop wants a reason that the lead sees.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final

from holdord.kernel.working_time import Calendar
from holdord.listening.acts import Act, Side
from holdord.listening.fact_patterns import FactKind
from holdord.listening.facts import Fact, facts
from holdord.listening.languages import detect
from holdord.listening.private_numbers import private_numbers
from holdord.listening.questions import asked_again, asks, unanswered
from holdord.listening.reading import FoundPromise, Reading, concepts_in, read
from holdord.listening.text import Sentence, sentences


class Level(IntEnum):
    """How much a flag asks of the agent."""

    HINT = 1
    ASK = 2
    STOP = 3


class Slip(StrEnum):
    """What a flag is about."""

    INSULT = "insult"
    BLAME = "blame"
    PROCESS = "process"
    REFUSAL = "refusal"
    PENALTY = "penalty"
    NO_TIME = "no_time"
    WILL_NOT_HOLD = "will_not_hold"
    ALREADY_TOLD = "already_told"
    UNANSWERED = "unanswered"
    KEEPING = "keeping"
    SELLING = "selling"
    PERSONAL = "personal"
    LANGUAGE = "language"
    ATTACHMENT = "attachment"
    COST = "cost"


class Mend(StrEnum):
    """A way to mend a slip. What it puts into the text is said in the customer's language by who shows it."""

    REMOVE = "remove"
    OWN_IT = "own_it"
    SAY_WHY = "say_why"
    SAY_WHAT_WE_CAN = "say_what_we_can"
    SAY_WHEN = "say_when"
    TAKE_EARLIEST = "take_earliest"
    ANSWER = "answer"
    CONFIRM_END = "confirm_end"
    ATTACH = "attach"
    SAY_TOTAL = "say_total"
    SAY_LANGUAGE = "say_language"


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing to look at. `start` and `end` are characters of the draft; both 0 when it is about the whole.

    `about` holds what the sentence of explanation names: the fact that was told, the question that is open, the
    earliest time that holds (ISO 8601).
    """

    slip: Slip
    level: Level
    start: int
    end: int
    mends: tuple[Mend, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of the conversation a reply belongs to.

    `told` are the customer's facts, `known` further values that are theirs by our records (numbers, addresses);
    `questions` are the open questions, word for word; `said_no` counts the messages that ask to end, `offers` our
    offers to stay; `waits_for_help` says that a complaint or a broken promise is open, `time_is_given` that a promise
    with its time goes with the reply anyway. `earliest` is asked for a promise with a due time that was read in the
    draft: None when it holds, else the first time that does.
    """

    language: str
    now: datetime
    calendar: Calendar
    told: tuple[Fact, ...] = ()
    known: frozenset[str] = frozenset()
    questions: tuple[str, ...] = ()
    said_no: int = 0
    offers: int = 0
    waits_for_help: bool = False
    attachments: int = 0
    time_is_given: bool = False
    earliest: Callable[[FoundPromise], datetime | None] | None = None


# Stopping somebody's reply takes more certainty than asking about it.
_SURE: Final = 0.6

_OF_ACTS: Final = {
    Act.INSULT: (Slip.INSULT, Level.STOP, (Mend.REMOVE,)),
    Act.BLAME_SHIFT: (Slip.BLAME, Level.ASK, (Mend.OWN_IT, Mend.REMOVE)),
    Act.PROCESS_SPEAK: (Slip.PROCESS, Level.ASK, (Mend.SAY_WHAT_WE_CAN, Mend.REMOVE)),
    Act.REFUSAL_NO_REASON: (Slip.REFUSAL, Level.STOP, (Mend.SAY_WHY, Mend.SAY_WHAT_WE_CAN)),
}


def review(draft: str, situation: Situation) -> list[Flag]:
    """The flags of a draft, in the order of its text; those about the whole come last. Linear in its length."""
    reading = read(draft, Side.AGENT, situation.now, situation.calendar, detect(draft) or situation.language)
    said = sentences(draft)
    languages = [reading.language or situation.language]
    concepts = [frozenset(match.meaning for match in concepts_in(sentence, languages)) for sentence in said]
    found = [
        *_acts(reading, said, situation),
        *_promises(reading, situation),
        *_sentence_by_sentence(draft, said, concepts, situation),
        *_personal(draft, situation),
        *_whole(draft, said, languages, concepts, situation),
    ]
    return sorted(_once(found), key=lambda flag: (flag.end == 0, flag.start, -flag.level))


def worst(flags: Sequence[Flag]) -> Level | None:
    """The highest level among the flags; None when there are none."""
    return max((flag.level for flag in flags), default=None)


def _acts(reading: Reading, said: Sequence[Sentence], situation: Situation) -> Iterator[Flag]:
    """Flags on whole sentences: half a sentence can't be mended."""
    for act in reading.acts:
        start, end = next((one.start, one.end) for one in said if one.start <= act.start <= one.end)
        # One offer to stay is fair. A second, or any after a second no, is not (guarantee 2).
        if act.act is Act.RETENTION_PUSH and (situation.said_no >= 2 or situation.offers >= 1):
            yield Flag(Slip.KEEPING, Level.STOP, start, end, (Mend.REMOVE, Mend.CONFIRM_END))
        elif act.act in _OF_ACTS:
            slip, level, mends = _OF_ACTS[act.act]
            yield Flag(slip, level if act.confidence >= _SURE else min(level, Level.ASK), start, end, mends)


def _promises(reading: Reading, situation: Situation) -> Iterator[Flag]:
    for promise in reading.promises:
        if promise.due is None and situation.time_is_given:
            continue
        if promise.due is None:
            yield Flag(Slip.NO_TIME, Level.ASK, promise.start, promise.end, (Mend.SAY_WHEN,))
        elif situation.earliest and (earliest := situation.earliest(promise)):
            about = earliest.isoformat()
            yield Flag(Slip.WILL_NOT_HOLD, Level.ASK, promise.due.start, promise.due.end, (Mend.TAKE_EARLIEST,), about)


def _sentence_by_sentence(
    draft: str, said: Sequence[Sentence], concepts: Sequence[frozenset[str]], situation: Situation
) -> Iterator[Flag]:
    has_total = any("total" in found for found in concepts)
    for sentence, found in zip(said, concepts, strict=True):
        start, end = sentence.start, sentence.end
        if "penalty" in found and "not" not in found:
            yield Flag(Slip.PENALTY, Level.STOP, start, end, (Mend.REMOVE,))
        if asks(sentence) and (fact := asked_again(draft[start:end], situation.told)):
            yield Flag(Slip.ALREADY_TOLD, Level.ASK, start, end, (Mend.REMOVE,), fact.value)
        if "sell" in found and situation.waits_for_help:
            yield Flag(Slip.SELLING, Level.ASK, start, end, (Mend.REMOVE,))
        if "says_attached" in found and not situation.attachments:
            yield Flag(Slip.ATTACHMENT, Level.ASK, start, end, (Mend.ATTACH,))
        if "per_period" in found and not has_total and _amount_in(draft[start:end]):
            yield Flag(Slip.COST, Level.HINT, start, end, (Mend.SAY_TOTAL,))


def _amount_in(text: str) -> bool:
    return any(fact.kind is FactKind.AMOUNT for fact in facts(text))


def _personal(draft: str, situation: Situation) -> Iterator[Flag]:
    """What the customer never gave us gives away that somebody looked further (story 11)."""
    known = {fact.value for fact in situation.told} | situation.known
    for fact in facts(draft, situation.language):
        if fact.kind in (FactKind.PHONE, FactKind.ADDRESS) and fact.value not in known:
            yield Flag(Slip.PERSONAL, Level.ASK, fact.start, fact.end, (Mend.REMOVE,), fact.value)
    for number in private_numbers(draft):
        if draft[number.start : number.end] not in known:
            yield Flag(Slip.PERSONAL, Level.ASK, number.start, number.end, (Mend.REMOVE,))


def _whole(
    draft: str,
    said: Sequence[Sentence],
    languages: Sequence[str],
    concepts: Sequence[frozenset[str]],
    situation: Situation,
) -> Iterator[Flag]:
    written_in = detect(draft)
    if written_in and written_in != situation.language:
        yield Flag(Slip.LANGUAGE, Level.ASK, 0, 0, (Mend.SAY_LANGUAGE,), written_in)
    if not said or not situation.questions:
        return
    asked = [
        frozenset(match.meaning for sentence in sentences(question) for match in concepts_in(sentence, languages))
        for question in situation.questions
    ]
    told = frozenset().union(*concepts)
    for number in unanswered(situation.questions, said, told, asked):
        yield Flag(Slip.UNANSWERED, Level.HINT, 0, 0, (Mend.ANSWER,), situation.questions[number])


def _once(flags: Sequence[Flag]) -> list[Flag]:
    """Of flags of one kind that overlap, the sternest."""
    kept: list[Flag] = []
    for flag in sorted(flags, key=lambda flag: -flag.level):
        if not any(
            other.slip is flag.slip
            and other.about == flag.about
            and other.start <= flag.end
            and flag.start <= other.end
            for other in kept
        ):
            kept.append(flag)
    return kept
