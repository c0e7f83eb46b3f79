"""Words as they are searched for: folded letters, stems of five languages."""

import re
from functools import lru_cache
from typing import Final
from unicodedata import combining, normalize

import Stemmer

_WORD: Final = re.compile(r"[^\W_]+")
_FOLDED: Final = str.maketrans(
    {"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ü": "u", "ß": "ss", "þ": "th", "ð": "d"}
)
_STEMMED_BY: Final = {"da": "danish", "nb": "norwegian", "sv": "swedish", "de": "german", "en": "english"}
_LONGEST: Final = 40


def terms(text: str, language: str) -> list[str]:
    """The terms of a text in its language, in order: folded stems."""
    return [_stem(word[:_LONGEST], language) for word in _WORD.findall(text.lower())]


def alternatives(sought: str) -> list[list[str]]:
    """For each word that is sought, every term it may be kept under: who searches does not say in which language."""
    return [
        sorted({_fold(word), *(_stem(word, language) for language in _STEMMED_BY)})
        for word in (found[:_LONGEST] for found in _WORD.findall(sought.lower()))
    ]


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    if language not in _STEMMED_BY or any(letter.isdigit() for letter in word):
        return _fold(word)
    return _fold(_stemmers()[language].stemWord(word))


def _fold(word: str) -> str:
    folded = word.translate(_FOLDED)
    if folded.isascii():
        return folded
    return "".join(letter for letter in normalize("NFKD", folded) if not combining(letter))


@lru_cache(maxsize=1)
def _stemmers() -> dict[str, Stemmer.Stemmer]:
    return {language: Stemmer.Stemmer(name) for language, name in _STEMMED_BY.items()}
