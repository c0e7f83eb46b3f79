"""Taking back: a customer who asked for something says that it is off.

"I'd like to keep my subscription after all" names what is kept; "never mind" takes back whatever was asked. Both are
suggestions about requests that run; a person decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from holdord.listening.acts import Act
from holdord.listening.features import features
from holdord.listening.reading import Reading, concepts_in
from holdord.listening.text import sentences

NAME: Final = "withdrawal"
"""What it is called among what was heard. It is no act of the readers: only a request that runs can be taken back."""

_ABOUT: Final = {
    Act.CANCEL_REQUEST: frozenset(["end", "contract", "account", "leaving", "keep", "how_to"]),
    Act.REFUND_REQUEST: frozenset(["money", "refund", "compensation", "owe", "pay"]),
    Act.CALLBACK_REQUEST: frozenset(["call", "reach_me", "called_before"]),
    Act.GDPR_REQUEST: frozenset(["data", "data_copy", "data_law", "delete", "consent", "marketing"]),
}
_NOT_MEANT: Final = ("if", "not", "said", "whether")
"""What stands under these is not taken back: "if you call back, never mind", "I haven't changed my mind"."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A sentence that takes something back, by characters of the text; `acts` are what it may be. One that
    `names_nothing` may take back whatever was asked.
    """

    acts: frozenset[Act]
    start: int
    end: int
    names_nothing: bool = False


def withdrawals(reading: Reading) -> list[Withdrawal]:
    """The sentences of a customer's message that take back what they asked before, in order. Linear in the text.

    What a sentence names is taken back even where its words look like asking ("I withdraw my cancellation"); one that
    names nothing takes back only what the message does not ask for anew.
    """
    return [found for found in _found(reading) if found.acts]


def _found(reading: Reading) -> Iterator[Withdrawal]:
    if reading.language is None:
        return
    for sentence in sentences(reading.text):
        concepts = concepts_in(sentence, [reading.language])
        meanings = {match.meaning for match in concepts}
        if not meanings & {"take_back", "other_mind"}:
            continue
        seen = features(sentence, concepts)
        names = frozenset(act for act, about in _ABOUT.items() if meanings & about)
        if "take_back" in meanings and not _is_not_meant("take_back", seen):
            yield Withdrawal(names or frozenset(_ABOUT), sentence.start, sentence.end, not names)
        elif "other_mind" in meanings and not _is_not_meant("other_mind", seen):
            left = (names or frozenset(_ABOUT)) - reading.names
            yield Withdrawal(left, sentence.start, sentence.end, not names)


def _is_not_meant(concept: str, seen: dict[str, tuple[int, int]]) -> bool:
    return any(f"{opener}:{concept}" in seen for opener in _NOT_MEANT)
