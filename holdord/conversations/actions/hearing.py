"""Messages are heard: acts are read in them, and become requests that a person confirms or dismisses."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction

from holdord.conversations.actions.holding import hold
from holdord.conversations.actions.likening import Likeness, keep_likeness, likeness_of
from holdord.conversations.actions.taking_back import ASKS_FOR, heard_in, take_back
from holdord.conversations.events import RequestMade
from holdord.conversations.models import (
    Conversation,
    Fact,
    Heard,
    Kind,
    Message,
    Request,
    RequestKind,
    RequestState,
)
from holdord.conversations.models.request import RUNNING
from holdord.history.actions import announce
from holdord.kernel.working_time import Calendar
from holdord.listening import reader
from holdord.listening.acts import Act, Side
from holdord.listening.blocking import Blocking, Wish, blockings
from holdord.listening.reading import Reading, read
from holdord.listening.withdrawals import Withdrawal
from holdord.people.queries import calendar_of


def hear(message: Message, *, now: datetime) -> list[Request]:
    """Read a message once, and keep what it says: acts, facts, and the requests it makes or repeats.

    Does nothing for a message that was heard before, however many ask at once. It is read before anything is written:
    with the embedding reader that takes a while, and nobody else could write.
    """
    if message.heard_at is not None:
        return []
    side = Side.CUSTOMER if message.kind == Kind.INBOUND else Side.AGENT
    text = words_of(message)
    reading = _read(text, side, message, calendar_of(message.conversation.inbox))
    blocking = blockings(reading.text, reading.language) if side is Side.CUSTOMER else []
    return _keep(message, reading, blocking, likeness_of(message, text), now=now)


@transaction.atomic
def _keep(
    message: Message, reading: Reading, blocking: list[Blocking], likeness: Likeness | None, *, now: datetime
) -> list[Request]:
    if not Message.objects.filter(pk=message.pk, heard_at__isnull=True).update(heard_at=now):
        return []
    # Two messages of one conversation count one after the other.
    hold(message.conversation_id)
    conversation = message.conversation
    heard = Heard.objects.bulk_create(
        [
            *(heard_in(message, each, each.act, each.rule[:120], each.confidence) for each in reading.acts),
            *(heard_in(message, each, each.wish, "blocking") for each in blocking if each.wish is not Wish.LEAVE),
        ]
    )
    if likeness is not None:
        keep_likeness(message, likeness)
    if message.kind != Kind.INBOUND or message.by_stranger or message.looks_forged:
        return []  # nobody but the customer asks for anything of theirs, or tells what is true of them
    _keep_facts(message, reading)
    taken_back = take_back(message, reading, blocking, now=now)
    asking = [
        one
        for one in heard
        if not any(_takes_back(found, one) for found in taken_back) and not any(_means(each, one) for each in blocking)
    ]
    return _ask(conversation, asking, said_at=message.at, now=now)


def words_of(message: Message) -> str:
    """The text that is read of a message: its new words where it holds others' too. Spans count its characters."""
    return message.reply_text or message.text


def _read(text: str, side: Side, message: Message, calendar: Calendar) -> Reading:
    at, language = calendar.local(message.at), message.language or message.conversation.language
    return read(text, side, at, calendar, language, with_vectors=reader.is_installed())


def _keep_facts(message: Message, reading: Reading) -> None:
    known = set(Fact.objects.filter(conversation=message.conversation_id).values_list("label", "value"))
    fresh = {(fact.kind.value, fact.value) for fact in reading.facts} - known
    Fact.objects.bulk_create(
        Fact(conversation_id=message.conversation_id, message=message, label=label, value=value, at=message.at)
        for label, value in sorted(fresh)
    )


def _takes_back(found: Withdrawal | Blocking, heard: Heard) -> bool:
    """Whether what looks like asking is taking back: "I withdraw my cancellation". Who has blocked what was to be
    opened asks for it all the same.
    """
    acts = found.acts if isinstance(found, Withdrawal) else {found.wish} - {Wish.BLOCK}
    return heard.act in acts and found.start <= heard.start <= found.end


_UNSURE: Final = 0.5


def _means(found: Blocking, heard: Heard) -> bool:
    """Whether "cancel my card", read as a cancellation, is about blocking it; so is what is perhaps something else."""
    if heard.act in (Wish.BLOCK, Wish.UNBLOCK) or not found.start <= heard.start <= found.end:
        return False
    return heard.act == Act.CANCEL_REQUEST or heard.confidence < _UNSURE


def _asked_since(conversation: Conversation, kind: RequestKind, said_at: datetime) -> bool:
    """Whether they pressed for it on their page after writing this: then it is the same asking."""
    later = Request.objects.filter(conversation=conversation, kind=kind, first_said_at__gt=said_at, first_heard=None)
    return later.exclude(state=RequestState.DISMISSED).exists()


def _ask(conversation: Conversation, heard: Iterable[Heard], *, said_at: datetime, now: datetime) -> list[Request]:
    made = []
    first_of_kind: dict[RequestKind, Heard] = {}
    for one in heard:
        if (kind := ASKS_FOR.get(one.act)) is not None:
            first_of_kind.setdefault(kind, one)
    for kind, one in first_of_kind.items():
        if _asked_since(conversation, kind, said_at):
            continue
        request = Request.objects.filter(conversation=conversation, kind=kind, state__in=RUNNING).first()
        if request is None:
            request = Request.objects.create(
                conversation=conversation,
                kind=kind,
                first_heard=one,
                last_heard=one,
                first_said_at=said_at,
                last_said_at=said_at,
            )
        else:
            request.said += 1
            request.last_heard, request.last_said_at, request.taken_back = one, said_at, None
            request.save(update_fields=["said", "last_heard", "last_said_at", "taken_back"])
        announce(
            RequestMade(
                at=now, conversation_id=conversation.pk, request_id=request.pk, request_kind=kind, said=request.said
            )
        )
        made.append(request)
    return made
