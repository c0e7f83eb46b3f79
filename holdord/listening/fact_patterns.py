"""How facts are written in five languages: the words beside numbers, and the shapes of what stands there.

Every pattern is bounded, so that looking for it takes time in proportion to the text.
"""

import re
from enum import StrEnum
from typing import Final


class FactKind(StrEnum):
    """What a fact is about."""

    ORDER = "order"
    CUSTOMER = "customer"
    SERIAL = "serial"
    PHONE = "phone"
    ADDRESS = "address"
    AMOUNT = "amount"
    ERROR = "error"
    PRODUCT = "product"
    DEADLINE = "deadline"
    DATE = "date"


def _either(words: str) -> str:
    return "|".join(words.split())


# Compounds are written together or with a blank, "nr" stands for "nummer".
_ORDER_WORDS: Final = _either(
    r"ordren?r? ordre(?:nummer|nr) bestilling(?:s?nummer|s?nr|en)? beställning(?:s?nummer|s?nr|en)? best[äa]llnings?nr"
    r" order(?:nummer|nr)? bestell(?:ung|nummer|nr) auftrag(?:s?nummer|s?nr)? vorgangsnummer"
    r" booking(?:nummer|reference)? bokning(?:s?nummer)? buchung(?:s?nummer)? reservation(?:s?nummer)? purchase"
    r" fakturan(?:ummer|r) faktura"
    r" rechnung(?:s?nummer|s?nr)? invoice sag(?:s?nummer|s?nr) saksn(?:ummer|r) ärenden(?:ummer|r)"
)
_CUSTOMER_WORDS: Final = _either(
    r"kunden?(?:nummer|nr) customer\s?(?:number|no|id) kund\s?(?:id|nr|nummer) medlems?(?:nummer|nr)"
    r" mitglieds?(?:nummer|nr) member(?:ship)?\s?(?:number|no|id) abonnements?(?:nummer|nr) kontonummer"
    r" account\s?(?:number|no) vertrags?(?:nummer|nr|konto)"
)
_SERIAL_WORDS: Final = _either(
    r"serien?(?:nummer|nr) serial(?:\s?(?:number|no))? s/n sn imei chassis(?:nummer|nr)? stel(?:nummer|nr)"
    r" ger[äa]tenummer gerätenr målern(?:ummer|r) z[äa]hlern(?:ummer|r)"
)
_BETWEEN: Final = r"(?:[\s.:#=-]|\bnr\b|\bno\b|\bnummer\b|\bnumber\b|\ber\b|\bis\b|\bist\b|\bär\b|\blautet\b|\bn°){0,6}"
_VALUE: Final = r"(?P<value>(?=[A-Z/-]{0,8}\d)[A-Z0-9][A-Z0-9/-]{2,24})"
BY_LABEL: Final = [
    (kind, re.compile(rf"\b(?:{words})\b{_BETWEEN}{_VALUE}", re.IGNORECASE))
    for kind, words in (
        (FactKind.ORDER, _ORDER_WORDS),
        (FactKind.CUSTOMER, _CUSTOMER_WORDS),
        (FactKind.SERIAL, _SERIAL_WORDS),
    )
]
"""A number beside the word that says what it is."""
HASH: Final = re.compile(r"(?<![\w&/])#(?P<value>[A-Z]{0,4}-?\d{3,12})\b", re.IGNORECASE)
"""#48213: an order."""

_CODE_WORDS: Final = _either("kode koden kod koder code nummer nr meldung meddelelse melding")
ERROR: Final = re.compile(
    r"\b(?P<http>HTTP|REST)[\s:-]{0,2}(?P<code>\d{3,6})\b"
    rf"|\b(?:fejl|feil|fel|fehler|error|err)(?:\s?-?(?:{_CODE_WORDS}))?"
    r"[\s.:#-]{0,3}(?P<value>[A-Z]{0,3}-?\d{1,6}[A-Z]?|0x[0-9A-F]{2,8})\b"
    r"|\b(?P<bare>0x[0-9A-F]{4,8}|ERR_[A-Z_]{3,40}|E-?\d{2,5})\b",
    re.IGNORECASE,
)
"""HTTP 500, Fehler E17, 0x80070005."""

