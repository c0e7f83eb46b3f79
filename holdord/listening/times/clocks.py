"""Times of the clock: "14.30", "halv tre", "at four", and which half of the day they mean."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_LATE_PARTS: Final = frozenset(["afternoon", "evening"])
_EARLY_PARTS: Final = frozenset(["morning", "forenoon", "noon"])
PART_ENDS: Final = {"morning": 11, "forenoon": 12, "noon": 14, "afternoon": 18, "evening": 24, "close": 24, "past": 0}


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock shows. `is_sure` if the half of the day was told: "14", "08", "4 pm"."""

    hour: int
    minute: int = 0
    is_sure: bool = False
    has_minutes: bool = False
    is_word: bool = False

    @property
    def minutes(self) -> int:
        """Minutes from midnight."""
        return self.hour * 60 + self.minute

    def plus(self, minutes: int) -> "Clock":
        """So much later or, below 0, earlier on the face."""
        moved = (self.minutes + minutes) % 1440 or 720
        hour = moved // 60 or 12
        return replace(self, hour=hour, minute=moved % 60, has_minutes=True, is_word=True)


def told(clock: Clock, part: str | None, language: str) -> Clock | None:
    """The clock with its half of the day; None if it can't be told.

    In speech the hours from one to six are those after noon. In digits, the languages that count to 24 mean what they
    write, but nobody promises anything for three in the night. At "kl. 6" and the English "at 7" we ask.
    """
    if clock.is_sure:
        return clock
    if part in _LATE_PARTS:
        late = 12 if clock.hour < 12 else 0 if part == "afternoon" else 12
        return replace(clock, hour=clock.hour + late, is_sure=True)
    if part in _EARLY_PARTS and not (part == "noon" and clock.hour < 10):
        return clock
    is_spoken = clock.is_word or language == "en"
    match clock.hour:
        case 1 | 2 | 3 | 4:
            return replace(clock, hour=clock.hour + 12)
        case 5 | 6 if is_spoken or (clock.hour == 5 and not clock.has_minutes):
            return replace(clock, hour=clock.hour + 12)
        case 5:
            return None
        case 6:
            return clock if clock.has_minutes else None
        case 7:
            return None if language == "en" else clock
        case _:
            return clock


def end_of_range(first: Clock, last: Clock, part: str | None, language: str) -> Clock | None:
    """The end of "between 8 and 12"; "9 to 5" ends in the afternoon."""
    if last.is_sure:
        return last
    begins = told(replace(first, is_sure=first.is_sure and first.hour >= 8), part, language)
    ends = told(last, part, language) if part in _LATE_PARTS else last
    if begins is None or ends is None:
        return None
    return ends if ends.minutes > begins.minutes else replace(ends, hour=ends.hour + 12, is_sure=True)


def moment_of(day: date, minutes: int, zone: str) -> datetime:
    """A wall-clock time as a moment; one that doesn't exist is the one after the gap."""
    local = datetime.combine(day, time(), ZoneInfo(zone)) + timedelta(minutes=minutes)
    return local.astimezone(UTC).astimezone(ZoneInfo(zone))
