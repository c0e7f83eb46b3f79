"""Numbers that identify a person or open an account: IBANs, cards, personal identity numbers of five countries.

Found so that they can be masked on the screen and kept out of the search. Check digits decide where the number has any
that hold; Danish CPR numbers since 2007 may fail modulo 11, so there a plausible date decides, and where the number is
written without its hyphen also a word beside it. The checks are python-stdnum's.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stdnum import iban, luhn
from stdnum.dk import cpr
from stdnum.exceptions import ValidationError
from stdnum.no import fodselsnummer
from stdnum.se import personnummer


class PrivateKind(StrEnum):
    """What a private number is."""

    IBAN = "iban"
    CARD = "card"
    PERSONAL_ID = "personal_id"


@dataclass(frozen=True, slots=True)
class PrivateNumber:
    """A private number in a text, by characters."""

    kind: PrivateKind
    start: int
    end: int


MASK: Final = "•"
_SHOWN: Final = 4
"""Characters at the end of an account's number that stay readable, so that people can tell which one is meant."""

_IBAN: Final = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{2,4}){3,8}(?!\w)", re.IGNORECASE)
_DIGITS: Final = re.compile(r"(?<![\w+])(?<!\d[.,/ ])\d(?:[ \u00a0-]?\d){8,18}(?![\w/])(?![.,]\d)")
_WORD_BESIDE: Final = re.compile(
    r"cpr|personn(?:ummer|r)|fødselsn(?:ummer|r)|foedselsn|fodselsn|födelsen|d-nummer|samordningsn|ssn|national id"
    r"|fnr|personal (?:id|number)|identity number|id-nummer|p\.?nr",
    re.IGNORECASE,
)
_BESIDE: Final = 40
"""Characters before a number in which a word may say what it is."""
_CARD_BEGINNINGS: Final = re.compile(r"3[0-9]|4|5[0-9]|6[0-9]|2[2-7]")


# What every private number holds. Most texts hold no such thing, and a page asks about hundreds of them.
# Written so that it begins with a digit: that is looked for quickest.
_MAY_BE: Final = re.compile(r"\d(?:(?:[ \u00a0-]?\d){3}|(?<=[A-Za-z]{2}\d)\d)")


def private_numbers(text: str) -> list[PrivateNumber]:
    """The private numbers in a text, in order, none inside another. Linear in its length."""
    if not _MAY_BE.search(text):
        return []
    found = list(_ibans(text))
    taken = [(one.start, one.end) for one in found]
    found += [one for one in _by_digits(text) if not any(start < one.end and one.start < end for start, end in taken)]
    return sorted(found, key=lambda one: one.start)


def masked(text: str) -> str:
    """The text with its private numbers covered; of accounts and cards the last four characters stay. Same length."""
    for one in private_numbers(text):
        written = text[one.start : one.end]
        left = sum(map(str.isalnum, written)) - (0 if one.kind is PrivateKind.PERSONAL_ID else _SHOWN)
        covered = []
        for sign in written:
            covered.append(MASK if sign.isalnum() and left > 0 else sign)
            left -= sign.isalnum()
        text = text[: one.start] + "".join(covered) + text[one.end :]
    return text


def without(text: str) -> str:
    """The text without its private numbers: what may be searched for."""
    pieces, at = [], 0
    for one in private_numbers(text):
        pieces.append(text[at : one.start])
        at = one.end
    return "".join([*pieces, text[at:]])


def _ibans(text: str) -> Iterator[PrivateNumber]:
    for match in _IBAN.finditer(text):
        # What follows an IBAN may look like more of it: the longest beginning that its check digits accept counts.
        for end in range(match.end(), match.start() + 14, -1):
            is_whole = text[end - 1].isalnum() and not text[end : end + 1].isalnum()
            if is_whole and iban.is_valid(text[match.start() : end].replace("\u00a0", " ")):
                yield PrivateNumber(PrivateKind.IBAN, match.start(), end)
                break


def _by_digits(text: str) -> Iterator[PrivateNumber]:
    for match in _DIGITS.finditer(text):
        kind = _kind_of(match.group(), text[max(0, match.start() - _BESIDE) : match.start()])
        if kind:
            yield PrivateNumber(kind, match.start(), match.end())


def _kind_of(written: str, before: str) -> PrivateKind | None:
    digits = re.sub(r"\D", "", written)
    if len(digits) >= 13:
        # Swedish numbers with their century have twelve digits, cards thirteen and more.
        is_card = bool(_CARD_BEGINNINGS.match(digits)) and luhn.is_valid(digits)
        return PrivateKind.CARD if is_card else None
    is_named = bool(_WORD_BESIDE.search(before))
    return PrivateKind.PERSONAL_ID if _is_personal(written, digits, is_named=is_named) else None


def _is_personal(written: str, digits: str, *, is_named: bool) -> bool:
    """Danish, Norwegian or Swedish, told by length; ten digits without a hyphen or a word beside them are a number."""
    is_marked = is_named or _HYPHENATED.fullmatch(written) is not None
    if len(digits) == 10:
        has_date = _holds(cpr.get_birth_date, digits)
        return is_marked and (has_date or _holds(personnummer.validate, f"{digits[:6]}-{digits[6:]}"))
    if len(digits) == 11:
        # From 2032 Norway gives out numbers whose check digits follow another rule: a date and a word will do.
        return _holds(fodselsnummer.validate, digits) or (is_named and _holds(fodselsnummer.get_birth_date, digits))
    return len(digits) == 12 and is_marked and _holds(personnummer.validate, f"{digits[:8]}-{digits[8:]}")


_HYPHENATED: Final = re.compile(r"\d{6}[ -]\d{4}|\d{8}-\d{4}")


def _holds(check: Callable[[str], object], digits: str) -> bool:
    try:
        return bool(check(digits))
    except ValidationError:
        return False
