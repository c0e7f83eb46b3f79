"""What a message tells that nobody should have to tell twice: numbers, amounts, addresses, errors, products.

Each fact has its place in the text. Dates and deadlines come from `due`, private numbers from `private_numbers`; those
are no facts to show. Linear: each pattern is bounded, and looked for once.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import phonenumbers

from holdord.kernel.languages import HOME_OF
from holdord.listening.fact_patterns import (
    ADDRESSES,
    AMOUNT,
    BY_LABEL,
    CURRENCIES,
    ERROR,
    HASH,
    NO_PRODUCT,
    PHONE,
    PHONE_WORD,
    PRODUCT,
    FactKind,
)
from holdord.listening.private_numbers import private_numbers
from holdord.listening.text import LONGEST


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `value` is written one way however it stood in the text, from its character `start` to `end`."""

    kind: FactKind
    value: str
    start: int
    end: int


# A customer has one of each: two values of these don't fit together.
_ONE_OF_EACH: Final = frozenset([FactKind.CUSTOMER, FactKind.ADDRESS])


def facts(text: str, language: str | None = None) -> list[Fact]:
    """The facts of a text, in its order, none inside another. `language` says which country's numbers are meant."""
    text = text[:LONGEST]
    taken = bytearray(len(text))
    for one in private_numbers(text):
        _take(taken, one.start, one.end)
    candidates = (
        *_labelled(text),
        *_errors(text),
        *_amounts(text),
        *_addresses(text),
        *_phones(text, language),
        *_products(text),
    )
    found = [fact for fact in candidates if _take(taken, fact.start, fact.end)]
    return sorted(found, key=lambda fact: fact.start)


def _take(taken: bytearray, start: int, end: int) -> bool:
    """Whether a stretch of the text was free; it no longer is."""
    if any(taken[start:end]):
        return False
    taken[start:end] = b"\x01" * (end - start)
    return True


def kept(rows: Iterable[tuple[str, str]]) -> list[Fact]:
    """Facts as they were kept, a kind and a value each; their places are not kept. Other labels are left out."""
    return [Fact(FactKind(kind), value, 0, 0) for kind, value in rows if kind in _KINDS]


_KINDS: Final = frozenset(kind.value for kind in FactKind)


def conflicts(told: Iterable[Fact]) -> dict[FactKind, list[str]]:
    """Kinds of which a customer has one, with the several values that were told: a person decides which is right."""
    values: dict[FactKind, list[str]] = {}
    for fact in told:
        if fact.kind in _ONE_OF_EACH and fact.value not in values.setdefault(fact.kind, []):
            values[fact.kind].append(fact.value)
    return {kind: several for kind, several in values.items() if len(several) > 1}


def _labelled(text: str) -> Iterator[Fact]:
    for kind, pattern in BY_LABEL:
        for match in pattern.finditer(text):
            yield Fact(kind, match["value"].upper(), match.start("value"), match.end("value"))
    for match in HASH.finditer(text):
        yield Fact(FactKind.ORDER, match["value"].upper(), match.start("value"), match.end("value"))


def _errors(text: str) -> Iterator[Fact]:
    for match in ERROR.finditer(text):
        if match["http"]:
            yield Fact(FactKind.ERROR, f"{match['http'].upper()} {match['code']}", match.start(), match.end())
        else:
            yield Fact(FactKind.ERROR, (match["value"] or match["bare"]).upper(), match.start(), match.end())


def _amounts(text: str) -> Iterator[Fact]:
    for match in AMOUNT.finditer(text):
        unit = "kr" if match["dash"] else CURRENCIES[(match["unit"] or match["before"]).lower()]
        yield Fact(FactKind.AMOUNT, f"{_plain_sum(match['sum'] or match['later'])} {unit}", match.start(), match.end())


def _plain_sum(written: str) -> str:
    """Digits with a point before the hundredths: 1.299,50 and 1,299.50 are the same."""
    digits = re.sub(r"[ \u00a0]", "", written)
    whole, mark, part = digits.rpartition(max(".", ",", key=digits.rfind))
    if mark and len(part) < 3:
        return f"{re.sub('[.,]', '', whole)}.{part:0<2}"
    return re.sub("[.,]", "", digits)


def _addresses(text: str) -> Iterator[Fact]:
    for pattern in ADDRESSES:
        for match in pattern.finditer(text):
            yield Fact(FactKind.ADDRESS, " ".join(match.group().split()), match.start(), match.end())


def _phones(text: str, language: str | None) -> Iterator[Fact]:
    for match in PHONE.finditer(text):
        written = match.group()
        is_named = PHONE_WORD.search(text, max(0, match.start() - 40), match.start())
        if not (written.startswith(("+", "00")) or is_named):
            continue
        try:
            number = phonenumbers.parse(written, HOME_OF.get(language or "", "DK"))
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            yield Fact(FactKind.PHONE, value, match.start(), match.end())


def _products(text: str) -> Iterator[Fact]:
    for match in PRODUCT.finditer(text):
        if match["value"] or not NO_PRODUCT.fullmatch(match["name"]):
            yield Fact(FactKind.PRODUCT, match.group(), match.start(), match.end())
