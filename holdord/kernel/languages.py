"""The five languages of the desk, equals from the first string."""

from typing import Final

LANGUAGES: Final = {"da": "Dansk", "nb": "Norsk", "sv": "Svenska", "de": "Deutsch", "en": "English"}
"""Code (BCP 47) to the language's own name. A Nynorsk writer gets Bokmål until Nynorsk is translated."""

HOME_OF: Final = {"da": "DK", "nb": "NO", "sv": "SE", "de": "DE", "en": "GB"}
"""The country (ISO 3166) where most who write a language live: the one meant where none is named."""

_ALSO_KNOWN_AS: Final = {"no": "nb", "nn": "nb"}


def closest(tag: str | None) -> str | None:
    """The language of ours that serves a reader of the BCP 47 `tag` ("de-AT" → "de", "nn" → "nb"), or None."""
    primary = (tag or "").replace("_", "-").partition("-")[0].strip().lower()
    primary = _ALSO_KNOWN_AS.get(primary, primary)
    return primary if primary in LANGUAGES else None
