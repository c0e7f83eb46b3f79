"""A conversation ends, and begins again."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from holdord.conversations.actions.writing import reply, send_automatically
from holdord.conversations.events import (
    ConversationClosed,
    ConversationClosing,
    ConversationReopened,
    EffortTold,
    InquiryReceived,
    SolutionAccepted,
)
from holdord.conversations.models import (
    Closing,
    Conversation,
    EffortSaid,
    Kind,
    Message,
    Outgoing,
    OutgoingState,
    Status,
)
from holdord.conversations.wording import closing_letter, reopened_letter
from holdord.history.actions import announce
from holdord.people.models import Agent


class CannotClose(Exception):
    """Something is still owed. `why` says what: "unsent", "promised", "closed" or "reason"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@transaction.atomic
def close(
    conversation: Conversation,
    *,
    by: Agent,
    reason: str,
    seen: Message | None,
    not_before: datetime,
    now: datetime,
) -> Closing:
    """Close a conversation with a reason in plain words, which the customer gets by mail and sees on the case page.

    Raises CannotClose: without a reason, while something to the customer is unsent, or while a promise runs that the
    closing does not keep.
    """
    if not reason.strip():
        raise CannotClose("reason")
    if has_unsent(conversation):
        raise CannotClose("unsent")
    announce(ConversationClosing(at=now, conversation_id=conversation.pk, by_id=by.pk))
    letter = reply(
        conversation,
        by=by,
        text=closing_letter(reason=reason.strip(), language=conversation.language),
        seen=seen,
        not_before=not_before,
        now=now,
    )
    return _end(conversation, by=by, reason=reason, told_by=letter, now=now)


@transaction.atomic
def leave_closed(conversation: Conversation, *, by: Agent, now: datetime) -> None:
    """Agree that after "thanks!" nothing is left to do. A conversation that only waited is closed with that."""
    thanks = conversation.closing_proposed_by
    if thanks is None:
        return
    Conversation.objects.filter(pk=conversation.pk).update(closing_proposed_by=None, changed_at=now)
    if conversation.status == Status.WAITING:
        announce(ConversationClosing(at=now, conversation_id=conversation.pk, by_id=by.pk))
        _end(conversation, by=by, reason=thanks.reply_text or thanks.text, told_by=None, now=now)


@transaction.atomic
def not_only_thanks(conversation: Conversation, *, by: Agent, now: datetime) -> None:
    """What looked like "thanks!" alone asks for something: it is open, and owed an answer counted from now."""
    thanks = conversation.closing_proposed_by
    if thanks is None:
        return
    Conversation.objects.filter(pk=conversation.pk).update(status=Status.OPEN, changed_at=now, closing_proposed_by=None)
    if Closing.objects.filter(conversation=conversation, ended_at__isnull=True).update(ended_at=now):
        announce(ConversationReopened(at=now, conversation_id=conversation.pk, by_id=by.pk, by_customer=True))
    announce(
        InquiryReceived(
            at=now,
            conversation_id=conversation.pk,
            by_id=by.pk,
            message_id=thanks.pk,
            opened=False,
            acknowledge=False,
            asked_at=now,
            message=thanks,
            participant=None,
        )
    )


@transaction.atomic
def reopen(conversation: Conversation, *, by: Agent | None, now: datetime) -> None:
    """Undo a closing. It is a reopening and the customer is told, unless the closing letter has not left yet."""
    closing = Closing.objects.filter(conversation=conversation, ended_at__isnull=True).first()
    if closing is None or not Closing.objects.filter(pk=closing.pk, ended_at__isnull=True).update(ended_at=now):
        return
    Conversation.objects.filter(pk=conversation.pk).update(status=Status.OPEN, changed_at=now, closing_proposed_by=None)
    not_left = Outgoing.objects.filter(message=closing.told_by_id, state=OutgoingState.QUEUED, attempts=0)
    if not not_left.update(state=OutgoingState.UNDONE) and by is not None:
        send_automatically(conversation, text=reopened_letter(language=conversation.language), now=now)
    announce(
        ConversationReopened(
            at=now, conversation_id=conversation.pk, by_id=by.pk if by else None, by_customer=by is None
        )
    )
    if by is None:
        _owe_an_answer_again(conversation, now=now)


@transaction.atomic
def accept_solution(conversation: Conversation, *, word: str, now: datetime) -> None:
    """The customer says that it works now; `word` is what they pressed or wrote. Nothing is owed after that."""
    closed = Conversation.objects.filter(pk=conversation.pk).exclude(status=Status.CLOSED)
    if not closed.update(status=Status.CLOSED, snoozed_until=None, changed_at=now, closing_proposed_by=None):
        return
    closing = Closing.objects.create(conversation=conversation, at=now, reason=word)
    announce(SolutionAccepted(at=now, conversation_id=conversation.pk))
    announce(ConversationClosed(at=now, conversation_id=conversation.pk, closing_id=closing.pk))


@transaction.atomic
def say_effort(conversation: Conversation, *, score: int | None, word: str, now: datetime) -> None:
    """A customer says how easy it was to get help, or (without a score) that they don't want to. Once."""
    said, is_new = EffortSaid.objects.get_or_create(
        conversation=conversation, defaults={"at": now, "score": score, "word": word.strip()}
    )
    if is_new and said.score is not None:
        announce(EffortTold(at=now, conversation_id=conversation.pk, score=said.score))


def _owe_an_answer_again(conversation: Conversation, *, now: datetime) -> None:
    # A customer opens a case again because something is missing, or to undo a press: both ways what they asked is owed.
    asked = Message.objects.filter(conversation=conversation, kind=Kind.INBOUND, machine="").order_by("-pk").first()
    if asked is None:
        return
    asked.conversation.refresh_from_db()
    announce(
        InquiryReceived(
            at=now,
            conversation_id=conversation.pk,
            message_id=asked.pk,
            opened=False,
            acknowledge=False,
            asked_at=now,
            message=asked,
            participant=None,
        )
    )


def has_unsent(conversation: Conversation) -> bool:
    """Whether a person's message to the customer has not left, or did not arrive and was not replaced."""
    unsent = Outgoing.objects.filter(message__conversation=conversation, message__is_automatic=False).filter(
        Q(state__in=[OutgoingState.QUEUED, OutgoingState.SENDING])
        | Q(state__in=[OutgoingState.FAILED, OutgoingState.UNKNOWN])
        | Q(bounced_at__isnull=False)
    )
    last_sent = (
        Outgoing.objects.filter(
            message__conversation=conversation,
            message__is_automatic=False,
            state=OutgoingState.SENT,
            bounced_at__isnull=True,
        )
        .order_by("-message_id")
        .values_list("message_id", flat=True)
        .first()
    )
    return unsent.filter(message_id__gt=last_sent or 0).exists()


def _end(conversation: Conversation, *, by: Agent, reason: str, told_by: Message | None, now: datetime) -> Closing:
    closed = Conversation.objects.filter(pk=conversation.pk).exclude(status=Status.CLOSED)
    if not closed.update(status=Status.CLOSED, snoozed_until=None, changed_at=now):
        raise CannotClose("closed")
    closing = Closing.objects.create(conversation=conversation, by=by, at=now, reason=reason.strip(), told_by=told_by)
    announce(ConversationClosed(at=now, conversation_id=conversation.pk, by_id=by.pk, closing_id=closing.pk))
    return closing
