"""A message as words, clauses and sentences that remember where in the original they stand.

People write "für", "fuer", "fur" and "FÜR", with typewriter apostrophes and with soft hyphens that a mail program left.
`Word.form` is one spelling of all that; `Word.start` and `Word.end` still point at the original's characters.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

LONGEST: Final = 100_000
"""Characters that are read. Nobody writes more by hand; what is pasted below is not read for acts."""

# Letters with the marks above them and the invisible signs programs leave between them.
_LETTERS: Final = r"[^\W\d_]+(?:[\u0300-\u036f\u00ad\u200b-\u200d\u2060]+[^\W\d_]*)*"
_WORD: Final = re.compile(rf"({_LETTERS}(?:['’‘`´-]{_LETTERS})*|\d+(?:[.,:/-]\d+)*)")
_SIGN: Final = re.compile(r"\r?\n|[^\w\s]|_")
_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200d\u2060]")
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("’‘`´", "'"))

_NEW_LINES: Final = ("\n", "\r\n")
_ENDS: Final = frozenset(".!?…")
_FEW_SIGNS: Final = 12
"""Characters between two words up to which their signs are remembered: mostly it is ". " or ", "."""
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


class Clause(NamedTuple):
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


class Sentence(NamedTuple):
    """Clauses up to the end of a sentence, and their words. `mark` is the sign that ends it ("?") or nothing."""

    clauses: tuple[Clause, ...]
    words: tuple[Word, ...]
    mark: str

    @property
    def clause_of_each_word(self) -> list[int]:
        """The number of the clause each word stands in."""
        return [number for number, clause in enumerate(self.clauses) for _ in clause.words]

    @property
    def start(self) -> int:
        """Where its first word begins in the original."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Where its last word ends in the original."""
        return self.words[-1].end


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text, in order. Linear in its length; reads the first `LONGEST` characters."""
    read = _Read(text[:LONGEST])
    add = read.words.append
    at = 0
    # What stands between words and the words in turns, beginning and ending with what stands between.
    pieces = _WORD.split(read.text)
    for between, word in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        if between == " ":
            at += 1
        elif between:
            read.signs(between, at, word)
            at += len(between)
        if word:
            end = at + len(word)
            add(tuple.__new__(Word, (_form(word), at, end)))  # as Word() does, in half the time
            at = end
    read.end_sentence("")
    return read.sentences


class _Read:
    """What was read so far: whole sentences, the clauses of the one that runs, and the words of its last clause."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sentences: list[Sentence] = []
        self.words: list[Word] = []
        self._clauses: list[Clause] = []
        self._opens = ""
        self._line_began = 0

    def signs(self, between: str, start: int, next_word: str) -> None:
        """Read the signs and new lines between two words; `start` is the first one's place in the text."""
        found = _signs_in(between) if len(between) < _FEW_SIGNS else _signs_in.__wrapped__(between)
        for number, (sign, offset) in enumerate(found):
            at = start + offset
            following = found[number + 1][0] if number + 1 < len(found) else next_word
            if sign in _ENDS:
                if following in _NEW_LINES:
                    following = found[number + 2][0] if number + 2 < len(found) else next_word
                if sign != "." or self._dot_ends_sentence(at, following):
                    self.end_sentence(sign)
            elif sign in _NEW_LINES:
                if self._ends_line(at, following):
                    self.end_sentence("")
                self._line_began = at + len(sign)
            elif sign in _PARTS or (sign == "-" and self.text[at + 1 : at + 2] == " "):
                self.end_clause(sign)

    def end_clause(self, sign: str) -> None:
        """`sign` opens the next."""
        if self.words:
            self._clauses.append(Clause(tuple(self.words), self._opens))
            self.words.clear()
        self._opens = sign

    def end_sentence(self, mark: str) -> None:
        """A further mark ("?!") belongs to the sentence before."""
        self.end_clause("")
        if self._clauses:
            words = self._clauses[0].words if len(self._clauses) == 1 else _words_of(self._clauses)
            self.sentences.append(Sentence(tuple(self._clauses), words, mark))
            self._clauses = []
        elif self.sentences and mark.strip(".") and not self.sentences[-1].mark.strip("."):
            self.sentences[-1] = self.sentences[-1]._replace(mark=mark)

    def _dot_ends_sentence(self, at: int, following: str) -> bool:
        """Whether a dot ends a sentence: "kl.", "z. B." and "12. mars" go on. `following` is what stands behind it."""
        after = self.text[at + 1 : at + 2]
        if after and not after.isspace() and after not in "\"')»“”":
            return False
        if not following or following in _NEW_LINES or not self.words or self.words[-1].end != at:
            return True
        goes_on = following[0].islower()
        before = self.words[-1]
        if before.form[0].isdigit():
            return not (goes_on or following.lower().startswith(_MONTH_BEGINNINGS))
        word = self.text[before.start : at].lower()
        return not (word in _SHORTENED and (goes_on or len(word) < 3 or following[0].isdigit()))

    def _ends_line(self, at: int, following: str) -> bool:
        """Whether a new line ends a sentence, or only wraps it."""
        if at - self._line_began < _SHORT_LINE:
            return not (following[:1].islower() and self.text[at - 1 : at] == ",")
        return following in _NEW_LINES


@lru_cache(maxsize=1_024)
def _signs_in(between: str) -> tuple[tuple[str, int], ...]:
    """The signs and new lines between two words, and their places."""
    return tuple((sign.group(), sign.start()) for sign in _SIGN.finditer(between))


def _words_of(clauses: Iterable[Clause]) -> tuple[Word, ...]:
    return tuple(word for clause in clauses for word in clause.words)


@lru_cache(maxsize=8_192)
def _form(written: str) -> str:
    plain = written.lower() if written.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFC", written)).lower()
    plain = plain.translate(_APOSTROPHES)
    return plain if plain[:1].isdigit() else plain.replace("-", "")


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
