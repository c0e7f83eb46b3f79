"""The features that weigh anything, filed by word and by concept, so that the others need not even be written down.

`features` says what the features of a sentence are; this finds the same ones faster, with their weights, and without
the words they stand on. `tests/listening/test_features.py` holds the two against each other.
"""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from holdord.listening.features import NEAR, concepts_under, length_of, parts_of, plain
from holdord.listening.patterns import Match
from holdord.listening.text import Sentence, Word

_MOST_REMEMBERED: Final = 8_192
"""Words whose parts are remembered."""

_Weighed: TypeAlias = dict[str, int]
"""Features and their weights."""
_Pairs: TypeAlias = dict[str, tuple[str, int]]
"""By the second of a pair: the feature, and its weight."""
_NOTHING: Final[tuple[_Weighed, _Pairs]] = {}, {}
_Known: TypeAlias = tuple[str, _Weighed, _Pairs | None, _Pairs | None]
"""A word without its marks, its parts that weigh, and the pairs it begins: with the next word, the next but one."""


class Vocabulary:
    """Finds the features of sentences that have a weight."""

    def __init__(self, of: Mapping[str, int]) -> None:
        """`of` gives the weight of each feature."""
        self._of = of
        self._after: dict[str, _Pairs] = {}
        self._after_two: dict[str, _Pairs] = {}
        self._concepts: dict[str, tuple[_Weighed, _Pairs]] = {}
        self._asked_concepts: dict[str, tuple[_Weighed, _Pairs]] = {}
        self._words: dict[str, _Known] = {}
        for feature, weight in of.items():
            first, space, second = feature.rpartition(" ")
            if first.endswith(" ."):
                self._after_two.setdefault(first.removesuffix(" ."), {})[second] = feature, weight
            elif space:
                self._after.setdefault(first, {})[second] = feature, weight
            else:
                self._file_concept(feature, weight)

    def _file_concept(self, feature: str, weight: int) -> None:
        kind, colon, concept = feature.partition(":")
        earlier, before, later = feature.partition(">")
        for filed, counts in ((self._concepts, ["c"]), (self._asked_concepts, ["c", "?"])):
            if before:
                filed.setdefault(earlier, ({}, {}))[1][later] = feature, weight
            elif colon and kind in counts:
                filed.setdefault(concept, ({}, {}))[0][feature] = weight

    def weigh(self, sentence: Sentence, matches: Sequence[Match[str]]) -> dict[str, int]:
        """The features of one sentence that weigh anything, each with its weight. Linear in its words."""
        words = sentence.words
        found: dict[str, int] = {}
        self._add(found, "mark " + sentence.mark)
        self._add(found, length_of(words))
        self._add_words(found, words)
        self._add_concepts(found, matches, sentence)
        return found

    def _add(self, found: _Weighed, feature: str) -> None:
        if weight := self._of.get(feature):
            found[feature] = weight

    def _add_words(self, found: _Weighed, words: Sequence[Word]) -> None:
        first = plain(words[0].form)
        self._add(found, "^ " + first)
        if len(words) > 1:
            self._add(found, f"^ {first} {plain(words[1].form)}")
        known, pairs, next_but_one = self._words, self._after.get("_"), self._after_two.get("_")
        wider = next_but_one
        for word in words:
            form, parts, after, after_two = known.get(word.form) or self._look_up(word.form)
            found.update(parts)
            if pairs and form in pairs:
                feature, found[feature] = pairs[form]
            if wider and form in wider:
                feature, found[feature] = wider[form]
            pairs, wider, next_but_one = after, next_but_one, after_two

    def _look_up(self, written: str) -> _Known:
        form = plain(written)
        parts = {part: self._of[part] for part in parts_of(form) if part in self._of}
        found = form, parts, self._after.get(form), self._after_two.get(form)
        if len(self._words) < _MOST_REMEMBERED:
            self._words[written] = found
        return found

    def _add_concepts(self, found: _Weighed, matches: Sequence[Match[str]], sentence: Sentence) -> None:
        seen = sorted({(taken[0], taken[-1], concept) for concept, taken in matches})
        known = self._asked_concepts if "?" in sentence.mark else self._concepts
        for number, (_, end, concept) in enumerate(seen, start=1):
            by_itself, pairs = known.get(concept, _NOTHING)
            found.update(by_itself)
            if pairs and number < len(seen):
                for later_start, _, later in seen[number:]:
                    if later_start - end > NEAR:
                        break
                    if later in pairs and later_start > end:
                        feature, found[feature] = pairs[later]
        for feature, *_ in concepts_under(seen, sentence):
            self._add(found, feature)
