"""A message as words, clauses and sentences that remember where in the original they stand.

People write "für", "fuer", "fur" and "FÜR", with typewriter apostrophes and with soft hyphens that a mail program left.
`Word.form` is one spelling of all that; `Word.start` and `Word.end` still point at the original's characters.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

LONGEST: Final = 100_000
"""Characters that are read. Nobody writes more by hand; what is pasted below is not read for acts."""

# Letters with the marks above them and the invisible signs programs leave between them.
_LETTERS: Final = r"[^\W\d_]+(?:[\u0300-\u036f\u00ad\u200b-\u200d\u2060]+[^\W\d_]*)*"
_TOKEN: Final = re.compile(
    rf"(?P<word>{_LETTERS}(?:['’‘`´-]{_LETTERS})*)"
    r"|(?P<number>\d+(?:[.,:/-]\d+)*)"
    r"|(?P<newline>\r?\n)"
    r"|(?P<sign>[^\w\s]|_)"
)
_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200d\u2060]")
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("’‘`´", "'"))

_ENDS: Final = frozenset(".!?…")
_PARTS: Final = frozenset(',;:()–—"»«„“”')
# A dot after these ends no sentence.
_SHORTENED_WORDS: Final = (
    "kl ca nr d dd f eks evt ang vedr pga mht bl a inkl ekskl tlf mob jf osv mvh vh mfl o l dvs m v s t ex e g i p"
    " zb z b u usw bzw evtl tel str art dr mr mrs ms st prof hr fr vgl ggf min std uhr jan feb apr jun jul aug sep sept"
    " okt oct nov dec dez des mon tue tues wed thu thur thurs fri sat sun man tir tirs ons tor tors fre lør søn mån lör"
    " sön mo di mi do sa so no approx incl vs etc max kr md mdr mnd stk pct moms mva ink ggfs tlf nkr skr dkr st hrs no"
)
_SHORTENED: Final = frozenset(_SHORTENED_WORDS.split())
MONTHS: Final = "jan feb mar mär apr maj mai may jun jul aug sep okt oct nov dec des dez"
"""How the months begin in the five languages."""
_MONTH_BEGINNINGS: Final = tuple(MONTHS.split())
_SHORT_LINE: Final = 58
"""Characters: a line shorter than this that ends without a sign was ended by its writer, not by a mail program."""


class Word(NamedTuple):
    """A word or a number. `form` is lower case, composed (NFC), without invisible signs and hyphens."""

    form: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """Words up to a comma, a colon or the like. `opens` is the sign before it."""

    words: tuple[Word, ...]
    opens: str = ""

    @property
    def start(self) -> int:
        """Where its first word begins in the original."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Where its last word ends in the original."""
        return self.words[-1].end


@dataclass(frozen=True)
class Sentence:
    """Clauses up to the end of a sentence. `mark` holds the signs that end it: "?", "!", "." or nothing."""

    clauses: tuple[Clause, ...]
    mark: str

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All its words."""
        return tuple(word for clause in self.clauses for word in clause.words)

    @property
    def start(self) -> int:
        """Where its first word begins in the original."""
        return self.clauses[0].start

    @property
    def end(self) -> int:
        """Where its last word ends in the original."""
        return self.clauses[-1].end


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text, in order. Linear in its length; reads the first `LONGEST` characters."""
    read = _Read()
    line_began = 0
    tokens = list(_TOKEN.finditer(text, 0, LONGEST))
    for index, token in enumerate(tokens):
        kind, sign = token.lastgroup, token.group()
        if kind in ("word", "number"):
            read.words.append(Word(_form(sign), *token.span()))
        elif kind == "newline":
            if _ends_line(text, tokens, index, line_began):
                read.end_sentence("")
            line_began = token.end()
        elif sign in _ENDS:
            if _ends_sentence(text, tokens, index):
                read.end_sentence(sign)
        elif sign in _PARTS or (sign == "-" and text[token.end() : token.end() + 1] == " "):
            read.end_clause(sign)
    read.end_sentence("")
    return read.sentences


