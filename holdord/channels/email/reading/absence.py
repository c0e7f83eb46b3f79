"""Out of office and automatic acknowledgements: told apart by words, and when the person is back."""

import re
from datetime import date, timedelta
from typing import Final

_SCANNED: Final = 3_000

# What mail programs themselves put before the subject. With the colon it is proof enough; nobody types it.
_PROGRAM_PREFIX: Final = re.compile(
    r"^\W{0,2}(?:automatisk svar|automatiskt svar|autosvar|auto-svar|automatisk besvarelse"
    r"|fraværsmelding|fraværsbesked|fraværssvar|fråværsmelding|frånvaromeddelande|frånvaro"
    r"|abwesenheitsnotiz|abwesenheitsmeldung|abwesenheitsbenachrichtigung|automatische antwort"
    r"|automatic reply|auto(?:matic)?[- ]?(?:reply|response|responder)|out of (?:the )?office(?: auto\s?reply)?"
    r"|ikke til ?stede|ikke tilstede|ute av kontoret|réponse automatique|respuesta automática"
    r"|risposta automatica|automatisch antwoord|resposta automática|automaattinen vastaus)\s?[:：]",
    re.IGNORECASE,
)
# Nothing else in the subject: proof where the text speaks of it too.
_PROGRAM_SUBJECT: Final = re.compile(
    r"\W{0,2}(?:automatisk svar|automatiskt svar|autosvar|fraværsmelding|fraværsbesked|frånvaromeddelande"
    r"|abwesenheitsnotiz|abwesenheitsmeldung|automatische antwort|automatic reply|auto-?reply|out of (?:the )?office)"
    r"[\s.!]{0,3}",
    re.IGNORECASE,
)
_NOTES_PREFIX: Final = re.compile(r"^AUTO: ")  # Lotus Notes: "AUTO: Anna is out of the office (returning 16.03.2026)"
# Said by programs and by people: it counts beside a header of a machine.
_SUBJECT_WORDS: Final = re.compile(
    r"automatisk svar|autosvar|automatiskt svar|automatische antwort|automatic reply|auto-?(?:reply"
    r"|response|matic response)|out of (?:the )?office|away from (?:my|the) (?:desk|mail|office)|on"
    r" (?:vacation|holiday|leave)"
    r"|vacation|fravær|fråvær|frånvar|abwesen|urlaub|ferie|semester|ikke på kontoret|ute av kontor"
    r"|inte på kontoret|nicht im büro|\bOOO\b|\bOOF\b",
    re.IGNORECASE,
)
_ABSENCE: Final = re.compile(
    r"out of (?:the )?office|on (?:vacation|holiday|annual leave|parental leave|leave)|i(?: am|'m)"
    r" (?:currently )?(?:away|out)|(?:will be|am) back|be returning|limited access to|return(?:ing)?"
    r" (?:to (?:the )?office )?on"
    r"|holder (?:\w+ )?ferie|på ferie|har ferie|ferie (?:fra|til|frem|t\.o\.m)|er tilbage|er tilbake"
    r"|tilbake på|tilbage på|ikke til ?stede|ikke på kontoret|er bortreist|barsel|permisjon|orlov"
    r"|fraværende|ute av kontoret|fri (?:fra|til)"
    r"|på semester|har semester|åter (?:på|den|i)|tillbaka|inte på (?:kontoret|plats)|föräldraledig"
    r"|tjänstledig|frånvarande|borta (?:från|till)"
    r"|im urlaub|urlaub|abwesend|nicht im (?:büro|haus|hause)|nicht erreichbar|wieder (?:im|ab|da"
    r"|für|erreichbar|zurück)|elternzeit|außer haus|ausser haus",
    re.IGNORECASE,
)
_RECEIPT: Final = re.compile(
    r"received your|we(?: have|'ve)? received|thank you for (?:contacting|your (?:message|enquiry"
    r"|inquiry))|ticket|case number"
    r"|har (?:modtaget|mottatt|fått)|modtaget din|mottatt din|tak(?:k)? for (?:din|at du)|sagsnummer|saksnummer"
    r"|tagit emot|tack för (?:ditt|att du)|ärendenummer|eingegangen|erhalten|dank für ihre"
    r" (?:nachricht|anfrage|e-?mail)",
    re.IGNORECASE,
)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january januar januari jan jänner",
            "february februar februari feb feber",
            "march marts mars märz mar maerz",
            "april apr",
            "may mai maj",
            "june juni jun",
            "july juli jul",
            "august augusti aug",
            "september sep sept",
            "october oktober okt oct",
            "november nov",
            "december desember dezember dec des dez",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_CUE: Final = re.compile(
    r"(?P<inclusive>til og med|t\.?o\.?m\.?|tom\b|bis einschließlich|bis einschliesslich|bis inkl\w*\.?|through)"
    r"|(?P<back>tilbage|tilbake|tillbaka|åter|back|return\w*|wieder|zurück|retur)|(?P<until>until"
    r"|till|til|frem til|fram til|t\.o\.|bis(?: zum)?|(?<=\d)\s?[-–]\s?(?=\d))",
    re.IGNORECASE,
)
_DATE: Final = re.compile(
    rf"(?P<iso>(?P<y1>20\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d))|(?P<d2>\d{{1,2}})(?:st|nd|rd"
    rf"|th)?\.?\s{{0,3}}(?:of |de )?(?P<n2>{_MONTH})\b\.?(?:,?\s{{1,3}}(?P<y2>20\d\d))?"
    rf"|\b(?P<n3>{_MONTH})\.?\s{{1,3}}(?P<d3>\d{{1,2}})(?:st|nd|rd"
    rf"|th)?\b(?:,?\s{{1,3}}(?P<y3>20\d\d))?"
    rf"|\b(?P<d4>\d{{1,2}})[./](?P<m4>\d{{1,2}})(?:[./-](?P<y4>(?:20)?\d\d))?(?!\d)",
    re.IGNORECASE,
)
_CUE_REACH: Final = 45  # characters between "back on" and the date


