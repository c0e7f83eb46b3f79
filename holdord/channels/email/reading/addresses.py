"""Address lists (RFC 5322 §3.4) as people and programs write them: read to the end, never refused.

One pass over tokens. Comments nest without recursion, groups are opened, a comma that someone forgot to quote is found.
"""

import re
from collections.abc import Iterator
from typing import Final

from holdord.channels.email.reading.cleaning import clean_line, has_invisibles, without_invisibles
from holdord.channels.email.reading.values import Address
from holdord.channels.email.reading.words import decode_words

MOST_ADDRESSES: Final = 5_000
_LONGEST_NAME: Final = 500
_LONGEST_PHRASE: Final = 8_000  # before decoding

_PIECE: Final = re.compile(
    r'=\?[^?\s]{0,60}\?[bBqQ]\?[^?]*+\?=|"(?:[^"\\]|\\.){0,600}+"|<[^<>]*+>|[^"<>(),;:=\\]++|\\.|.', re.DOTALL
)
_PARENTHESIS: Final = re.compile(r"\\.|[()]", re.DOTALL)
# The look-behind lets a match begin only where a word does, which keeps the search linear.
_ADDRESS: Final = re.compile(
    r'(?:"(?:[^"\\]|\\.){0,100}+"|(?<![^\s<>"(),;:@\[\]])[^\s<>"(),;:@\[\]]++)@(?:\[[^\]\s]{0,100}\]|[^\s<>"(),;:@\[\]]++)'
)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_BLANKS: Final = re.compile(r"[ \t\r\n]+")
_UNCLOSED: Final = re.compile(r"[^,;<]*+")
_BLANK_BY_DOT: Final = re.compile(r"[ \t]{0,20}([.@])[ \t]{0,20}")
_LONGEST_SPACED: Final = 500
_QUOTED_NAME: Final = re.compile(r'"(?:[^"\\]|\\.){0,600}+"(?!@)')
_SEVERAL_AT: Final = re.compile(r"[^\s<>(),;:\[\]]{3,320}")
_LOCAL: Final = re.compile(r"[A-Za-z0-9._+-]{1,64}\Z")
_BARE_IPV6: Final = re.compile(r"[^\s<>(),;:@\[\]\"]{1,128}@(?=[^:\s]{0,4}:[^:\s]{0,4}:)[0-9A-Fa-f:.]{2,45}")
_UNDISCLOSED: Final = re.compile(r"(?:undisclosed[- ]|recipient list (?:not shown|suppressed))", re.IGNORECASE)
_ROUTE: Final = re.compile(r"^@[^:]*:")


class _Entry:
    """One address in the making."""

    __slots__ = ("angle", "comments", "phrase")

    def __init__(self) -> None:
        self.phrase: list[str] = []
        self.comments: list[str] = []
        self.angle: str | None = None

    def is_empty(self) -> bool:
        return self.angle is None and not "".join(self.phrase).strip()


def parse_addresses(text: str) -> tuple[Address, ...]:
    """Every mailbox of a header value, encoded words not yet decoded. Names without an address have an empty one."""
    if not text:
        return ()
    return _with_commas_mended([address for entry in _entries(text) if (address := _finish(entry))])


def forged_looks(addresses: tuple[Address, ...]) -> list[str]:
    """Codes for what makes a sender look like someone else."""
    codes = []
    for sender in addresses[:10]:
        other = _ADDRESS.search(sender.name)
        if other and other[0].lower() != sender.address.lower():
            codes.append("address_in_display_name")
    return codes


def _entries(text: str) -> Iterator[_Entry]:
    closing = _matching_parentheses(text)
    last_semicolon, last_at = text.rfind(";"), text.rfind("@")
    entry, count, position = _Entry(), 0, 0
    while position < len(text) and count < MOST_ADDRESSES:
        found = _PIECE.match(text, position)
        assert found is not None  # the last branch takes any character
        piece, start, position = found[0], position, found.end()
        if piece == "(" and start in closing:
            entry.comments.append(text[start + 1 : closing[start]])
            position = closing[start] + 1
        elif piece == "," or piece == ";":
            yield entry
            entry, count = _Entry(), count + 1
        elif piece == ":" and _opens_group(entry, position, text, last_semicolon):
            entry = _Entry()
        elif piece[0] == "<" and (len(piece) > 1 or last_at > position):
            if len(piece) == 1:  # never closed: up to the next comma
                rest = _UNCLOSED.match(text, position)
                entry.angle, position = (rest[0], rest.end()) if rest else ("", position)
            elif entry.angle is None or not entry.angle.strip():
                entry.angle = piece[1:-1]
            elif "@" in piece:
                yield entry  # a comma was forgotten
                entry, count = _Entry(), count + 1
                entry.angle = piece[1:-1]
        else:
            entry.phrase.append(piece)
    yield entry


def _matching_parentheses(text: str) -> dict[int, int]:
    """Outermost opening to closing parenthesis, found in one pass; the unbalanced are ordinary characters."""
    if "(" not in text:
        return {}
    pairs: dict[int, int] = {}
    open_at: list[int] = []
    for found in _PARENTHESIS.finditer(text):
        if found[0] == "(":
            open_at.append(found.start())
        elif found[0] == ")" and open_at:
            pairs[open_at.pop()] = found.start()
    return pairs


