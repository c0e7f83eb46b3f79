"""What a policy or a prepared reply must not say, whoever uses it later (story 7: the review fine).

Three clauses turn a desk against the people it serves: a price on speaking up, a price on leaving, a demand to keep
silent. Everything the guard stops in a reply counts here too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from holdord.listening.acts import Act, Side
from holdord.listening.languages import detect
from holdord.listening.reading import concepts_in
from holdord.listening.text import Sentence, sentences
from holdord.listening.weights import weights


class Clause(StrEnum):
    """What is wrong with a sentence of a policy."""

    PUNISHES_SPEAKING = "punishes_speaking"
    CHARGES_FOR_LEAVING = "charges_for_leaving"
    DEMANDS_SILENCE = "demands_silence"
    INSULTS = "insults"
    REFUSES_WITHOUT_REASON = "refuses_without_reason"
    BLAMES = "blames"


@dataclass(frozen=True, slots=True)
class WrongClause:
    """A sentence that must not stand, by characters of the text."""

    clause: Clause
    start: int
    end: int


_PRICE: Final = frozenset(["fee", "penalty", "charge"])
_NOTHING: Final = frozenset(["not", "nobody"])
_BAN: Final = frozenset(["forbidden", "not_allowed"])
_OF_ACTS: Final = {
    Act.INSULT: Clause.INSULTS,
    Act.REFUSAL_NO_REASON: Clause.REFUSES_WITHOUT_REASON,
    Act.BLAME_SHIFT: Clause.BLAMES,
}


def wrong_clauses(text: str, language: str) -> list[WrongClause]:
    """The clauses of a text that must not be published, in its order.

    It is read in the language it is meant to be in, and in the one its words tell, if that is another.
    """
    languages = dict.fromkeys([language, detect(text) or language])
    return [
        WrongClause(clause, sentence.start, sentence.end)
        for sentence in sentences(text)
        for clause in dict.fromkeys(clause for each in languages for clause in _clauses(sentence, each))
    ]


def _clauses(sentence: Sentence, language: str) -> Iterator[Clause]:
    matches = concepts_in(sentence, [language])
    found = {match.meaning for match in matches}
    costs_nothing = bool(found & _NOTHING) and not found & _BAN
    if "speaking_up" in found and (found & _BAN or (found & _PRICE and not costs_nothing)):
        yield Clause.PUNISHES_SPEAKING
    if "leaving" in found and "fee" in found and not costs_nothing:
        yield Clause.CHARGES_FOR_LEAVING
    if "silence" in found:
        yield Clause.DEMANDS_SILENCE
    weighing = weights(Side.AGENT)
    for score in weighing.scores(sentence, matches):
        if score.act in _OF_ACTS:
            yield _OF_ACTS[score.act]
