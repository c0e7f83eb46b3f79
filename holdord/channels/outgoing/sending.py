"""Taking the next row of the outbox and sending it."""

import logging
import random
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from holdord.channels.email import transport
from holdord.channels.email.transport import Outcome, Result
from holdord.channels.email.writing import write
from holdord.channels.models import SendingAttempt
from holdord.channels.outgoing import workers
from holdord.channels.outgoing.composing import compose, envelope_sender, message_id_of
from holdord.channels.outgoing.rules import GIVES_UP_AFTER, nobody_reads, wait_before
from holdord.channels.queries import inbox_addresses, without_tag
from holdord.conversations import actions
from holdord.conversations.actions.delivering import SHOW_DELAY_AFTER
from holdord.conversations.models import Outgoing
from holdord.kernel import clock
from holdord.kernel.one_by_one import one_by_one

log = logging.getLogger(__name__)

LONGEST_ATTEMPT = timedelta(minutes=20)
"""An attempt of a worker on another machine that has not ended by then is taken for dead."""


def send_next(*, now: datetime) -> bool:
    """Send one message that is due; False when there is none."""
    for outgoing in _due(now):
        attempt = _claim(outgoing, now)
        if attempt:
            _send(outgoing, attempt)
            return True
    return False


def recover(*, now: datetime) -> int:
    """Settle what workers that died were sending; how many messages that were.

    Those whose content was not on its way yet are sent again. The others may have been accepted: people are told.
    """
    dead = workers.dead_workers()
    unended = SendingAttempt.objects.filter(ended_at__isnull=True).select_related("outgoing")
    lost = [
        *unended.filter(worker__in=dead),
        *unended.filter(began_at__lt=now - LONGEST_ATTEMPT).exclude(worker__in=dead),
    ]
    settle = partial(_settle, now=now)
    one_by_one(lost, settle, log=log, trouble="Attempt %s could not be settled")
    for name in dead:
        workers.forget(name)
    return len(lost)


def show_delays(*, now: datetime) -> int:
    """Tell the authors of messages that have been failing for a while; how many."""
    failing = Outgoing.objects.queued().filter(
        failing_since__lte=now - SHOW_DELAY_AFTER, shown_to_author_at__isnull=True
    )
    found = list(failing[:200])
    show = partial(actions.show_delay, now=now)
    return len(one_by_one(found, show, log=log, trouble="The delay of letter %s could not be shown"))


def _due(now: datetime) -> list[Outgoing]:
    rows = Outgoing.objects.queued().filter(next_attempt_at__lte=now, not_before__lte=now)
    return list(
        rows.select_related(
            "message__conversation__inbox", "message__author", "message__identity", "message__seen"
        ).order_by("next_attempt_at")[:5]
    )


@transaction.atomic
def _claim(outgoing: Outgoing, now: datetime) -> SendingAttempt | None:
    message_id = message_id_of(outgoing.message)
    if not actions.claim(outgoing, message_id=message_id, now=now):
        return None
    outgoing.attempts += 1
    outgoing.message.message_id = message_id
    return SendingAttempt.objects.create(outgoing=outgoing, worker=workers.this_worker(), began_at=now)


def _send(outgoing: Outgoing, attempt: SendingAttempt) -> None:
    @transaction.atomic
    def content_goes() -> None:
        SendingAttempt.objects.filter(pk=attempt.pk).update(data_began_at=clock.now())

    if actions.can_be_shown(outgoing.message, now=clock.now()):
        result = Result(Outcome.SHOWN, "shown in the chat")
    elif outgoing.message.is_automatic and _must_not_hear_machines(outgoing.to):
        result = Result(Outcome.NEVER, "automatic mail is never sent to machines, lists or ourselves")
    else:
        try:
            raw = write(compose(outgoing))
        except OSError as error:
            result = Result(Outcome.LATER, f"an attachment can't be read: {error}"[:500])
        except Exception as error:
            log.exception("letter %s can't be written", outgoing.pk)
            result = Result(Outcome.LATER, f"it can't be written: {type(error).__name__}")
        else:
            recipients = [outgoing.to, *outgoing.cc]
            result = transport.send(
                raw, sender=envelope_sender(outgoing), recipients=recipients, before_data=content_goes
            )
    _conclude(outgoing, attempt, result, now=clock.now())


@transaction.atomic
def _conclude(outgoing: Outgoing, attempt: SendingAttempt, result: Result, *, now: datetime) -> None:
    ended = SendingAttempt.objects.filter(pk=attempt.pk, ended_at__isnull=True)
    if not ended.update(ended_at=now, answer=result.answer[:500]):
        return
    match result.outcome:
        case Outcome.ACCEPTED:
            actions.accepted(outgoing, now=now)
        case Outcome.SHOWN:
            actions.accepted(outgoing, now=now)
            actions.shown(outgoing.message, now=now)
        case Outcome.UNKNOWN:
            actions.gave_up_not_knowing(outgoing, error=result.answer, now=now)
        case Outcome.NEVER:
            actions.failed(outgoing, error=result.answer, now=now)
        case Outcome.LATER:
            _try_later(outgoing, result.answer, now)


def _try_later(outgoing: Outgoing, answer: str, now: datetime) -> None:
    if outgoing.failing_since and now - outgoing.failing_since > GIVES_UP_AFTER:
        actions.failed(outgoing, error=answer, now=now)
        return
    # Some spread, so that what failed together doesn't come back together.
    wait = wait_before(outgoing.attempts) * random.uniform(0.9, 1.1)  # noqa: S311 - no secret
    actions.try_later(outgoing, error=answer, at=now + wait, now=now)


@transaction.atomic
def _settle(attempt: SendingAttempt, *, now: datetime) -> None:
    why = "the desk stopped while sending"
    ended = SendingAttempt.objects.filter(pk=attempt.pk, ended_at__isnull=True)
    if not ended.update(ended_at=now, answer=why):
        return
    if attempt.data_began_at is None:
        actions.try_later(attempt.outgoing, error=why, at=now, now=now)
    else:
        actions.gave_up_not_knowing(attempt.outgoing, error=why, now=now)


def _must_not_hear_machines(address: str) -> bool:
    return nobody_reads(address) or without_tag(address) in inbox_addresses()
