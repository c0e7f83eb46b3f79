"""The times at which a customer can be called back."""

from datetime import timedelta

from django.utils.translation import get_language

from holdord.kernel.moments import slot_in_words
from holdord.promises.models import Pool
from holdord.promises.queries import free_slots, pools_for
from holdord.promises.rules import Kind, PoolKind, Slot, Time
from holdord.promises.wording import in_words
from holdord.web.times import Times

AHEAD = timedelta(days=10)
SHOWN = 8


def call_back_pool(team_id: int) -> Pool | None:
    """The slots in which this team calls back; None if it has none."""
    return next((pool for pool in pools_for(Kind.CALLBACK, team_id) if pool.kind == PoolKind.SLOTS), None)


def call_back_times(team_id: int, times: Times) -> list[tuple[str, str]]:
    """The next free times, each with its words in the active language; none if the team has no slots for calls."""
    pool = call_back_pool(team_id)
    if pool is None:
        return []
    free = free_slots(pool.pk, now=times.now, until=times.now + AHEAD, most=SHOWN)
    language = get_language() or "en"
    return [(slot.starts_at.isoformat(), _said(slot, times, language)) for slot in free]


def _said(slot: Slot, times: Times, language: str) -> str:
    return slot_in_words(slot.starts_at, slot.ends_at, now=times.now, zone=str(times.zone), language=language)


def time_in_words(time: Time, precision: str, times: Times) -> str:
    """A time as it is promised, in the active language, on the clock that `times` speaks for."""
    return in_words(time, precision, now=times.now, zone=str(times.zone), language=get_language() or "en")
