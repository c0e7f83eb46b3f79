"""Which of a customer's questions a reply answers, and what a reply asks that was told already."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from holdord.listening.fact_patterns import FactKind
from holdord.listening.facts import Fact, facts
from holdord.listening.features import plain
from holdord.listening.languages import is_small_word
from holdord.listening.text import Clause, Sentence, sentences

_STEM: Final = 5
_ANSWERS: Final = {
    "when": frozenset(["weekday", "clock", "today", "tomorrow", "month", "by", "unit", "now"]),
    "why": frozenset(["because", "reason_given", "own_it"]),
}
_YES_OR_NO: Final = frozenset(["ja", "jo", "nej", "nei", "nein", "yes", "no", "jep", "jepp", "natürlich", "sure"])
_ASKED: Final = {
    FactKind.ERROR: "fejl(?:kode|meddelelse|tekst)? feil(?:kode|melding)? fel(?:kod|meddelande)"
    " fehler(?:code|meldung)? error",
    FactKind.ORDER: r"ordren\w* ordrenummer\w* bestilling\w* beställning\w* ordernummer\w* bestellnummer auftragsnummer"
    r" order\s(?:number|no) bookingnummer bokningsnummer booking\s(?:number|reference) fakturan\w* rechnungsnummer",
    FactKind.CUSTOMER: r"kundenummer\w* kundnummer\w* kundennummer customer\s(?:number|id) medlemsnummer\w*"
    " mitgliedsnummer",
    FactKind.SERIAL: r"serienummer\w* seriennummer serial imei",
    FactKind.PHONE: r"telefonnummer\w* mobilnummer\w* phone\snumber handynummer tlf",
    FactKind.ADDRESS: r"adresse\w* adress(?:en)? anschrift address",
    FactKind.PRODUCT: r"model\w* modell\w* firmware version\w* produkt\w* product gerät",
}
_ASKS_FOR: Final = {
    kind: re.compile(rf"\b(?:{'|'.join(words.split())})\b", re.IGNORECASE) for kind, words in _ASKED.items()
}


_VERBS_OF_GIVING: Final = (
    "oplys oplyse angiv send sende giv skriv fortæl opplys opplyse oppgi gi fortell ange uppge skicka ge berätta nennen"
    " schicken senden geben teilen mailen schreiben nenn schick gib give tell provide state share"
)
_VERBS_OF_NEEDING: Final = "bruge mangler trenger treng behöver saknar brauche brauchen benötige benötigen need"
_GIVE: Final = frozenset(_VERBS_OF_GIVING.split())
"""They ask unless we are their subject: "send us your number", not "we send"."""
_NEED: Final = frozenset(_VERBS_OF_NEEDING.split())
"""They ask when we are their subject: "we need your number"."""
_WE: Final = frozenset(["vi", "jeg", "eg", "jag", "wir", "ich", "we", "i"])
_OPENING: Final = 5
"""Words of a clause among which the verb that asks stands."""


def asks(sentence: Sentence) -> bool:
    """Whether a sentence of ours asks for something: a question, "send us …", "we need …"."""
    return "?" in sentence.mark or any(_asks_for_something(clause) for clause in sentence.clauses)


def _asks_for_something(clause: Clause) -> bool:
    opening = [word.form for word in clause.words[:_OPENING]]
    return not (_GIVE if _WE.isdisjoint(opening) else _NEED).isdisjoint(opening)


def asked_again(sentence_text: str, told: Iterable[Fact]) -> Fact | None:
    """The fact a question asks for though it was told; None when it asks for something new.

    A question that itself names the value ("is your number 4433?") only makes sure.
    """
    named = {fact.value for fact in facts(sentence_text)}
    for fact in told:
        pattern = _ASKS_FOR.get(fact.kind)
        if pattern and fact.value not in named and pattern.search(sentence_text):
            return fact
    return None


def unanswered(
    questions: Sequence[str], said: Sequence[Sentence], told: frozenset[str], asked: Sequence[frozenset[str]]
) -> list[int]:
    """The numbers of the questions that no sentence of a reply takes up.

    `told` are the concepts of the reply, `asked` those of each question. A question is taken up by a sentence that
    shares a word of its matter, by a time where it asks when, by a reason where it asks why; a lone question also by a
    plain yes or no.
    """
    matters = [_matter(sentence) for sentence in said]
    yes_or_no = any(sentence.words[0].form in _YES_OR_NO for sentence in said)
    return [
        number
        for number, question in enumerate(questions)
        if not (
            any(matter & _matter_of(question) for matter in matters)
            or any(told & answers for asks, answers in _ANSWERS.items() if asks in asked[number])
            or (yes_or_no and len(questions) == 1)
        )
    ]


def _matter_of(text: str) -> set[str]:
    return {stem for sentence in sentences(text) for stem in _matter(sentence)}


def _matter(sentence: Sentence) -> set[str]:
    """The beginnings of the words that carry a sentence's matter."""
    return {plain(word.form)[:_STEM] for word in sentence.words if len(word.form) > 3 and not is_small_word(word.form)}