class _Read:
    """What was read so far: whole sentences, the clauses of the one that runs, and the words of its last clause."""

    def __init__(self) -> None:
        self.sentences: list[Sentence] = []
        self.words: list[Word] = []
        self._clauses: list[Clause] = []
        self._opens = ""

    def end_clause(self, sign: str) -> None:
        """`sign` opens the next."""
        if self.words:
            self._clauses.append(Clause(tuple(self.words), self._opens))
            self.words = []
        self._opens = sign

    def end_sentence(self, mark: str) -> None:
        """A further mark ("?!") belongs to the sentence before."""
        self.end_clause("")
        if self._clauses:
            self.sentences.append(Sentence(tuple(self._clauses), mark))
            self._clauses = []
        elif self.sentences and mark.strip(".") and not self.sentences[-1].mark.strip("."):
            self.sentences[-1] = Sentence(self.sentences[-1].clauses, mark)


@lru_cache(maxsize=8_192)
def _form(written: str) -> str:
    plain = written.lower() if written.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFC", written)).lower()
    plain = plain.translate(_APOSTROPHES)
    return plain if plain[:1].isdigit() else plain.replace("-", "")


def _ends_sentence(text: str, tokens: "list[re.Match[str]]", index: int) -> bool:
    """Whether the sign ends a sentence: "kl.", "z. B." and "12. mars" go on."""
    sign = tokens[index].group()
    after = text[tokens[index].end() : tokens[index].end() + 1]
    if sign != ".":
        return True
    before = tokens[index - 1] if index else None
    if after and not after.isspace() and after not in "\"')»“”":
        return False
    following = next((token for token in tokens[index + 1 : index + 3] if token.lastgroup != "newline"), None)
    if before is None or following is None or before.end() != tokens[index].start():
        return True
    goes_on = following.group()[:1].islower()
    if before.lastgroup == "number":
        return not (goes_on or following.group().lower().startswith(_MONTH_BEGINNINGS))
    if before.lastgroup == "word":
        word = before.group().lower()
        return not (word in _SHORTENED and (goes_on or len(word) < 3 or following.lastgroup == "number"))
    return True


def _ends_line(text: str, tokens: "list[re.Match[str]]", index: int, line_began: int) -> bool:
    """Whether a new line ends a sentence, or only wraps it."""
    token = tokens[index]
    if token.start() - line_began < _SHORT_LINE:
        following = tokens[index + 1].group() if index + 1 < len(tokens) else ""
        return not (following[:1].islower() and text[token.start() - 1 : token.start()] == ",")
    return index + 1 < len(tokens) and tokens[index + 1].lastgroup == "newline"


# What people write who have no Nordic or German keyboard at hand.
_SPELT_OUT: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_WITHOUT_MARKS: Final = str.maketrans(
    {"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ü": "u", "ß": "ss", "é": "e", "è": "e", "ê": "e"}
)
_NEIGHBOURS: Final = str.maketrans({"æ": "ä", "ä": "æ", "ø": "ö", "ö": "ø"})


# Without their marks these would be other words: würde and wurde, før and for, når and nar.
_WORDS_WITHOUT_MARKS: Final = (
    "war ware waren wurde wurden hatte hatten konnte konnten mochte mochten schon anderen fordern stelle for far nar"
    " har mal las lang dor hor dom fall"
)
_OTHER_WORDS: Final = frozenset(_WORDS_WITHOUT_MARKS.split())
_SHORTEST_WITHOUT_MARKS: Final = 3


def spellings(form: str) -> Iterator[str]:
    """The ways a word is written: with its marks, spelt out ("fuer"), without them ("fur"), with a neighbour's."""
    yield form
    if not form.isascii():
        yield from (form.translate(_SPELT_OUT), form.translate(_NEIGHBOURS))
        bare = form.translate(_WITHOUT_MARKS)
        if len(bare) >= _SHORTEST_WITHOUT_MARKS and bare not in _OTHER_WORDS:
            yield bare
