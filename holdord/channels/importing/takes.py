"""Taking imported mails in, remembering how far it got."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction

from holdord.channels.actions import Incoming, accept
from holdord.channels.importing.sources import mails_in
from holdord.channels.models import ImportRun, Transport
from holdord.people.models import Inbox

TAKEN_AT_ONCE = 100


@dataclass(frozen=True)
class Progress:
    """How far an import is: mails done in all runs, and of them in earlier ones."""

    done: int
    done_before: int


def import_mails(
    path: Path, *, inbox: Inbox, now: Callable[[], datetime], tell: Callable[[Progress], None] = lambda _: None
) -> Progress:
    """Take every mail at `path` into `inbox`; a run that was interrupted goes on after the last mail that was taken.

    What is here already is known again by its Message-ID and body. Raises NotMail, OSError, django.db.Error.
    """
    run, _ = ImportRun.objects.get_or_create(
        source=str(path.resolve())[:1000], inbox=inbox, defaults={"started_at": now()}
    )
    before = run.position
    mails = mails_in(path, skip=before)
    while some := list(islice(mails, TAKEN_AT_ONCE)):
        incoming = [Incoming(raw, Transport.IMPORT, inbox.pk).within(settings.LARGEST_MAIL) for raw in some]
        with transaction.atomic():
            accept(incoming, now=now())
            run.position += len(some)
            run.imported += len(some)
            run.save(update_fields=["position", "imported"])
        tell(Progress(run.position, before))
    run.finished_at = now()
    run.save(update_fields=["finished_at"])
    return Progress(run.position, before)
