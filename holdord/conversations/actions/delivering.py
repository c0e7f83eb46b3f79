"""What becomes of a message on its way out. Channels call these; each is safe to call twice."""

from datetime import datetime, timedelta

from django.db import transaction

from holdord.conversations.events import ReplyAccepted, ReplyTriedAgain, SendingDelayed, SendingFailed
from holdord.conversations.models import Conversation, Message, Outgoing, OutgoingState, Status
from holdord.history.actions import announce
from holdord.people.models import Identity

SHOW_DELAY_AFTER = timedelta(minutes=15)
"""A temporary failure is shown to its author after this long; a permanent one at once."""


@transaction.atomic
def claim(outgoing: Outgoing, *, message_id: str, now: datetime) -> bool:
    """Take a queued message for sending; False if somebody else has it or it was undone.

    `message_id` becomes the message's for good with the first attempt.
    """
    claimed = Outgoing.objects.filter(
        pk=outgoing.pk, state=OutgoingState.QUEUED, next_attempt_at__lte=now, not_before__lte=now
    ).update(state=OutgoingState.SENDING, claimed_at=now, attempts=outgoing.attempts + 1)
    if not claimed:
        return False
    Message.objects.filter(pk=outgoing.message_id, message_id="").update(message_id=message_id)
    return True


@transaction.atomic
def accepted(outgoing: Outgoing, *, now: datetime) -> None:
    """Our outgoing mail server took the message."""
    taken = Outgoing.objects.filter(pk=outgoing.pk, state__in=[OutgoingState.SENDING, OutgoingState.UNKNOWN]).update(
        state=OutgoingState.SENT, accepted_at=now, last_error="", failing_since=None
    )
    if taken:
        message = Message.objects.get(pk=outgoing.message_id)
        announce(
            ReplyAccepted(
                at=now,
                conversation_id=message.conversation_id,
                message_id=message.pk,
                is_answer=message.is_answer,
                is_automatic=message.is_automatic,
            )
        )


@transaction.atomic
def try_later(outgoing: Outgoing, *, error: str, at: datetime, now: datetime) -> None:
    """Sending failed for now; it is tried again at `at`."""
    failing_since = outgoing.failing_since or now
    Outgoing.objects.filter(pk=outgoing.pk, state=OutgoingState.SENDING).update(
        state=OutgoingState.QUEUED,
        claimed_at=None,
        next_attempt_at=at,
        last_error=error[:500],
        failing_since=failing_since,
    )


@transaction.atomic
def show_delay(outgoing: Outgoing, *, now: datetime) -> None:
    """Tell the author that a message has been failing for a while."""
    if Outgoing.objects.filter(pk=outgoing.pk, shown_to_author_at__isnull=True).update(shown_to_author_at=now):
        conversation_id = Message.objects.values_list("conversation_id", flat=True).get(pk=outgoing.message_id)
        announce(SendingDelayed(at=now, conversation_id=conversation_id, message_id=outgoing.message_id))


@transaction.atomic
def failed(outgoing: Outgoing, *, error: str, now: datetime) -> None:
    """A message will not arrive. The conversation is open again: the customer has no answer from it."""
    _give_up(outgoing, OutgoingState.FAILED, error=error, how="failed", now=now)


@transaction.atomic
def gave_up_not_knowing(outgoing: Outgoing, *, error: str, now: datetime) -> None:
    """The connection broke where SMTP can't tell whether the message was accepted; a person decides."""
    _give_up(outgoing, OutgoingState.UNKNOWN, error=error, how="unknown", now=now)


@transaction.atomic
def retry(outgoing: Outgoing, *, now: datetime) -> None:
    """Somebody decided to send a failed or unknown message (again). Whoever reacts may refuse."""
    if Outgoing.objects.filter(pk=outgoing.pk, state__in=[OutgoingState.FAILED, OutgoingState.UNKNOWN]).update(
        state=OutgoingState.QUEUED, next_attempt_at=now, claimed_at=None, failing_since=None, shown_to_author_at=None
    ):
        conversation_id = Message.objects.values_list("conversation_id", flat=True).get(pk=outgoing.message_id)
        announce(ReplyTriedAgain(at=now, conversation_id=conversation_id, message_id=outgoing.message_id))


@transaction.atomic
def bounced(outgoing: Outgoing, *, error: str, permanent: bool, now: datetime) -> None:
    """A report says that a message we had sent did not arrive."""
    if not permanent:
        Outgoing.objects.filter(pk=outgoing.pk).update(last_error=error[:500])
        show_delay(outgoing, now=now)
        return
    fresh = Outgoing.objects.filter(pk=outgoing.pk, bounced_at__isnull=True)
    if fresh.update(bounced_at=now, last_error=error[:500]):
        message = Message.objects.get(pk=outgoing.message_id)
        if message.identity_id:
            Identity.objects.filter(pk=message.identity_id).update(bounced_at=now)
        _tell_of_failure(message, how="bounced", now=now)


def _give_up(outgoing: Outgoing, state: OutgoingState, *, error: str, how: str, now: datetime) -> None:
    given_up = Outgoing.objects.filter(pk=outgoing.pk, state=OutgoingState.SENDING).update(
        state=state, last_error=error[:500], shown_to_author_at=now, claimed_at=None
    )
    if given_up:
        _tell_of_failure(Message.objects.get(pk=outgoing.message_id), how=how, now=now)


def _tell_of_failure(message: Message, *, how: str, now: datetime) -> None:
    if not message.is_automatic:
        Conversation.objects.filter(pk=message.conversation_id, status=Status.WAITING).update(
            status=Status.OPEN, changed_at=now
        )
    announce(
        SendingFailed(
            at=now,
            conversation_id=message.conversation_id,
            message_id=message.pk,
            is_answer=message.is_answer,
            how=how,
        )
    )
