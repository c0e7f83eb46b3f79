"""How somebody is spoken to on a page."""

from typing import Final

_FAMILIES = ("familien", "familie", "familjen", "family")
_FIRMS = ("firma", "firmaet", "firman", "company")
_TITLES = ("herr", "frau", "hr", "fru", "dr", "prof", "mr", "mrs", "ms")
_NO_GIVEN_NAMES: Final = frozenset(_FAMILIES + _FIRMS + _TITLES)


def called(name: str, language: str) -> str:
    """The first name; the whole one where it begins with none ("Familien Kjær"), and in German, which says Sie."""
    words = name.split()
    if not words or language == "de" or words[0].rstrip(".").casefold() in _NO_GIVEN_NAMES:
        return " ".join(words)
    return words[0]
