"""Authentication-Results (RFC 8601), as far as our own receiver wrote them."""

import re
from typing import Final

from holdord.channels.email.reading.cleaning import clean_line
from holdord.channels.email.reading.values import AuthenticationResult

_MOST_RESULTS: Final = 50
_COMMENT: Final = re.compile(r"\([^()]{0,1000}\)")
_METHOD: Final = re.compile(r"^\s*([A-Za-z0-9-]{1,40})(?:\s?/\s?\d{1,5})?\s{0,3}=\s{0,3}([A-Za-z0-9]{1,40})")
_PROPERTY: Final = re.compile(
    r"([A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9_-]{1,60})?)\s{0,3}=\s{0,3}(\"[^\"]{0,500}\"|[^\s;\"]{1,500})"
)


def parse_authentication(values: list[str], authserv_id: str) -> tuple[AuthenticationResult, ...]:
    """The results of headers that carry exactly `authserv_id`; anyone may have written the others."""
    results: list[AuthenticationResult] = []
    for value in values[:_MOST_RESULTS]:
        text = _COMMENT.sub(" ", clean_line(value[:20_000]))
        server, _, rest = text.partition(";")
        if (server.split() or [""])[0].lower() == authserv_id.lower():
            results.extend(_results(rest))
    return tuple(results[:_MOST_RESULTS])


def _results(text: str) -> list[AuthenticationResult]:
    found = []
    for piece in text.split(";")[:_MOST_RESULTS]:
        if method := _METHOD.match(piece):
            properties = {name.lower(): value.strip('"') for name, value in _PROPERTY.findall(piece[method.end() :])}
            found.append(AuthenticationResult(method[1].lower(), method[2].lower(), properties))
    return found
