"""Taking mail in: from any door, durable before the door is told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from holdord.channels import raw as raw_mail
from holdord.channels.models import Arrival, ArrivalState
from holdord.history import rows

HEAD_KEPT = 256 * 1024
"""Bytes kept of a mail beyond the limit: its headers, and in most mails what the person wrote."""


@dataclass(frozen=True)
class Incoming:
    """One mail for one inbox, as a door hands it over. `envelope_from` is None where there is no envelope."""

    raw: bytes
    transport: str
    inbox_id: int | None
    envelope_from: str | None = None
    envelope_to: tuple[str, ...] = ()
    truncated_from: int | None = None

    def within(self, largest: int) -> "Incoming":
        """This mail, or only its head when it has more than `largest` bytes."""
        if len(self.raw) <= largest:
            return self
        return replace(self, raw=self.raw[:HEAD_KEPT], truncated_from=len(self.raw))


def accept(mails: Sequence[Incoming], *, now: datetime) -> list[Arrival]:
    """Write the bytes and one arrival for each mail, all or none, durable when this returns.

    Raises OSError (a large mail couldn't be written) or django.db.Error: then nothing was accepted.
    """
    raws = [mail.raw for mail in mails]
    raw_mail.write_large(raws)
    with transaction.atomic():
        raw_mail.insert(raws)
        return [_written(mail, now) for mail in mails]


@transaction.atomic
def try_again(arrival: Arrival, *, now: datetime) -> None:
    """Read a quarantined mail once more. Nothing happens when it isn't quarantined any longer."""
    Arrival.objects.filter(pk=arrival.pk, state=ArrivalState.QUARANTINED).update(
        state=ArrivalState.WAITING, attempts=0, next_attempt_at=now, error="", detail=""
    )


def _written(mail: Incoming, now: datetime) -> Arrival:
    arrival = Arrival(
        raw_id=raw_mail.sha256_of(mail.raw),
        received_at=now,
        transport=mail.transport,
        envelope_from=None if mail.envelope_from is None else mail.envelope_from[:998],
        envelope_to=list(mail.envelope_to),
        inbox_id=mail.inbox_id,
        truncated_from=mail.truncated_from,
        next_attempt_at=now,
    )
    rows.insert(arrival)
    return arrival
