"""What a message says: `read` goes through it once and tells the acts, the promises with their times, and the language.

It suggests; a person confirms. Plain Python, offline, linear in the length of the text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from holdord.kernel.languages import closest
from holdord.kernel.working_time import Calendar
from holdord.listening import reader
from holdord.listening.acts import Act, Side
from holdord.listening.dates import dates_in
from holdord.listening.due import Due, find_due
from holdord.listening.facts import Fact, facts
from holdord.listening.features import place_of
from holdord.listening.languages import likeliest
from holdord.listening.lexicon import LANGUAGES, lexicon
from holdord.listening.patterns import Match
from holdord.listening.quotes import only_new_words
from holdord.listening.text import Sentence, sentences
from holdord.listening.weights import Score, Weights, weights

_MOST_VECTORS: Final = 60
"""Sentences of one message that are read with their vectors."""
_FEW: Final = 3
_SAYS_NOTHING: Final = frozenset(["greeting", "closing"])
"""A few words that mean nothing else ("Hej Henrik") are no act, whatever else is missing in them."""


@dataclass(frozen=True, slots=True)
class FoundAct:
    """An act in a text: its characters, the rule that found it, and how sure that is (0 to 1)."""

    act: Act
    start: int
    end: int
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class FoundPromise:
    """A promise in a text: in which words, and by when, if the text says it clearly."""

    what: str
    due: Due | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: `acts` and `promises` in the order of the text. `text` is the original with spaces instead of what
    it quotes, and as long.
    """

    text: str
    language: str | None
    acts: tuple[FoundAct, ...]
    promises: tuple[FoundPromise, ...] = ()
    dates: tuple[Fact, ...] = ()

    @property
    def facts(self) -> list[Fact]:
        """The facts it tells, in its order."""
        return sorted([*facts(self.text, self.language), *self.dates], key=lambda fact: fact.start)

    @property
    def questions(self) -> list[str]:
        """What it asks, word for word."""
        return [self.text[found.start : found.end] for found in self.acts if found.act is Act.QUESTION]

    @property
    def names(self) -> frozenset[Act]:
        """The acts, each once."""
        return frozenset(found.act for found in self.acts)


def read(
    text: str,
    side: Side,
    written_at: datetime,
    calendar: Calendar,
    language: str | None = None,
    *,
    with_vectors: bool = False,
) -> Reading:
    """Read one message.

    `written_at` is aware; relative times ("tomorrow") count from it, working days by `calendar`. `language` is one of
    da, nb, nn, sv, de, en where it is known; else it is told from the text. `with_vectors` reads with the embedding
    reader too, which must be installed: some milliseconds a sentence. Never fails on any text.
    """
    found: list[FoundAct] = []
    promises: list[FoundPromise] = []
    dates: list[Fact] = []
    text = only_new_words(text)
    whole = sentences(text)
    languages = _languages(text, whole, language)
    weighing = weights(side)
    meanings = reader.vectors([text[one.start : one.end] for one in whole[:_MOST_VECTORS]]) if with_vectors else []
    for number, sentence in enumerate(whole):
        meaning = meanings[number] if number < len(meanings) else ()
        acts = _acts(sentence, weights(side, reader.FILE) if meaning else weighing, languages, meaning)
        found += acts
        if side is Side.CUSTOMER and languages:
            dates += dates_in(
                sentence,
                text,
                is_deadline=any(act.act is Act.CUSTOMER_DEADLINE for act in acts),
                language=languages[0],
                written_at=written_at,
                calendar=calendar,
            )
        for act in acts:
            if act.act is Act.PROMISE:
                due = find_due(
                    sentence,
                    language=languages[0],
                    written_at=written_at,
                    calendar=calendar,
                    near=(act.start, act.end),
                )
                promises.append(FoundPromise(text[act.start : act.end], due, act.start, act.end))
    return Reading(text, languages[0] if languages else None, tuple(found), tuple(promises), tuple(dates))


def _languages(text: str, whole: Sequence[Sentence], language: str | None) -> list[str]:
    if known := closest(language):
        return [known]
    candidates = likeliest(text) or list(LANGUAGES)
    if len(candidates) == 1:
        return candidates
    forms = [word.form for sentence in whole[:5] for word in sentence.words]
    known_words = {
        candidate: len({at for match in lexicon(candidate).matches(forms) for at in match.taken})
        for candidate in candidates
    }
    return [max(candidates, key=lambda candidate: known_words[candidate])]


def concepts_in(sentence: Sentence, languages: Sequence[str]) -> list[Match[str]]:
    """The concepts of a sentence, with the words that mean them."""
    forms = [word.form for word in sentence.words]
    return [match for language in languages for match in lexicon(language).matches(forms)]


def _acts(sentence: Sentence, weighing: Weights, languages: Sequence[str], meaning: Sequence[float]) -> list[FoundAct]:
    concepts = concepts_in(sentence, languages)
    if len(sentence.words) <= _FEW and not {match.meaning for match in concepts} - _SAYS_NOTHING:
        return []
    return [_found(score, sentence, concepts) for score in weighing.scores(sentence, concepts, meaning)]


def _found(score: Score, sentence: Sentence, concepts: Sequence[Match[str]]) -> FoundAct:
    """The act, on the clauses its strongest feature stands in."""
    first, last = place_of(score.strongest, sentence, concepts)
    start = end = None
    passed = 0
    for clause in sentence.clauses:
        if passed <= first < passed + len(clause.words):
            start = clause.start
        if passed <= last < passed + len(clause.words):
            end = clause.end
        passed += len(clause.words)
    return FoundAct(
        score.act,
        sentence.start if start is None else start,
        sentence.end if end is None else end,
        score.strongest,
        round(score.likelihood, 3),
    )
