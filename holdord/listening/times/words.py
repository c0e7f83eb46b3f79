"""The words of a sentence as the grammar of times walks over them, and the numbers among them."""

import re
from dataclasses import dataclass, replace
from typing import Final

from holdord.listening.text import Sentence
from holdord.listening.times.clocks import Clock
from holdord.listening.times.days import Days, Reckoning

_DASHES: Final = frozenset("–—-")
_ORDINAL_ENDINGS: Final = frozenset(["st", "nd", "rd", "th", "ste", "te", "de"])
_SWEDISH_ENDINGS: Final = frozenset(["e", "a"])
_CLOCK: Final = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?")
_BARE_CLOCK: Final = re.compile(r"(\d{2})(\d{2})")
_DATES: Final = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)"),
    re.compile(r"(?P<day>\d\d?)[./-](?P<month>\d\d?)[./-](?P<year>\d{4}|\d{2})"),
)
_SHORT_YEAR_FIRST: Final = re.compile(r"(?P<year>\d\d)-(?P<month>\d\d)-(?P<day>\d\d)")
_DAY_AND_MONTH: Final = re.compile(r"(?P<day>\d\d?)(?P<sign>[./])(?P<month>\d\d?)")
_FRACTIONS: Final = frozenset(["1/2", "1/3", "2/3", "1/4", "3/4", "24/7"])


@dataclass(frozen=True, slots=True)
class Token:
    """A word with the clause it stands in. `opens` is the sign before it, where it opens a clause."""

    form: str
    start: int
    end: int
    clause: int
    opens: str = ""
    is_ordinal: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is written in digits."""
        return self.form[0].isdecimal()


def tokens_of(sentence: Sentence) -> list[Token]:
    """The words, with "15:e" and "15th" as one, and "8–12" in one clause."""
    found: list[Token] = []
    number = -1
    for clause in sentence.clauses:
        number += 1
        for index, word in enumerate(clause.words):
            opens = clause.opens if index == 0 else ""
            before = found[-1] if found else None
            if before and before.is_number and _is_ending(before, word.form, word.start, opens):
                found[-1] = replace(before, end=word.end, is_ordinal=True)
                number -= bool(opens)
                continue
            if before and opens in _DASHES and before.is_number and word.form[0].isdecimal():
                number -= 1
            found.append(Token(word.form, word.start, word.end, number, opens))
    return found


def _is_ending(number: Token, form: str, start: int, opens: str) -> bool:
    if opens == ":":
        return start == number.end + 1 and form in _SWEDISH_ENDINGS and number.form.isdecimal()
    return start == number.end and form in _ORDINAL_ENDINGS and number.form.isdecimal()


def is_dash(token: Token) -> bool:
    """Whether a dash stands before the word."""
    return token.opens in _DASHES and token.opens != ""


def clock_in(form: str, *, after_at: bool) -> Clock | None:
    """A time of the clock written in digits."""
    match = _CLOCK.fullmatch(form) or (_BARE_CLOCK.fullmatch(form) if after_at else None)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    return Clock(hour, minute, is_sure=hour > 12 or match[1].startswith("0"), has_minutes=match[2] is not None)


def clocks_in(form: str) -> tuple[Clock, Clock] | None:
    """ "8-12", "14.30-16"."""
    first, dash, second = form.partition("-")
    if not dash:
        return None
    one, other = clock_in(first, after_at=False), clock_in(second, after_at=False)
    return (one, other) if one and other else None


def date_in(form: str, reckoning: Reckoning) -> Days | None:
    """A date written in digits with its year."""
    patterns = (_SHORT_YEAR_FIRST, *_DATES) if reckoning.language == "sv" else _DATES
    for pattern in patterns:
        if match := pattern.fullmatch(form):
            return reckoning.dated(int(match["day"]), int(match["month"]), int(match["year"]))
    return None


def day_and_month_in(form: str, reckoning: Reckoning, *, is_marked: bool) -> Days | None:
    """ "12/3", "12.3". Without a word like "den" before it, what could be a time of the clock or a fraction is none."""
    match = _DAY_AND_MONTH.fullmatch(form)
    if match is None or (form in _FRACTIONS and not is_marked):
        return None
    looks_like_clock = match["sign"] == "." and len(match["month"]) == 2 and int(match["day"]) < 24
    if looks_like_clock and not is_marked and int(match["month"]) % 5 == 0:
        return reckoning.unclear if int(match["month"]) <= 12 else None
    return reckoning.dated(int(match["day"]), int(match["month"]), None)


def last_day_in(form: str) -> int | None:
    """The 12 of "9-12 March"."""
    first, dash, last = form.partition("-")
    is_range = bool(dash) and first.isdecimal() and last.isdecimal() and len(first) < 3 and len(last) < 3
    return int(last) if is_range and int(first) < int(last) else None


def amount_in(form: str) -> float | None:
    """ "3", "1,5"; the larger of "2-3"."""
    last = form.rpartition("-")[2].replace(",", ".")
    return float(last) if re.fullmatch(r"\d{1,4}(\.5)?", last) and form.count("-") < 2 else None
