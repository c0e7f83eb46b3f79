"""Labelled sentences of the five languages: what the readers learn from and are measured with.

One line is `codes|language|text`, several acts joined by commas; `-c` and `-a` mark a customer's and an agent's line
that holds none. In `due.txt` two fields follow: when it was written, and when what it promises is due.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from holdord.listening.acts import ACTS_OF, Act, Side

_HERE: Final = Path(__file__).parent
HELD_OUT: Final = _HERE / "held_out"
"""Written last, by others, and never looked into."""

_CODES: Final = {
    "can": Act.CANCEL_REQUEST,
    "ref": Act.REFUND_REQUEST,
    "com": Act.COMPLAINT,
    "rep": Act.REPEAT_CONTACT,
    "q": Act.QUESTION,
    "cb": Act.CALLBACK_REQUEST,
    "dl": Act.CUSTOMER_DEADLINE,
    "gd": Act.GDPR_REQUEST,
    "th": Act.ESCALATION_THREAT,
    "gr": Act.GRATITUDE,
    "pr": Act.PROMISE,
    "ap": Act.APOLOGY,
    "bl": Act.BLAME_SHIFT,
    "ps": Act.PROCESS_SPEAK,
    "in": Act.INSULT,
    "rf": Act.REFUSAL_NO_REASON,
    "rp": Act.RETENTION_PUSH,
}
_NONE: Final = {"-c": Side.CUSTOMER, "-a": Side.AGENT}
_NOT_THE_SENTENCE: Final = re.compile(r"\d+|[^\w\s]|\b[A-ZÆØÅÄÖÜ]\w*(?!^)")


class WrongLine(ValueError):
    """A line of the bank that can't be read."""


@dataclass(frozen=True)
class Labelled:
    """A text with its labels. `at` and `due` as written in the file, for promises with a time."""

    text: str
    language: str
    side: Side
    acts: frozenset[Act]
    source: str
    at: str = ""
    due: str = ""

    @cached_property
    def skeleton(self) -> str:
        """The text without what is swapped in a template: names, numbers, signs."""
        return " ".join(_NOT_THE_SENTENCE.sub(" ", self.text).lower().split())

    @cached_property
    def share(self) -> int:
        """0 to 99, the same for all texts of one skeleton: what a split goes by."""
        return int(hashlib.sha256(f"{self.language} {self.skeleton}".encode()).hexdigest()[:8], 16) % 100


def read_bank(folder: Path = _HERE) -> list[Labelled]:
    """Every line of a folder's files. Raises WrongLine, naming file and line, for one that can't be read."""
    return [labelled for path in sorted(folder.glob("*.txt")) for labelled in _read(path)]


def _read(path: Path) -> Iterator[Labelled]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                yield _labelled(line, path.stem)
            except (ValueError, KeyError) as error:
                raise WrongLine(f"{path.name}:{number}: {line[:80]} ({error})") from error


def _labelled(line: str, source: str) -> Labelled:
    codes, language, text, *rest = line.split("|")
    at, due = [*rest, "", ""][:2]
    if codes in _NONE:
        side, acts = _NONE[codes], frozenset[Act]()
    else:
        acts = frozenset(_CODES[code] for code in codes.split(","))
        (side,) = (side for side, known in ACTS_OF.items() if acts <= set(known))
    return Labelled(text.replace("\\n", "\n"), language, side, acts, source, at, due)
