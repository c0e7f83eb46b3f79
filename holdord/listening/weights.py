"""The learned reader: how much each feature of a sentence speaks for an act.

Logistic regression, an act at a time (Hosmer & Lemeshow, Applied Logistic Regression), over what `features` sees. The
weights are learned from the bank by `bin/learn` and lie beside this module; reading needs nothing but additions.
"""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, floor, log
from operator import mul
from pathlib import Path
from struct import Struct
from typing import Final, NamedTuple

from holdord.listening.acts import Act, Side
from holdord.listening.loading import LoadedOnce
from holdord.listening.patterns import Match
from holdord.listening.text import Sentence
from holdord.listening.vocabulary import Vocabulary

FILE: Final = Path(__file__).with_name("weights.json.gz")


class Score(NamedTuple):
    """How likely a sentence holds an act (0 to 1), and the feature that spoke for it most."""

    act: Act
    likelihood: float
    strongest: str


_LANE: Final = 32
"""Bits an act has of a packed weight: room for the sum of every feature a text can have."""
_MASK: Final = (1 << _LANE) - 1
_HALF: Final = 1 << (_LANE - 1)
_HUNDREDTHS: Final = 100
"""Weights are learned to two decimals, and added as whole numbers."""
_ABOVE: Final = 1 << 14
"""Added to each weight, it leaves none below nought (excess representation); no weight is larger."""


@dataclass(frozen=True)
class Weights:
    """One side's weights. `of` gives, for a feature, its weights for all acts packed into one number, so that one
    addition weighs it for all of them; `of_vector`, for an act, what each number of a sentence's vector weighs
    (nothing where no vectors are used).
    """

    acts: tuple[Act, ...]
    biases: tuple[float, ...]
    thresholds: tuple[float, ...]
    of: Mapping[str, int]
    of_vector: tuple[tuple[float, ...], ...] = ()

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The same weights, filed to be found in sentences."""
        return Vocabulary(self.of)

    def scores(self, sentence: Sentence, matches: Sequence[Match[str]], vector: Sequence[float] = ()) -> list[Score]:
        """The acts that are likely enough to be shown, for a sentence with its concepts and its vector."""
        found = self.vocabulary.weigh(sentence, matches)
        packed = sum(found.values()) - len(found) * self._above + self._halves
        if not (vector or (packed - self._needed) & self._halves):
            return []  # no act reaches its upper half, as with most sentences
        lanes = self._lanes.unpack(packed.to_bytes(self._lanes.size, "little"))
        sums = [bias + (lane - _HALF) / _HUNDREDTHS for bias, lane in zip(self.biases, lanes, strict=True)]
        if vector:
            sums = [total + sum(map(mul, weights, vector)) for total, weights in zip(sums, self.of_vector, strict=True)]
        return [
            Score(self.acts[number], _likelihood(total), _strongest(number, found))
            for number, (total, enough) in enumerate(zip(sums, self._enough, strict=True))
            if total >= enough
        ]

    @cached_property
    def _enough(self) -> tuple[float, ...]:
        """The thresholds as sums of weights (log odds), so that most sums needn't be made likelihoods."""
        return tuple(log(threshold / (1 - threshold)) for threshold in self.thresholds)

    @cached_property
    def _needed(self) -> int:
        """What each act's sum must at least be, packed."""
        at_least = (enough - bias for enough, bias in zip(self._enough, self.biases, strict=True))
        return sum(floor(_HUNDREDTHS * least) << (_LANE * number) for number, least in enumerate(at_least))

    @cached_property
    def _lanes(self) -> Struct:
        return Struct(f"<{len(self.acts)}I")

    @cached_property
    def _above(self) -> int:
        return _repeated(_ABOVE, len(self.acts))

    @cached_property
    def _halves(self) -> int:
        """Added to a packed sum, it leaves no act's part below nought."""
        return _repeated(_HALF, len(self.acts))


def pack(weights: Iterable[tuple[int, float]], acts: int) -> int:
    """A feature's weights, an act's number and its weight each, as one number with a lane for each of `acts`."""
    return _repeated(_ABOVE, acts) + sum(round(_HUNDREDTHS * weight) << (_LANE * number) for number, weight in weights)


def _repeated(part: int, acts: int) -> int:
    return sum(part << (_LANE * number) for number in range(acts))


def _strongest(number: int, found: Mapping[str, int]) -> str:
    """The feature that speaks most for an act."""
    lane = _MASK << (_LANE * number)
    most, strongest = 0, ""
    for name, packed in found.items():
        weight = packed & lane
        if weight > most or (weight == most and name > strongest):
            most, strongest = weight, name
    return strongest


def _likelihood(total: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def weights(side: Side, file: Path = FILE) -> Weights:
    """The weights that ship with the desk; read once in each process."""
    return _loaded(file)[Side(side)]


def _read(file: Path) -> dict[Side, Weights]:
    written = json.loads(gzip.decompress(file.read_bytes()))
    return {
        Side(side): Weights(
            acts=tuple(map(Act, one["acts"])),
            biases=tuple(one["biases"]),
            thresholds=tuple(one["thresholds"]),
            of={feature: pack(found, len(one["acts"])) for feature, found in one["of"].items()},
            of_vector=tuple(map(tuple, one.get("of_vector", ()))),
        )
        for side, one in written.items()
    }


_loaded = LoadedOnce(_read)
