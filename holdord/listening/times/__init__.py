"""How five languages tell times: data, one file a language, and the index that finds its phrases.

`README.md` says how they are written. A new word is one line there, never code.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from holdord.listening.text import spellings

_HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("da", "nb", "sv", "de", "en")
WEEKDAYS: Final = range(7)

_FUZZY_FROM: Final = 6
"""Letters of a weekday from which one wrong, missing or additional letter is forgiven."""


@dataclass
class _Node:
    """A word of a phrase: what follows, and what the phrase that ends here means, by kind."""

    following: dict[str, "_Node"] = field(default_factory=dict)
    meanings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Vocabulary:
    """The phrases of one language, and its lists of words."""

    language: str
    lists: dict[str, frozenset[str]]
    events: tuple[str, ...]
    _root: _Node
    _weekdays: dict[str, str]
    _guessed: dict[str, str | None] = field(default_factory=dict)

    def meanings_at(self, forms: Sequence[str], at: int) -> dict[str, tuple[str, int]]:
        """What begins at a word: by kind, the meaning of the longest phrase and the word after it."""
        found: dict[str, tuple[str, int]] = {}
        node = self._root
        for end in range(at, len(forms)):
            following = node.following.get(forms[end])
            if following is None:
                break
            node = following
            found.update({kind: (meaning, end + 1) for kind, meaning in node.meanings.items()})
        if not found and (weekday := self._misspelt(forms[at])) is not None:
            found["weekday"] = weekday, at + 1
        return found

    def _misspelt(self, form: str) -> str | None:
        """The weekday meant by a word with one slip in it, if it can only be that one."""
        if not _FUZZY_FROM - 1 <= len(form) <= 11 or form.endswith("'s"):
            return None
        if form not in self._guessed:
            if len(self._guessed) > 20_000:
                self._guessed.clear()
            meant = {day for name, day in self._weekdays.items() if name[0] == form[0] and _one_slip(name, form)}
            self._guessed[form] = meant.pop() if len(meant) == 1 else None
        return self._guessed[form]


def _one_slip(right: str, written: str) -> bool:
    """Whether one letter is wrong, missing, added, or two neighbours are swapped; the last three hold."""
    if right == written or abs(len(right) - len(written)) > 1 or sorted(right[-3:]) != sorted(written[-3:]):
        return False
    start = next((at for at, (one, other) in enumerate(zip(right, written, strict=False)) if one != other), -1)
    if start < 0:
        return False
    if len(right) > len(written):
        return right[start + 1 :] == written[start:]
    if len(right) < len(written):
        return right[start:] == written[start + 1 :]
    swapped = right[start + 1 : start + 2] + right[start] + right[start + 2 :]
    return swapped == written[start:] or (right[start + 1 :] == written[start + 1 :] and start < len(right) - 3)


@cache
def vocabulary(language: str) -> Vocabulary:
    """A language's words for times. Read once a process, when the first such text comes."""
    written = tomllib.loads((_HERE / f"{language}.toml").read_text(encoding="utf-8"))
    exact = frozenset(_entries(written.pop("exact", "")))
    lists = {name: _every_spelling(_entries(several), exact) for name, several in written["list"].items()}
    root = _Node()
    weekdays: dict[str, str] = {}
    for kind, meaning, phrase in _phrases(written):
        for spelling in _spelt(phrase, exact):
            _add(root, kind, meaning, spelling)
            if kind == "weekday" and " " not in spelling:
                weekdays[spelling] = meaning
    events = tuple(entry.removeprefix("*") for entry in sorted(lists["event"]) if entry.startswith("*"))
    return Vocabulary(language, lists, events, root, {name: day for name, day in weekdays.items() if len(name) > 5})


def _add(root: _Node, kind: str, meaning: str, phrase: str) -> None:
    node = root
    for word in phrase.split():
        node = node.following.setdefault(word, _Node())
    node.meanings.setdefault(kind, meaning)


def _phrases(written: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Kind, meaning and phrase of every entry."""
    for kind in ("number", "ordinal", "month", "weekday", "weekday_short"):
        first = 0 if kind.startswith("weekday") else 1
        for meaning, several in enumerate(written[kind], start=first):
            yield from ((kind, str(meaning), phrase) for phrase in _entries(several))
    for entry in _entries(written["more_numbers"]):
        value, _, phrase = entry.partition(" = ")
        yield "number", value, phrase
    yield from (("few", "", phrase) for phrase in _entries(written["few"]))
    for kind in ("unit", "span", "day", "part", "hour", "window"):
        for meaning, several in written[kind].items():
            yield from ((kind, meaning, phrase) for phrase in _entries(several))
    for section in ("mod", "before", "word"):
        for kind, several in written[section].items():
            yield from ((kind, "", phrase) for phrase in _entries(several))
    yield from _made_from(written)


def _made_from(written: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Words run together: "Montagabend", "halvtre"; and weekdays that are over: "i tirsdags"."""
    if written["word"]["half"] in ("halv", "halb, halber"):
        for hour, several in enumerate(written["number"][1:12], start=2):
            yield from (("half_hour", str(hour), written["word"]["half"][:4] + name) for name in _entries(several))
    for weekday, several in enumerate(written["weekday"]):
        for name in _entries(several):
            if " " in name:
                continue
            if name.endswith("dag"):
                yield "weekday_past", str(weekday), f"i {name}s"
            for part, phrases in written["part"].items():
                for phrase in _entries(phrases):
                    if " " not in phrase:
                        yield "weekday_part", f"{weekday} {part}", name + phrase


def _entries(several: str) -> list[str]:
    return [
        entry.strip().replace(".", "") if "=" not in entry else entry.strip()
        for entry in several.split(",")
        if entry.strip()
    ]


def _spelt(phrase: str, exact: frozenset[str]) -> Iterable[str]:
    bare = phrase.replace("-", "").lower()
    several = dict.fromkeys(spellings(bare))
    if exact.isdisjoint(bare.split()):
        return several
    return [spelling for spelling in several if spelling == bare or len(spelling) > len(bare)]


def _every_spelling(entries: Iterable[str], exact: frozenset[str]) -> frozenset[str]:
    return frozenset(spelling for entry in entries for spelling in _spelt(entry, exact))