_SUM: Final = r"\d{1,3}(?:[ .,\u00a0]\d{3}){1,3}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_UNIT: Final = r"kr\b\.?|kroner|kronor|dkk|nok|sek|eur\b|euro\b|€|gbp|£|pounds?|quid|usd|\$"
AMOUNT: Final = re.compile(
    rf"(?<![\w.,])(?P<sum>{_SUM})(?:\s?(?P<unit>{_UNIT})|(?P<dash>,-|:-))"
    rf"|(?P<before>€|£|\$|\bkr\.?|\bDKK|\bNOK|\bSEK|\bEUR|\bGBP)\s?(?P<later>{_SUM})(?!\w)",
    re.IGNORECASE,
)
"""1.299,50 kr., 499:-, £30."""
CURRENCIES: Final = {
    "kr": "kr", "kr.": "kr", "kroner": "kr", "kronor": "kr", "dkk": "DKK", "nok": "NOK", "sek": "SEK", "eur": "EUR",
    "euro": "EUR", "€": "EUR", "gbp": "GBP", "£": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "usd": "USD",
    "$": "USD",
}  # fmt: skip

_NAME: Final = r"[A-ZÆØÅÄÖÜ][\w.'-]{1,30}"
_SMALL: Final = _either("am an der den dem im zum zur von af av")
ADDRESSES: Final = (
    re.compile(
        rf"\b(?P<street>{_NAME}(?: (?:{_SMALL}|{_NAME})){{0,3}}) (?P<house>\d{{1,4}} ?[A-Za-z]?)"
        r"(?:[, ]{1,3}(?:\d{1,2}\.? ?(?:sal|th|tv|mf|etg|og)?\.? ?(?:th|tv|mf)?\.?))?[,\s]{1,4}"
        r"(?P<code>(?:DK-|N-|NO-|S-|SE-|D-|DE-)?\d{3} ?\d{2}|\d{4}|\d{5})"
        r" (?P<town>[A-ZÆØÅÄÖÜ][\w-]{1,30}(?: [A-ZÆØÅÄÖÜ]\w{0,20})?)"
    ),
    re.compile(
        rf"\b(?P<house>\d{{1,4}}[A-Za-z]?) (?P<street>{_NAME}(?: {_NAME}){{0,3}}),? (?P<town>[A-Z][\w-]{{1,30}}),?"
        r" (?P<code>[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b"
    ),
)
"""Street, number, code and town; and the British order."""

PHONE: Final = re.compile(r"(?<![\w#-])(?:\+|00)?\(?\d(?:[ ()/\u00a0-]{0,2}\d){6,14}(?![\w-])")
PHONE_WORD: Final = re.compile(
    _either("tlf telefon mobil handy phone mobile cell ring call kald rufen anruf nås nåes fanges reach")
    + r"|nummer(?:et)? (?:er|är|ist)",
    re.IGNORECASE,
)
"""What makes a row of digits a phone number."""

PRODUCT: Final = re.compile(
    r"\b(?:firmware|version|model|modell|modellen|type|typ)\s?[.:]?\s?(?P<value>[A-Z]{0,5}-?\d[\w.-]{0,15})"
    r"|\b(?P<name>[A-ZÆØÅÄÖÜ][a-zæøåäöüß]{2,20}|[A-Z]{2,6})[ -](?P<number>[A-Z]{0,3}\d{2,5}[A-Za-z]{0,3}|(?<=-)\d)\b"
    r"(?! ?(?:kr|€|euro|%|uhr|dage|dager|dagar))"
)
"""A name with a number: LB-3, Nokia 3310, firmware 4.2."""
NO_PRODUCT: Final = re.compile(
    _either(
        "HTTP REST DK NO SE DE GB IBAN CVR CPR PIN GLS DHL Kl Nr Den Jeg Ich Der Die Das Ordre Order Faktura Rechnung"
        " Kunde Tlf Telefon Mobil Januar Februar Mars Marts März April Maj Mai May Juni June Juli July August September"
        " Oktober October November December Dezember Desember Uke Uge Vecka Woche Week Art Artikel Fejl Feil Fel Fehler"
        " Error Im Am Zum Seit Vor"
    )
)
"""What stands before a number and is no product."""
