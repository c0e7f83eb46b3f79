"""Blocking: a customer asks to have a card, a SIM or an account blocked, or what is blocked opened again.

Said outright ("Spær mit kort"), wished ("Ich möchte meine Karte sperren lassen") or pleaded ("my card is stolen, please
stop it"). Who asks how, says that it happened, reports what was promised, or does it themselves asks for nothing. The
words stand in one file a language; what they mean:

- `order` asks by itself, `begin` where a clause begins with it, `act` only with a `cue` (want, please, can you) in its
  sentence; the `weak_` ones are said of much else, and count only of a `card`. `account` is what the others may be
  about besides. `gone` is a cue, too.
- `open_order`, `open_act`: the same for opening. `state` with `mistake`: "blocked by mistake".
- `not`, `if`, `how`, `self`, `said`, `past` take the asking out of it, but for those words of theirs that stand in
  `fine`: "if possible", "can't you just".
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from holdord.kernel.languages import closest
from holdord.listening.loading import LoadedOnce
from holdord.listening.patterns import Match, Pattern, PatternIndex, parse_several
from holdord.listening.text import Sentence, sentences

_HERE: Final = Path(__file__).parent
_MENTIONS: Final = re.compile(
    "sp[æäa]e?r|s?perr|blo[ck]|luk|lås|lock|stop|stän|steng|fr[yio]|freez|deakt|inakt|aktiv|activ|cancel|suspen|disab|"
    "hotlist|åbn|åpn|opn|öppn|open|öffn|oeffn|aabn|frei|dicht|still|makul|inddrag|stans|häv|hev|hef|opphev|ophæv|"
    "zu|annul|fjern|ta bort|lift|remove|aufhe|aufzuh",
    re.IGNORECASE,
)
"""Without one of these nothing is asked for, and the rest need not be looked at."""

_BEFORE: Final = 4
_AFTER: Final = 3
"""Words between a "not" and what it takes back."""
_SHORT: Final = 4
"""A sentence of so few words is an order: "Karte sperren"."""
_LONGEST: Final = 200
"""Words of one sentence that are read. What they mean is weighed against each other, which must not take for ever."""


class Wish(StrEnum):
    """What is asked for; `leave` asks not to block."""

    BLOCK = "block"
    UNBLOCK = "unblock"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Blocking:
    """A sentence that asks for it, by characters of the text."""

    wish: Wish
    start: int
    end: int


def blockings(text: str, language: str | None) -> list[Blocking]:
    """What a customer's words ask to have blocked or opened, in order. Linear in the text; fails on none."""
    known = closest(language)
    if known is None or not _MENTIONS.search(text):
        return []
    return list(_found(_built(known), sentences(text)))


def _found(index: PatternIndex[str], whole: Sequence[Sentence]) -> Iterator[Blocking]:
    read = [_Seen(sentence, index) for sentence in whole]
    for number, seen in enumerate(read):
        near = read[max(0, number - 2) : number + 2]
        about = {meaning for each in near for meaning in each.meanings if meaning in _CONTEXT}
        if wish := seen.wish(about):
            yield Blocking(wish, seen.sentence.start, seen.sentence.end)


_CONTEXT: Final = frozenset(["card", "account", "gone"])
_OPENS: Final = ("open_order", "open_act")
_BLOCKS: Final = ("order", "begin", "act", "weak_order", "weak_begin", "weak_act")
_WEAK: Final = frozenset(["weak_order", "weak_begin", "weak_act"])
_BEGINNINGS: Final = frozenset(["begin", "weak_begin"])
_ORDERS: Final = frozenset(["order", "weak_order", "open_order"])


class _Seen:
    """The words of one sentence that count, without the guards that others make harmless."""

    def __init__(self, sentence: Sentence, index: PatternIndex[str]) -> None:
        self.sentence = sentence
        found = index.matches([word.form for word in sentence.words[:_LONGEST]])
        harmless = [match for match in found if match.meaning == "fine"]
        self.matches = [
            match
            for match in found
            if not (match.meaning in _GUARDS and any(_overlap(match, other) for other in harmless))
        ]
        self.meanings = {match.meaning for match in self.matches}
        self._clauses = sentence.clause_of_each_word
        self._starts = {at for at, number in enumerate(self._clauses) if not at or self._clauses[at - 1] != number}

    def wish(self, about: set[str]) -> Wish | None:
        """What it asks for, with what is spoken about in and around it."""
        if not self.meanings & {*_OPENS, *_BLOCKS, "state"} or not about & {"card", "account"}:
            return None
        opening = [match for match in self.matches if match.meaning in _OPENS]
        blocking = [
            match
            for match in self.matches
            if match.meaning in _BLOCKS
            and self._can_be_meant(match, about)
            and not any(_overlap(match, other) for other in opening)
        ]
        # "Block it, so that I can open it again" asks to block.
        if opening and not (
            blocking and min(match.taken for match in blocking) < min(match.taken for match in opening)
        ):
            return Wish.UNBLOCK if any(self._asks(match, about) for match in opening) else None
        if {"state", "mistake"} <= self.meanings and not self.meanings & {"if", "how", "said", "past"}:
            return Wish.UNBLOCK
        if any(self._asks(match, about) for match in blocking):
            return Wish.BLOCK
        if any(self._is_denied(match) for match in blocking) and not self.meanings & {"if", "how", "said", "past"}:
            return Wish.LEAVE
        return None

    @staticmethod
    def _can_be_meant(match: Match[str], about: set[str]) -> bool:
        return "card" in about or match.meaning not in _WEAK

    def _asks(self, match: Match[str], about: set[str]) -> bool:
        if self._is_denied(match) or self._is_guarded(match):
            return False
        if match.meaning in _BEGINNINGS:
            return match.taken[0] in self._starts and ("?" not in self.sentence.mark or "cue" in self.meanings)
        if match.meaning in _ORDERS or "cue" in self.meanings:
            return True
        return "?" not in self.sentence.mark and ("gone" in about or len(self.sentence.words) <= _SHORT)

    def _is_denied(self, match: Match[str]) -> bool:
        first, last = match.taken[0], match.taken[-1]
        clause = self._clauses[first]
        return any(
            first - _BEFORE <= other.taken[-1] and other.taken[0] <= last + _AFTER
            for other in self.matches
            if other.meaning == "not" and self._clauses[other.taken[0]] == clause == self._clauses[other.taken[-1]]
        )

    def _is_guarded(self, match: Match[str]) -> bool:
        first, clause, asks = match.taken[0], self._clauses[match.taken[0]], "?" in self.sentence.mark
        for other in self.matches:
            at = other.taken[0]
            before, same = at < first, clause in (self._clauses[at], self._clauses[other.taken[-1]])
            if other.meaning == "if" or (other.meaning in {"self", "past"} and same):
                return True
            if other.meaning == "said" and before:
                return True
            if other.meaning == "how" and before and (same or asks):
                return True
        return False


_GUARDS: Final = frozenset(["not", "if", "how", "self", "said", "past"])


def _overlap(one: Match[str], other: Match[str]) -> bool:
    return one.taken[0] <= other.taken[-1] and other.taken[0] <= one.taken[-1]


def _build(language: str) -> PatternIndex[str]:
    return PatternIndex(_entries(language))


_built = LoadedOnce(_build)


def _entries(language: str) -> Iterator[tuple[Pattern, str]]:
    written = tomllib.loads((_HERE / f"{language}.toml").read_text(encoding="utf-8"))
    for meaning, words in written.items():
        yield from ((pattern, meaning) for pattern in parse_several(words))
