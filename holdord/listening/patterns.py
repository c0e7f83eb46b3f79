"""Patterns over words, as the lexicons write them, and an index that finds all that match.

A pattern is words in a row:

    opsige            this word, however its letters are written (für, fuer, fur)
    opsig*  *aftale   a beginning, an ending (compounds)
    vil|ønsker        one of them
    gerne?            there or not
    ..                up to three words between      ...   up to eight
    ^  $              the sentence begins, ends here
    #                 a number

Each pattern is filed under its rarest word, so that a message is looked up word by word and not pattern by pattern.
Time is linear in the words: what is tried around one word is bounded by the pattern's own length.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Generic, NamedTuple, TypeAlias, TypeVar

from holdord.listening.text import spellings

_GAPS: Final = {"..": 3, "...": 8}
_SHORTEST_PART: Final = 3
"""Letters of a beginning or an ending."""


Meaning = TypeVar("Meaning")


class WrongPattern(ValueError):
    """A pattern that can't be read, or that would match anything."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a pattern: what may stand there, and how many words may stand before it."""

    words: frozenset[str]
    beginnings: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    gap: int = 0
    is_optional: bool = False
    is_number: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Its words, beginnings and endings."""
        return (*self.words, *self.beginnings, *self.endings)

    def holds(self, form: str) -> bool:
        """Whether a word may stand here."""
        return (
            form in self.words
            or (bool(self.beginnings) and form.startswith(self.beginnings))
            or (bool(self.endings) and form.endswith(self.endings))
            or (self.is_number and form[0].isdigit())
        )


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern in parts."""

    places: tuple[Place, ...]
    from_start: bool
    to_end: bool

    @property
    def is_a_word(self) -> bool:
        """Whether it is one word, wherever it stands."""
        return len(self.places) == 1 and not (self.from_start or self.to_end)

    def around(self, forms: Sequence[str], anchor: int, at: int) -> tuple[int, ...] | None:
        """The words it takes (indices, in order) with its place `anchor` on word `at`; None if it does not match."""
        after = self._walk(forms, anchor, at, +1) if anchor + 1 < len(self.places) or self.to_end else ()
        if after is None:
            return None
        before = self._walk(forms, anchor, at, -1) if anchor or self.from_start else ()
        if before is None:
            return None
        return (*reversed(before), at, *after)

    def _walk(self, forms: Sequence[str], anchor: int, at: int, step: int) -> Sequence[int] | None:
        """The nearest words for the places on one side of the anchor."""
        order = range(anchor + 1, len(self.places)) if step > 0 else range(anchor - 1, -1, -1)
        is_fixed = self.to_end if step > 0 else self.from_start
        if len(order) == 1 and not (is_fixed or self.places[order[0]].is_optional):
            return self._nearest(forms, order[0], at, step)
        ways: dict[int, list[int]] = {at: []}
        for index in order:
            place = self.places[index]
            gap = place.gap if step > 0 else self.places[index + 1].gap
            onward: dict[int, list[int]] = dict(ways) if place.is_optional else {}
            for here, taken in ways.items():
                for distance in range(1, gap + 2):
                    there = here + step * distance
                    if not 0 <= there < len(forms):
                        break
                    if there not in onward and place.holds(forms[there]):
                        onward[there] = [*taken, there]
            if not onward:
                return None
            ways = onward
        if step > 0:
            ends = [way for way in ways if not self.to_end or way == len(forms) - 1]
            return ways[min(ends)] if ends else None
        starts = [way for way in ways if not self.from_start or way == 0]
        return ways[max(starts)] if starts else None

    def _nearest(self, forms: Sequence[str], index: int, at: int, step: int) -> Sequence[int] | None:
        """The same for one place, as most patterns have it."""
        place = self.places[index]
        gap = place.gap if step > 0 else self.places[index + 1].gap
        last = min(at + gap + 1, len(forms) - 1) if step > 0 else max(at - gap - 1, 0)
        for there in range(at + step, last + step, step):
            if place.holds(forms[there]):
                return (there,)
        return None

    def needs(self, anchor: int) -> tuple[frozenset[str], ...]:
        """For each other place that takes whole words only: one of these words must be there for it to match."""
        return tuple(
            place.words
            for number, place in enumerate(self.places)
            if number != anchor
            and place.words
            and not (place.beginnings or place.endings or place.is_optional)
            and not place.is_number
        )


def parse(written: str) -> Pattern:
    """Read a pattern. Raises WrongPattern for a gap at an end and for a pattern that could match nothing."""
    parts = written.split()
    from_start, to_end = parts[:1] == ["^"], parts[-1:] == ["$"]
    parts = parts[from_start : len(parts) - to_end]
    places: list[Place] = []
    gap = 0
    for part in parts:
        if part in _GAPS:
            gap = _GAPS[part]
            continue
        places.append(_place(part, gap))
        gap = 0
    if not places or gap or parts[0] in _GAPS or all(place.is_optional for place in places):
        raise WrongPattern(written)
    return Pattern(tuple(places), from_start, to_end)


def parse_several(written: str) -> Iterator[Pattern]:
    """Read patterns with commas between them, as the lexicons write them. Raises WrongPattern."""
    return map(parse, filter(None, map(str.strip, written.split(","))))