def _opens_group(entry: _Entry, position: int, text: str, last_semicolon: int) -> bool:
    if entry.angle is not None or len(entry.phrase) > 20:
        return False
    phrase = "".join(entry.phrase)
    if "[" in phrase or "@" in phrase or ":" in phrase:
        return False
    return (
        last_semicolon >= position or not text[position : position + 50].strip() or phrase.strip().lower() == "mailto"
    )


def _finish(entry: _Entry) -> Address | None:
    if entry.is_empty():
        return None
    phrase = "".join(entry.phrase)
    comment = " ".join(entry.comments)
    if len(phrase) > 2 * _LONGEST_PHRASE:
        phrase = f"{phrase[:_LONGEST_PHRASE]} {phrase[-_LONGEST_PHRASE:]}"
    if entry.angle is None:
        if "=?" in phrase and "@" in (decoded := decode_words(phrase)) and "<" in decoded:
            # The whole of it was hidden in an encoded word.
            inner = (_finish(entry) for entry in _entries(decoded.replace("=?", "")))
            return next(filter(None, inner), None)
        found = _spaced_address(phrase) or _ADDRESS.search(_outside_quotes(phrase))
        if found is None:
            return Address(_name(phrase or comment), "")
        bare = found if isinstance(found, str) else found[0]
        written = f"[{bare}]" if f"[{bare}]" in phrase else bare
        rest = phrase.replace(written, " ", 1) if bare in phrase else ""
        return Address(_name(rest) or _name(comment), _address(bare))
    name = _name(phrase) or _name(comment)
    address = _address(entry.angle)
    if "@" not in address and "@" in name and (inside := _ADDRESS.search(name)) and not address:
        address = inside[0]
    return Address(name, address) if name or address else None


def _outside_quotes(phrase: str) -> str:
    """The phrase without its quoted strings, which may hold anyone's address; a quoted local part stays."""
    if '"' not in phrase:
        return _ESCAPED.sub(r"\1", phrase)
    return _QUOTED_NAME.sub(" ", phrase)


def _spaced_address(phrase: str) -> str | None:
    """Obsolete syntax allows blanks around the "@" and the dots; programs forget the brackets of an IPv6 address."""
    if ":" in phrase and _BARE_IPV6.fullmatch(phrase.strip()):
        return phrase.strip()
    if phrase.count("@") > 1 and '"' not in phrase and _SEVERAL_AT.fullmatch(phrase.strip()):
        return phrase.strip()
    if phrase.count("@") != 1 or len(phrase) > _LONGEST_SPACED:
        return None
    tight = _BLANK_BY_DOT.sub(r"\1", phrase.strip())
    return tight if _ADDRESS.fullmatch(tight) else None


def _name(phrase: str) -> str:
    phrase = phrase[:_LONGEST_PHRASE].strip(" \t\r\n<>")  # of "<<a@b>>" a bracket is left over
    if '"' in phrase:
        phrase = _unquoted(phrase)
    elif "\\" in phrase:
        phrase = _ESCAPED.sub(r"\1", phrase)
    name = clean_line(_BLANKS.sub(" ", decode_words(phrase)))
    if has_invisibles(name):
        name = without_invisibles(name).strip()
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return name[:_LONGEST_NAME]


def _unquoted(phrase: str) -> str:
    return "".join(
        _quoted_inside(found[0]) for found in re.finditer(r'"(?:[^"\\]|\\.){0,600}+"|[^"]++|"', phrase, re.DOTALL)
    )


def _quoted_inside(piece: str) -> str:
    if len(piece) > 1 and piece[0] == '"':
        return _ESCAPED.sub(r"\1", piece[1:-1])
    return "" if piece == '"' else piece


def _address(angle: str) -> str:
    """What stands between angle brackets, without route (RFC 5322 §4.4), comments and blanks."""
    text = clean_line(angle)
    if "(" in text:
        text = _without_comments(text)
    text = _ROUTE.sub("", text).strip()
    if text.lower().startswith("mailto:"):
        text = text[7:]
    if "=?" in text:
        text = clean_line(decode_words(text))
    if '"' not in text:
        if " " in text and _BLANK_BY_DOT.sub(r"\1", text).count(" ") and (found := _ADDRESS.search(text)):
            text = found[0]
        text = _BLANKS.sub("", text)
        if text.startswith("'") and text.endswith("'"):
            text = text[1:-1]
    return without_invisibles(text)[:998]


def _without_comments(text: str) -> str:
    closing = _matching_parentheses(text)
    pieces, position = [], 0
    while (start := text.find("(", position)) >= 0 and start in closing:
        pieces.append(text[position:start])
        position = closing[start] + 1
    return "".join([*pieces, text[position:]])


def _with_commas_mended(found: list[Address]) -> tuple[Address, ...]:
    """`Nordgård, Kirsten <k@example>` is one person: a name alone belongs to the address that follows."""
    mended: list[Address] = []
    waiting: list[str] = []
    for address in found:
        if not address.address and address.name and len(found) > 1:
            waiting.append(address.name)
        elif waiting and address.name:
            mended.append(Address(", ".join([*waiting, address.name])[:_LONGEST_NAME], address.address))
            waiting = []
        else:
            mended.extend(Address(name, "") for name in waiting)
            mended.append(address)
            waiting = []
    mended.extend(Address(name, "") for name in waiting)
    return tuple(_without_a_host(address) for address in mended if not _UNDISCLOSED.match(address.name))


def _without_a_host(address: Address) -> Address:
    """`root` and `MAILER-DAEMON` alone are addresses of the sending machine."""
    if not address.address and _LOCAL.match(address.name):
        return Address("", address.name)
    return address
