"""Whether a message says thanks and nothing else. "Tak, men …" is not that."""

import re
from typing import Final

_LONGEST: Final = 400  # characters
_MOST_WORDS: Final = 30
_MOST_NAMES: Final = 4
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ASKS: Final = re.compile(r"[?\d@]|https?:")

_THANKS: Final = frozenset(
    [
        "tak",
        "takk",
        "tack",
        "danke",
        "thanks",
        "thank",
        "thx",
        "tusind",
        "tusen",
        "tusin",
        "mange",
        "hjertelig",
        "hjärtligt",
        "hjerteligt",
        "varmt",
        "vielen",
        "besten",
        "lieben",
        "herzlichen",
        "schönen",
        "dank",
        "takker",
        "tackar",
        "thankful",
        "dankeschön",
    ]
)
_MUST: Final = frozenset(
    ["tak", "takk", "tack", "danke", "dank", "thanks", "thank", "thx", "dankeschön", "takker", "tackar"]
)
# "No thanks" is an answer, and "thanks, but" the beginning of a complaint.
_DENIES: Final = frozenset(
    [
        "no",
        "nei",
        "nej",
        "nein",
        "not",
        "ikke",
        "ikkje",
        "inte",
        "nicht",
        "never",
        "aldri",
        "aldrig",
        "aber",
        "men",
        "but",
    ]
)
_ALONG_WORDS: Final = (
    # greeting and goodbye
    "hej hei hallo hello hi dear kære kjære hejsan guten tag god dag morgen venlig vennlig hilsen"
    " hilsner mvh vh hälsning"
    " hälsningar vänliga vänlig freundlichen freundliche grüßen grüße gruß gruss viele liebe lg mfg kind best regards"
    " cheers bye ha det bra en fortsat fortsatt ønskes lørdag weekend helg wochenende schönes nice day"
    " evening have kv med"
    # for what
    " for för für hjælpen hjelpen hjälpen hilfe help hjælp hjelp svar svaret answer reply antwort antworten rask raske"
    " rask hurtig hurtige hurtigt snabb snabba snabbt schnelle schnell quick fast svaret oplysningen opplysningen"
    " informationen information info beskeden beskjeden meddelandet nachricht rückmeldung tilbakemelding tilbagemelding"
    " god gode good gute your deres din jeres er era ihre den det die der the das you jer dere dig deg dir ihnen dem så"
    " so very much a lot super mye meget mycket sehr again igen igjen nochmals noch mal also också også auch"
    # it is well
    " perfekt perfect flot flott fint fin bra toppen dejligt herlig herligt great excellent wonderful wunderbar prima"
    " klasse fantastisk fantastiskt herrlich gut godt alt alles all everything er är ist is works working virker funker"
    " fungerer fungerar funktioniert klappt nu nå jetzt now det it that har modtaget mottatt fått erhalten received got"
    " ok okay yes ja jo well og och und and at of i in skal du trevlig trevligt hyggelig dejlig"
    " fortsættelse schön klar jeg jag ich we vi wir ønsker"
)
_ALONG: Final = frozenset(_ALONG_WORDS.split())


def is_only_thanks(text: str) -> bool:
    """Whether the new words of a message thank us, and neither ask, tell nor object. When in doubt: no."""
    if not text.strip() or len(text) > _LONGEST or _ASKS.search(text):
        return False
    words = _WORD.findall(text)
    if any(word.lower() in _DENIES for word in words):
        return False
    if not words or len(words) > _MOST_WORDS or not any(word.lower() in _MUST for word in words):
        return False
    others = [word for word in words if word.lower() not in _THANKS and word.lower() not in _ALONG]
    # What is left may be names: of whom they thank, and their own below.
    return len(others) <= _MOST_NAMES and all(word[:1].isupper() for word in others)