def has_program_prefix(subject: str, text: str = "") -> bool:
    """Whether the subject begins as mail programs make automatic answers begin, or is nothing but their words and the
    text is about an absence.
    """
    if _PROGRAM_PREFIX.match(subject):
        return True
    if _NOTES_PREFIX.match(subject):
        return bool(_ABSENCE.search(subject[:300]))
    return bool(_PROGRAM_SUBJECT.fullmatch(subject)) and speaks_of_absence("", text)


def speaks_of_automatic(subject: str) -> bool:
    return bool(_SUBJECT_WORDS.search(subject[:300]))


def speaks_of_absence(subject: str, text: str) -> bool:
    return bool(_ABSENCE.search(subject[:300]) or _ABSENCE.search(text[:_SCANNED]))


def speaks_of_receipt(text: str) -> bool:
    """Whether it says that something arrived, as acknowledgements do."""
    return bool(_RECEIPT.search(text[:_SCANNED]))


def return_date(text: str, *, sent_on: date) -> date | None:
    """The day the writer is back, if the text names it. A year left out is the one that puts it after `sent_on`."""
    text = text[:_SCANNED]
    chosen: tuple[int, date] | None = None
    for cue in _CUE.finditer(text):
        found = _DATE.search(text, cue.end(), cue.end() + _CUE_REACH)
        day = found and _day(found, sent_on)
        if not day:
            continue
        if cue["inclusive"]:
            day += timedelta(days=1)
        rank = 0 if cue["back"] else 1
        if chosen is None or rank < chosen[0]:
            chosen = (rank, day)
    return chosen[1] if chosen else None


def _day(found: re.Match[str], sent_on: date) -> date | None:
    for number in "1234":
        if found[f"d{number}"]:
            month_name = found[f"n{number}"] if number in "23" else None
            month = _MONTHS[month_name.lower()] if month_name else int(found[f"m{number}"])
            return _in_year(found[f"y{number}"], month, int(found[f"d{number}"]), sent_on)
    return None


def _in_year(year: str | None, month: int, day: int, sent_on: date) -> date | None:
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        this_year = date(sent_on.year, month, day)
        return this_year if this_year >= sent_on else date(sent_on.year + 1, month, day)
    except ValueError:
        return None
