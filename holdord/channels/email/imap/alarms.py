"""What is wrong with a mailbox, until it is well again."""

from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Min

from holdord.channels.email.faults import fault_in, in_the_servers_words
from holdord.channels.models import Arrival, Mailbox, MailboxAlarm, Transport
from holdord.channels.models.mailboxes import AlarmKind

FAILING_AFTER = timedelta(minutes=10)
"""A server may be restarted; after this long somebody must look."""

LEAST_SILENCE = timedelta(hours=12)
_NORMAL_OF = timedelta(days=28)
_FEWEST_TO_KNOW = 20


def note(mailbox: Mailbox, kind: AlarmKind, *, now: datetime, detail: str = "") -> None:
    """Raise an alarm, or leave the one that rings."""
    MailboxAlarm.objects.get_or_create(
        mailbox=mailbox, kind=kind, ended_at=None, defaults={"since": now, "detail": detail[:500]}
    )


def end(mailbox: Mailbox, kind: AlarmKind, *, now: datetime) -> None:
    """The cause is gone."""
    MailboxAlarm.objects.filter(mailbox=mailbox, kind=kind, ended_at=None).update(ended_at=now)


def failed(mailbox: Mailbox, error: Exception, *, now: datetime) -> None:
    """The mailbox could not be read."""
    words = in_the_servers_words(error)
    Mailbox.objects.filter(pk=mailbox.pk).update(last_error=words, last_fault=fault_in(error))
    if Mailbox.objects.filter(pk=mailbox.pk, failing_since=None).update(failing_since=now):
        return
    since = Mailbox.objects.values_list("failing_since", flat=True).get(pk=mailbox.pk)
    if since and now - since >= FAILING_AFTER:
        note(mailbox, AlarmKind.FAILING, now=now, detail=words)


def well(mailbox: Mailbox, *, now: datetime) -> None:
    """The mailbox was read."""
    Mailbox.objects.filter(pk=mailbox.pk).update(last_ok_at=now, failing_since=None, last_error="", last_fault="")
    end(mailbox, AlarmKind.FAILING, now=now)


def look_for_silence(mailbox: Mailbox, *, now: datetime) -> None:
    """Raise an alarm when no mail came for longer than is normal here: three times the longest gap of four weeks."""
    gap = normal_gap(mailbox, now=now)
    if gap is None or mailbox.last_mail_at is None:
        return
    if now - mailbox.last_mail_at > max(gap * 3, LEAST_SILENCE):
        note(mailbox, AlarmKind.SILENT, now=now, detail=f"last mail {mailbox.last_mail_at:%Y-%m-%d %H:%M} UTC")
    else:
        end(mailbox, AlarmKind.SILENT, now=now)


def normal_gap(mailbox: Mailbox, *, now: datetime) -> timedelta | None:
    """The longest time between two mails in the last four weeks; None while too few came to know."""
    came = Arrival.objects.filter(
        inbox=mailbox.inbox_id, transport=Transport.IMAP, received_at__gt=now - _NORMAL_OF
    ).order_by("received_at")
    if came.aggregate(first=Min("received_at"))["first"] is None:
        return None
    moments = list(came.values_list("received_at", flat=True)[:5_000])
    if len(moments) < _FEWEST_TO_KNOW:
        return None
    return max(later - earlier for earlier, later in pairwise(moments))
