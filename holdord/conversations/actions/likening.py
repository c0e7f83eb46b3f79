"""A message is laid beside those that came before: which are about the same, whatever their words and language."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from holdord.conversations.models import Alike, Kind, Meaning, Message
from holdord.listening import reader

_MOST_COMPARED: Final = 20_000
"""Earlier messages of the inbox a message is laid beside: some thirty milliseconds, in the worker."""
_A_CHUNK: Final = 2_000
_MOST_SHOWN: Final = 3
_ALIKE: Final = 0.88
"""Cosines of this model lie between 0.75 (nothing in common) and 1; from here on people see why."""
_LETTERS: Final = 1_000
"""What a message says stands in its beginning; a vector of more says less."""


class Likeness(NamedTuple):
    """A message's meaning, and the conversations that are about the same with their cosines."""

    numbers: bytes
    others: Sequence[tuple[int, float]]


def likeness_of(message: Message, text: str) -> Likeness | None:
    """Look for what is like a customer's message. None without the embedding reader, or without words."""
    if message.kind != Kind.INBOUND or not text.strip() or not reader.is_installed():
        return None
    (vector,) = reader.vectors([text[:_LETTERS]])
    best: dict[int, float] = {}
    earlier = Meaning.objects.filter(inbox=message.conversation.inbox_id, message__lt=message.pk)
    rows = earlier.exclude(conversation=message.conversation_id).order_by("-message")
    chunk: list[tuple[int, bytes]] = []
    for conversation, numbers in rows.values_list("conversation_id", "numbers")[:_MOST_COMPARED].iterator(_A_CHUNK):
        chunk.append((conversation, bytes(numbers)))
        if len(chunk) == _A_CHUNK:
            _keep_best(best, vector, chunk)
            chunk = []
    _keep_best(best, vector, chunk)
    others = sorted(best.items(), key=lambda pair: -pair[1])[:_MOST_SHOWN]
    return Likeness(reader.packed(vector), others)


def _keep_best(best: dict[int, float], vector: Sequence[float], chunk: Sequence[tuple[int, bytes]]) -> None:
    cosines = reader.cosines(vector, [numbers for _, numbers in chunk])
    for (conversation, _), cosine in zip(chunk, cosines, strict=True):
        if cosine >= max(_ALIKE, best.get(conversation, 0)):
            best[conversation] = cosine


def keep_likeness(message: Message, found: Likeness) -> None:
    """Keep it; of a conversation only its first message says what it is about."""
    conversation = message.conversation
    Meaning.objects.create(
        message=message, conversation=conversation, inbox_id=conversation.inbox_id, numbers=found.numbers
    )
    if not Message.objects.filter(conversation=conversation, kind=Kind.INBOUND, pk__lt=message.pk).exists():
        Alike.objects.bulk_create(
            Alike(conversation=conversation, other_id=other, likeness=likeness) for other, likeness in found.others
        )
