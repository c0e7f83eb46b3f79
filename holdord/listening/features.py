"""What the learned reader sees of a sentence: its concepts, its words, and what is said of them.

A feature is a short string. What stands under "not" or "if" gives other features than the bare concept, so that "nicht
zurückrufen" is not "zurückrufen". Concepts carry over between the languages; words add what only one language says.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from holdord.listening.patterns import Match
from holdord.listening.text import Sentence, Word

_WITHOUT_MARKS: Final = str.maketrans(
    {"æ": "a", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ü": "u", "ß": "s", "é": "e", "è": "e", "ê": "e"}
)
_UNDER_NOT: Final = 5
"""Words after a "not" that stand under it."""
NEAR: Final = 6
"""Words between two concepts that belong together."""
OPENERS: Final = frozenset(["not", "if", "whether", "said"])
"""Concepts that change what is said of the others."""


def features(sentence: Sentence, matches: Sequence[Match[str]]) -> dict[str, tuple[int, int]]:
    """The features of one sentence, each with the words it stands on (first and last index). Linear in its words."""
    words = sentence.words
    last = len(words) - 1
    found = {"mark " + sentence.mark: (0, last), length_of(words): (0, last)}
    _add_words(found, [plain(word.form) for word in words])
    _add_concepts(found, matches, sentence)
    return found


def place_of(feature: str, sentence: Sentence, matches: Sequence[Match[str]]) -> tuple[int, int]:
    """The words one feature of the sentence stands on, first and last: the same that `features` gives, found faster.

    All its words for a feature that it does not have.
    """
    concepts = feature.replace(">", ":").split(":")
    if len(concepts) == 1:
        return _place_among_words(feature, [plain(word.form) for word in sentence.words])
    found: dict[str, tuple[int, int]] = {}
    _add_concepts(found, [match for match in matches if match.meaning in (*concepts, *OPENERS)], sentence)
    return found.get(feature, (0, len(sentence.words) - 1))


def _place_among_words(feature: str, forms: Sequence[str]) -> tuple[int, int]:
    *before, second = feature.split(" ")
    if before[:1] == ["^"]:
        return 0, len(before) - 1
    apart = len(before)
    for at in range(len(forms) - 1, -1, -1):
        if not before:
            if feature in parts_of(forms[at]):
                return at, at
        elif forms[at] == second and before[0] == (forms[at - apart] if at >= apart else "_"):
            return max(0, at - apart), at
    return 0, len(forms) - 1


def length_of(words: Sequence[Word]) -> str:
    """A sentence's length as a feature."""
    return "long" if len(words) > 13 else "short" if len(words) < 6 else "medium"


def _add_words(found: dict[str, tuple[int, int]], forms: Sequence[str]) -> None:
    found["^ " + " ".join(forms[:2])] = (0, min(1, len(forms) - 1))
    found["^ " + forms[0]] = (0, 0)
    before = two_before = "_"
    for at, form in enumerate(forms):
        for part in parts_of(form):
            found[part] = (at, at)
        found[before + " " + form] = (max(0, at - 1), at)
        found[two_before + " . " + form] = (max(0, at - 2), at)
        two_before, before = before, form


def _add_concepts(found: dict[str, tuple[int, int]], matches: Sequence[Match[str]], sentence: Sentence) -> None:
    seen = sorted({(match.taken[0], match.taken[-1], match.meaning) for match in matches})
    for number, (start, end, concept) in enumerate(seen):
        found["c:" + concept] = (start, end)
        if "?" in sentence.mark:
            found["?:" + concept] = (start, end)
        for later_start, later_end, later in seen[number + 1 :]:
            if later_start - end > NEAR:
                break
            if later_start > end:
                found[f"{concept}>{later}"] = (start, later_end)
    for feature, start, end in concepts_under(seen, sentence):
        found[feature] = (start, end)


def concepts_under(seen: Sequence[tuple[int, int, str]], sentence: Sentence) -> Iterator[tuple[str, int, int]]:
    """The features of concepts that stand under "not", "if" or the like, each with its first and last word.

    `seen` are the sentence's concepts with their first and last words, in order.
    """
    openers = [place for place in seen if place[2] in OPENERS]
    if not openers:
        return
    clauses = sentence.clause_of_each_word
    for start, end, concept in seen:
        for opener_start, opener_end, opener in openers:
            if opener_end < start and clauses[opener_end] == clauses[start]:
                if opener != "not" or start - opener_end <= _UNDER_NOT:
                    yield f"{opener}:{concept}", opener_start, end
            elif opener == "if" and clauses[opener_end] < clauses[start]:
                yield f"then:{concept}", opener_start, end
            elif opener == "not" and end < opener_start <= end + 3 and clauses[opener_end] == clauses[start]:
                yield f"not:{concept}", start, opener_end


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
def parts_of(form: str) -> tuple[str, ...]:
    """The word, and where it is long the parts that inflection and compounds leave the same."""
    if len(form) < 5:
        return (form,)
    parts = [form, form[:4] + "*", "*" + form[-3:]]
    if len(form) > 6:
        parts += [form[:6] + "*", "*" + form[-5:]]
    return tuple(parts)
