"""What the learned reader sees of a sentence: its concepts, its words, and what is said of them.

A feature is a short string. What stands under "not" or "if" gives other features than the bare concept, so that "nicht
zurückrufen" is not "zurückrufen". Concepts carry over between the languages; words add what only one language says.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from holdord.listening.patterns import Match
from holdord.listening.text import Sentence, Word

_WITHOUT_MARKS: Final = str.maketrans(
    {"æ": "a", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ü": "u", "ß": "s", "é": "e", "è": "e", "ê": "e"}
)
_UNDER_NOT: Final = 5
"""Words after a "not" that stand under it."""
_NEAR: Final = 6
"""Words between two concepts that belong together."""
_MOST_REMEMBERED: Final = 8_192
"""Words whose parts are remembered."""
_OPENERS: Final = frozenset(["not", "if", "whether", "said"])


_Known: TypeAlias = tuple[str, tuple[str, ...], dict[str, str] | None, dict[str, str] | None]
"""A word without its marks, its known parts, and the pairs it begins: with the next word, with the next but one."""


class Vocabulary:
    """The features of words that weigh anything, filed so that the others need not even be written down."""

    def __init__(self, known: Iterable[str]) -> None:
        self._alone: set[str] = set()
        self._after: dict[str, dict[str, str]] = {}
        self._after_two: dict[str, dict[str, str]] = {}
        self._known: dict[str, _Known] = {}
        for feature in known:
            first, space, second = feature.rpartition(" ")
            if first.endswith(" ."):
                self._after_two.setdefault(first.removesuffix(" ."), {})[second] = feature
            elif space:
                self._after.setdefault(first, {})[second] = feature
            else:
                self._alone.add(feature)

    def add_words(self, found: dict[str, tuple[int, int]], words: Sequence[Word]) -> None:
        """What `_add_words` adds, as far as it is known. A word is looked up once, with all that can follow it."""
        first, second = plain(words[0].form), plain(words[1].form) if len(words) > 1 else ""
        if opener := self._after.get("^", {}).get(first):
            found[opener] = (0, 0)
        if opener := self._after.get("^ " + first, {}).get(second):
            found[opener] = (0, 1)
        known, pairs, next_but_one = self._known, self._after.get("_"), self._after_two.get("_")
        wider = next_but_one
        for at, word in enumerate(words):
            form, parts, after, after_two = known.get(word.form) or self._look_up(word.form)
            for part in parts:
                found[part] = (at, at)
            if pairs and (pair := pairs.get(form)):
                found[pair] = (at - 1 if at else 0, at)
            if wider and (pair := wider.get(form)):
                found[pair] = (at - 2 if at > 1 else 0, at)
            pairs, wider, next_but_one = after, next_but_one, after_two

    def _look_up(self, written: str) -> "_Known":
        form = plain(written)
        parts = tuple(part for part in _parts(form) if part in self._alone)
        found = form, parts, self._after.get(form), self._after_two.get(form)
        if len(self._known) < _MOST_REMEMBERED:
            self._known[written] = found
        return found


def features(
    sentence: Sentence, matches: Sequence[Match[str]], vocabulary: Vocabulary | None = None
) -> dict[str, tuple[int, int]]:
    """The features of one sentence, each with the words it stands on (first and last index). Linear in its words.

    With a `vocabulary`, of the features of words only those it knows.
    """
    found: dict[str, tuple[int, int]] = {}
    everything = sentence.words
    last = len(everything) - 1
    found["mark " + sentence.mark] = (0, last)
    found["long" if last > 12 else "short" if last < 5 else "medium"] = (0, last)
    if vocabulary is None:
        _add_words(found, [plain(word.form) for word in everything])
    else:
        vocabulary.add_words(found, everything)
    _add_concepts(found, matches, _clause_of_each_word(sentence), asks="?" in sentence.mark)
    return found


def _clause_of_each_word(sentence: Sentence) -> list[int]:
    return [number for number, clause in enumerate(sentence.clauses) for _ in clause.words]


def _add_words(found: dict[str, tuple[int, int]], forms: Sequence[str]) -> None:
    found["^ " + " ".join(forms[:2])] = (0, min(1, len(forms) - 1))
    found["^ " + forms[0]] = (0, 0)
    before = two_before = "_"
    for at, form in enumerate(forms):
        for part in _parts(form):
            found[part] = (at, at)
        found[before + " " + form] = (max(0, at - 1), at)
        found[two_before + " . " + form] = (max(0, at - 2), at)
        two_before, before = before, form


def _add_concepts(
    found: dict[str, tuple[int, int]], matches: Sequence[Match[str]], clauses: Sequence[int], *, asks: bool
) -> None:
    seen = sorted({(match.taken[0], match.taken[-1], match.meaning) for match in matches})
    openers = [place for place in seen if place[2] in _OPENERS]
    for number, (start, end, concept) in enumerate(seen):
        found["c:" + concept] = (start, end)
        if asks:
            found["?:" + concept] = (start, end)
        for opener_start, opener_end, opener in openers:
            if opener_end < start and clauses[opener_end] == clauses[start]:
                if opener != "not" or start - opener_end <= _UNDER_NOT:
                    found[f"{opener}:{concept}"] = (opener_start, end)
            elif opener == "if" and clauses[opener_end] < clauses[start]:
                found[f"then:{concept}"] = (opener_start, end)
            elif opener == "not" and end < opener_start <= end + 3 and clauses[opener_end] == clauses[start]:
                found[f"not:{concept}"] = (start, opener_end)
        for later_start, later_end, later in seen[number + 1 :]:
            if later_start - end > _NEAR:
                break
            if later_start > end:
                found[f"{concept}>{later}"] = (start, later_end)


@lru_cache(maxsize=8_192)
def plain(form: str) -> str:
    """A word without its marks, spelt one way; of a number only its length."""
    if form[0].isdigit():
        return "#" + str(min(len(form), 8))
    bare = form.translate(_WITHOUT_MARKS)
    for spelt_out, letter in (("ae", "a"), ("oe", "o"), ("aa", "a"), ("ue", "u"), ("ss", "s")):
        bare = bare.replace(spelt_out, letter)
    return bare


@lru_cache(maxsize=8_192)
def _parts(form: str) -> tuple[str, ...]:
    """The word, and where it is long the parts that inflection and compounds leave the same."""
    if len(form) < 5:
        return (form,)
    parts = [form, form[:4] + "*", "*" + form[-3:]]
    if len(form) > 6:
        parts += [form[:6] + "*", "*" + form[-5:]]
    return tuple(parts)