@cache
def _place(part: str, gap: int) -> Place:
    """A place; the same words stand in many patterns, and are kept once."""
    is_optional = part.endswith("?") and len(part) > 1
    exact: set[str] = set()
    beginnings: list[str] = []
    endings: list[str] = []
    is_number = False
    for choice in (part.removesuffix("?") if is_optional else part).lower().split("|"):
        if choice == "#":
            is_number = True
        elif choice.endswith("*"):
            beginnings += spellings(_part(choice[:-1]))
        elif choice.startswith("*"):
            endings += spellings(_part(choice[1:]))
        else:
            exact.update(spellings(choice))
    return Place(
        frozenset(exact), tuple(dict.fromkeys(beginnings)), tuple(dict.fromkeys(endings)), gap, is_optional, is_number
    )


def _part(part: str) -> str:
    if len(part) < _SHORTEST_PART:
        raise WrongPattern(f"{part} is too short for a beginning or an ending")
    return part


class Match(NamedTuple, Generic[Meaning]):
    """A pattern found: its meaning, and the words it takes (indices into the words searched)."""

    meaning: Meaning
    taken: tuple[int, ...]


_Longer: TypeAlias = tuple[tuple[frozenset[str], ...], Pattern, int, Meaning]
_Found: TypeAlias = tuple[tuple[Meaning, ...], tuple[_Longer[Meaning], ...]]
_NUMBER: Final = "#"
_MOST_REMEMBERED: Final = 4_000
"""Words whose patterns are remembered: people use the same words again and again."""


class _File(Generic[Meaning]):
    """What stands under whole words, beginnings or endings: the meanings of single words, and longer patterns."""

    def __init__(self) -> None:
        self.alone: dict[str, tuple[Meaning, ...]] = {}
        self.longer: dict[str, tuple[tuple[int, int], ...]] = {}


class PatternIndex(Generic[Meaning]):
    """Patterns with their meanings, filed so that all matches in a row of words are found in linear time.

    `frequencies` says how often the common words stand in ten thousand: a pattern is filed under its rarest.
    """

    def __init__(
        self, patterns: Iterable[tuple[Pattern, Meaning]], frequencies: Mapping[str, int] | None = None
    ) -> None:
        self._frequencies = frequencies or {}
        self._longer: list[tuple[Pattern, Meaning]] = []
        self._words, self._beginnings, self._endings = _File[Meaning](), _File[Meaning](), _File[Meaning]()
        self._remembered: dict[str, _Found[Meaning]] = {}
        self.size = 0
        for pattern, meaning in patterns:
            self.size += 1
            if pattern.is_a_word:
                for file, keys in self._files_of(pattern.places[0]):
                    for key in keys:
                        file.alone[key] = (*file.alone.get(key, ()), meaning)
            else:
                self._longer.append((pattern, meaning))
        self._file_longer()
        _place.cache_clear()  # those of single words aren't needed any more, and are most of them

    def matches(self, forms: Sequence[str]) -> list[Match[Meaning]]:
        """Every pattern that matches somewhere, for each place it does, in order of its rarest word."""
        found: list[Match[Meaning]] = []
        remembered, there = self._remembered, frozenset(forms)
        for at, form in enumerate(forms):
            alone, longer = remembered.get(form) or self._look_up(form)
            for meaning in alone:
                found.append(Match(meaning, (at,)))
            for needs, pattern, anchor, meaning in longer:
                # Most patterns fail on a word that is nowhere in the sentence; asking that is cheap.
                for words in needs:
                    if words.isdisjoint(there):
                        break
                else:
                    if (taken := pattern.around(forms, anchor, at)) is not None:
                        found.append(Match(meaning, taken))
        return found

    def _look_up(self, form: str) -> _Found[Meaning]:
        """The meanings a word has by itself, and the longer patterns that are filed under it."""
        keys = [(self._words, form), *((self._words, _NUMBER) for _ in form[:1] if form[0].isdigit())]
        for length in range(_SHORTEST_PART, len(form) + 1):
            keys += [(self._beginnings, form[:length]), (self._endings, form[-length:])]
        alone = dict.fromkeys(meaning for file, key in keys for meaning in file.alone.get(key, ()))
        numbers = sorted({entry for file, key in keys for entry in file.longer.get(key, ())})
        found = tuple(alone), tuple(self._placed(number, anchor) for number, anchor in numbers)
        if len(self._remembered) < _MOST_REMEMBERED:
            self._remembered[form] = found
        return found

    def _placed(self, number: int, anchor: int) -> _Longer[Meaning]:
        pattern, meaning = self._longer[number]
        return pattern.needs(anchor), pattern, anchor, meaning

    def _files_of(self, place: Place) -> list[tuple[_File[Meaning], Iterable[str]]]:
        words = {*place.words, _NUMBER} if place.is_number else place.words
        return [(self._words, words), (self._beginnings, place.beginnings), (self._endings, place.endings)]

    def _file_longer(self) -> None:
        times = Counter(key for pattern, _ in self._longer for place in pattern.places for key in place.keys)
        for number, (pattern, _) in enumerate(self._longer):
            anchor = min(range(len(pattern.places)), key=lambda index: self._frequency(pattern.places[index], times))
            for file, keys in self._files_of(pattern.places[anchor]):
                for key in keys:
                    file.longer[key] = (*file.longer.get(key, ()), (number, anchor))

    def _frequency(self, place: Place, times: Counter[str]) -> tuple[bool, int, int]:
        """How many words of messages a place is likely to stand on; the patterns it shares its words with count too."""
        common = sum(self._frequencies.get(word, 0) for word in place.words) + 100 * place.is_number
        for beginning in place.beginnings:
            common += sum(count for word, count in self._frequencies.items() if word.startswith(beginning))
        return place.is_optional, common, sum(times[key] for key in place.keys)
