"""An administrator says how an inbox carries out what its customers ask for."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Max

from holdord.fulfilment.models import Executor
from holdord.fulfilment.rules import Way
from holdord.kernel.reaching import allowed
from holdord.people.models import Inbox


@transaction.atomic
def set_executor(
    inbox: Inbox,
    kind: str,
    *,
    way: Way | None,
    url: str = "",
    about: str = "",
    undo_hours: int = 0,
    within_hours: int = 8,
    inside: Collection[str] = (),
) -> Executor | None:
    """Say who carries out requests of a kind; without a way nobody does any more. Raises kernel.reaching.NotAllowed."""
    if way is None:
        Executor.objects.filter(inbox=inbox, kind=kind).delete()
        return None
    if way is Way.WEBHOOK:
        allowed(url, inside=inside)
    terms: dict[str, Any] = {
        "way": way.value,
        "url": url if way is Way.WEBHOOK else "",
        "about": about,
        "undo_hours": undo_hours,
        "within_hours": within_hours,
    }
    if way is Way.WEBHOOK:
        terms["epoch"] = Executor.objects.filter(inbox=inbox, url=url).aggregate(latest=Max("epoch"))["latest"] or 0
    return Executor.objects.update_or_create(inbox=inbox, kind=kind, defaults=terms)[0]


@transaction.atomic
def new_secret(executor: Executor) -> None:
    """The secret known so far signs nothing any more."""
    Executor.objects.filter(inbox=executor.inbox_id, url=executor.url).update(epoch=executor.epoch + 1)
    executor.refresh_from_db(fields=["epoch"])
