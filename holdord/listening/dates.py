"""The dates a customer tells: by when they need it, and days that are written out.

"Tomorrow" is only kept where something hangs on it; "the 3rd of March" is, since nobody should have to say it again.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from holdord.kernel.working_time import Calendar
from holdord.listening.due import Due, times_in
from holdord.listening.fact_patterns import FactKind
from holdord.listening.facts import Fact
from holdord.listening.text import MONTHS, Sentence

_DIGIT: Final = re.compile(r"\d")
"""Looked for first: most sentences hold none, and that is found out ten times as fast."""
_WRITTEN_OUT: Final = re.compile(
    rf"\d{{1,4}}[./-]\s?\d{{1,2}}\b|\d{{1,2}}(?:\.|st|nd|rd|th|:e)?\s+(?:of\s+)?(?:{MONTHS.replace(' ', '|')})",
    re.IGNORECASE,
)


def dates_in(
    sentence: Sentence, text: str, *, is_deadline: bool, language: str, written_at: datetime, calendar: Calendar
) -> Iterator[Fact]:
    """The deadline of a sentence that tells one, else the days written out in it; `value` is ISO 8601.

    A deadline spans the words that say what it is for. Linear in the words.
    """
    if not is_deadline and not _has_written_out(text, sentence):
        return
    told = times_in(sentence, language=language, written_at=written_at, calendar=calendar)
    if is_deadline and (ahead := [due for due in told if not due.is_past]):
        yield _fact(FactKind.DEADLINE, ahead[-1], _words_around(sentence, ahead))
        return
    for due in told:
        if _WRITTEN_OUT.search(text, due.start, due.end):
            yield _fact(FactKind.DATE, due, (due.start, due.end))


def _has_written_out(text: str, sentence: Sentence) -> bool:
    start, end = sentence.start, sentence.end
    return bool(_DIGIT.search(text, start, end) and _WRITTEN_OUT.search(text, start, end))


def _words_around(sentence: Sentence, told: Sequence[Due]) -> tuple[int, int]:
    """The clauses in which it is told."""
    clauses = [clause for clause in sentence.clauses if any(clause.start <= due.start <= clause.end for due in told)]
    return (clauses[0].start, clauses[-1].end) if clauses else (sentence.start, sentence.end)


def _fact(kind: FactKind, due: Due, span: tuple[int, int]) -> Fact:
    return Fact(kind, (due.at or due.on).isoformat(), *span)
