"""What the words of five languages mean: data, one file a language. `README.md` says how they are written."""

import gc
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from holdord.listening.loading import LoadedOnce
from holdord.listening.patterns import Pattern, PatternIndex, WrongPattern, parse_several

_HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("da", "nb", "sv", "de", "en")


def concepts() -> dict[str, dict[str, str]]:
    """Every concept by section, with what it takes in."""
    return tomllib.loads((_HERE / "concepts.toml").read_text(encoding="utf-8"))


def lexicon(language: str) -> PatternIndex[str]:
    """A language's patterns, each with the concept it means. Raises WrongPattern for what can't be read.

    Reading takes a tenth of a second; each process does it once a language, when the first such text comes.
    """
    return _built(language)


def _build(language: str) -> PatternIndex[str]:
    index = PatternIndex(_entries(language), _frequencies(language))
    # A hundred thousand small things that stay: the collector would look through them again and again.
    gc.freeze()
    return index


_built = LoadedOnce(_build)


def _entries(language: str) -> Iterator[tuple[Pattern, str]]:
    written = tomllib.loads((_HERE / f"{language}.toml").read_text(encoding="utf-8"))
    known = concepts()
    for section, entries in written.items():
        for concept, words in entries.items():
            if concept not in known.get(section, {}):
                raise WrongPattern(f"{language}.toml: no concept {section}.{concept}")
            yield from ((pattern, concept) for pattern in parse_several(words))


def _frequencies(language: str) -> dict[str, int]:
    written = tomllib.loads((_HERE / "frequencies.toml").read_text(encoding="utf-8"))
    return {word: int(times) for times, words in written[language].items() for word in words.split()}
