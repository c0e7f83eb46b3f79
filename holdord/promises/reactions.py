"""What we do when another package announces an event."""

from datetime import timedelta

from holdord.conversations.actions import CannotClose
from holdord.conversations.events import (
    ConversationClosing,
    ConversationDismissed,
    ConversationHandedOver,
    ConversationTaken,
    DismissalUndone,
    InquiryReceived,
    ReplyAccepted,
    ReplyQueued,
    ReplyTriedAgain,
    ReplyUndone,
    SendingFailed,
    SolutionAccepted,
)
from holdord.conversations.models import Conversation, Message, OutgoingState
from holdord.conversations.models import Kind as MessageKind
from holdord.history.events import Happening, on
from holdord.promises import actions
from holdord.promises.models import Promise
from holdord.promises.queries import running_answer
from holdord.promises.rules import Kind


@on(InquiryReceived)
def promise_an_answer(event: InquiryReceived) -> None:
    """Whoever writes is promised an answer, and told so."""
    inquiry: Message = event.message
    conversation = inquiry.conversation
    promise = actions.give_answer(
        conversation,
        origin=inquiry,
        asked_at=event.asked_at,
        offered=event.promised_due_at,
        is_first=event.opened,
        now=event.at,
    ) or running_answer(conversation)
    if event.acknowledge and promise is not None:
        actions.acknowledge(promise, to=event.participant, first=event.opened, now=event.at)


@on(ReplyAccepted)
def keep_what_it_keeps(event: ReplyAccepted) -> None:
    """A letter that was accepted tells of moves; a person's reply keeps promises, and gives those it speaks of."""
    message = Message.objects.select_related("seen").get(pk=event.message_id)
    actions.told(message, now=event.at)
    if not event.is_automatic:
        actions.answer_arrived(message, now=event.at)
        actions.open_drafts(message, now=event.at)


@on(ReplyQueued)
def measure_how_long_answers_take(event: ReplyQueued) -> None:
    """Capacity is reckoned with what answers really take."""
    if event.is_answer and event.handling_seconds:
        took = timedelta(seconds=event.handling_seconds)
        actions.measured(_conversation(event).team_id, Kind.ANSWER, took)


@on(ReplyTriedAgain)
def promise_what_it_promises(event: ReplyTriedAgain) -> None:
    """A reply that failed long ago leaves with its words: what they promise must hold."""
    actions.draft_again(Message.objects.get(pk=event.message_id), now=event.at)


@on(ReplyUndone)
def nothing_was_said(event: ReplyUndone) -> None:
    """What a reply promised, or moved, counts no more when it is undone before it left."""
    message = Message.objects.get(pk=event.message_id)
    actions.hold_all_of(message.conversation_id)
    actions.take_back_moves(message, now=event.at)
    for promise in Promise.objects.drafts().filter(origin=message):
        actions.drop_draft(promise, reason="undone")


@on(SolutionAccepted)
def keep_by_the_customers_word(event: SolutionAccepted) -> None:
    """A solution of ours that the customer accepted keeps the answer too. Where no person answered it solved itself,
    and where it came too late it is late: then their word releases what is owed, and nothing counts as kept.
    """
    actions.hold_all_of(event.about)
    owed = Promise.objects.running().filter(conversation=event.conversation_id, kind__in=[Kind.ANSWER, Kind.UPDATE])
    answered = Message.objects.filter(
        conversation=event.conversation_id,
        kind=MessageKind.OUTBOUND,
        is_automatic=False,
        outgoing__state=OutgoingState.SENT,
    ).exists()
    for promise in owed:
        if answered and event.at < promise.due_at:
            actions.keep(promise, evidence=None, now=event.at)
        else:
            actions.release(promise, evidence=None, now=event.at)


@on(SendingFailed)
def an_answer_that_bounced_is_none(event: SendingFailed) -> None:
    """What a bounced answer had kept runs again."""
    if event.how == "bounced":
        actions.take_back_answer(Message.objects.get(pk=event.message_id), now=event.at)


@on(ConversationClosing)
def nothing_else_may_be_owed(event: ConversationClosing) -> None:
    """The closing letter is an answer; every other promise must have ended before."""
    owed = Promise.objects.running().filter(conversation=event.conversation_id)
    if owed.exclude(kind__in=[Kind.ANSWER, Kind.UPDATE]).exists():
        raise CannotClose("promised")


@on(ConversationDismissed)
def nothing_was_owed(event: ConversationDismissed) -> None:
    """What is not for us was never promised."""
    actions.hold_all_of(event.about)
    for promise in Promise.objects.running().filter(conversation=event.conversation_id):
        actions.void(promise, reason=event.reason, by_id=event.by_id, now=event.at)


@on(DismissalUndone)
def it_was_owed_after_all(event: DismissalUndone) -> None:
    """The last message of a person in it is owed an answer, counted from now."""
    conversation = _conversation(event)
    written = Message.objects.filter(conversation=conversation, kind=MessageKind.INBOUND, machine="")
    last = written.order_by("-pk").first()
    if last is not None:
        actions.give_answer(conversation, origin=last, asked_at=event.at, now=event.at)


@on(ConversationTaken, ConversationHandedOver)
def follow_the_conversation(event: ConversationTaken | ConversationHandedOver) -> None:
    """Promises follow their conversation's owner and team."""
    actions.hand_to(_conversation(event))


def _conversation(event: Happening) -> Conversation:
    return Conversation.objects.select_related("inbox").get(pk=event.about)
