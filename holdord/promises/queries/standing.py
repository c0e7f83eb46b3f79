"""When the clock looks at a promise, judged by the work and the capacity that are left."""

from datetime import datetime, timedelta

from holdord.kernel.moments import Precision
from holdord.people.queries import calendar_of, supply_of_team
from holdord.promises import rules
from holdord.promises.models import Promise
from holdord.promises.queries.capacity import load_of_team
from holdord.promises.queries.loads import load_lately


def stages_of(promise: Promise, *, given_at: datetime, now: datetime, just_reserved: bool = False) -> rules.Stages:
    """The stages of a promise that was given (or moved) at `given_at`, under the load its team has now.

    Its own minutes must be reserved already: they are part of what the team owes by its due time. `just_reserved` says
    that this happened here and now, so that the load is known without asking again.
    """
    work = timedelta(minutes=promise.work_minutes)
    load = load_lately if just_reserved else load_of_team
    owed = rules.owed_by(load(promise.team_id), promise.due_at) if work else 0.0
    return rules.stages(
        given_at=given_at,
        due_at=promise.due_at,
        work=work,
        calendar=calendar_of(promise.conversation.inbox),
        by_day=promise.precision == Precision.DAY,
        supply=supply_of_team(promise.team_id, now=now) if work else None,
        owed=max(work, timedelta(minutes=owed)),
        unfit_at=promise.unfit_at,
    )
