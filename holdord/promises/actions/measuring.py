"""How long promises take, measured, so that capacity is reckoned with what is true."""

from datetime import timedelta

from django.db import transaction

from holdord.promises.models import HandlingTime
from holdord.promises.rules import Kind

LONGEST = timedelta(hours=2)
"""More than this was not work: a page was left open."""

COUNTS_LIKE = 50
"""The average moves as if this many had been measured: it follows a change within days, and one odd case moves it
little."""


@transaction.atomic
def measured(team_id: int, kind: Kind, took: timedelta) -> None:
    """One promise of this kind took a team so long. What is longer than two hours is left out."""
    if not timedelta() < took <= LONGEST:
        return
    minutes = took.total_seconds() / 60
    rows = HandlingTime.objects.select_for_update(no_key=True)
    row, new = rows.get_or_create(team_id=team_id, kind=kind.value, defaults={"minutes": minutes, "measured": 1})
    if not new:
        row.measured += 1
        row.minutes += (minutes - row.minutes) / min(row.measured, COUNTS_LIKE)
        row.save(update_fields=["minutes", "measured"])
