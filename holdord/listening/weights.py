"""The learned reader: how much each feature of a sentence speaks for an act.

Logistic regression, an act at a time (Hosmer & Lemeshow, Applied Logistic Regression), over what `features` sees. The
weights are learned from the bank by `bin/learn` and lie beside this module; reading needs nothing but additions.
"""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from math import exp, log
from operator import mul
from pathlib import Path
from typing import Final

from holdord.listening.acts import Act, Side
from holdord.listening.features import Vocabulary
from holdord.listening.loading import LoadedOnce

FILE: Final = Path(__file__).with_name("weights.json.gz")


@dataclass(frozen=True, slots=True)
class Score:
    """How likely a sentence holds an act (0 to 1), and the feature that spoke for it most."""

    act: Act
    likelihood: float
    strongest: str


_LANE: Final = 40
"""Bits an act has of a packed weight: room for the sum of every feature a text can have."""
_HALF: Final = 1 << (_LANE - 1)
_MASK: Final = 2 * _HALF - 1
_HUNDREDTHS: Final = 100
"""Weights are learned to two decimals, and added as whole numbers."""


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
        """The words' features that weigh anything."""
        return Vocabulary(self.of)

    def scores(self, found: Mapping[str, tuple[int, int]], vector: Sequence[float] = ()) -> list[Score]:
        """The acts that are likely enough to be shown, for the features of a sentence and its vector."""
        packed = sum(map(self.of.get, found, repeat(0))) + self._halves
        sums = [
            bias + ((packed >> shift & _MASK) - _HALF) / _HUNDREDTHS
            for shift, bias in zip(self._shifts, self.biases, strict=True)
        ]
        if vector:
            sums = [total + sum(map(mul, weights, vector)) for total, weights in zip(sums, self.of_vector, strict=True)]
        return [
            Score(self.acts[number], _likelihood(total), self._strongest(number, found))
            for number, (total, enough) in enumerate(zip(sums, self._enough, strict=True))
            if total >= enough
        ]

    @cached_property
    def _enough(self) -> tuple[float, ...]:
        """The thresholds as sums of weights (log odds), so that most sums needn't be made likelihoods."""
        return tuple(log(threshold / (1 - threshold)) for threshold in self.thresholds)

    @cached_property
    def _shifts(self) -> tuple[int, ...]:
        return tuple(_LANE * number for number in range(len(self.acts)))

    @cached_property
    def _halves(self) -> int:
        """Added to a packed sum, it leaves no act's part below nought."""
        return sum(_HALF << (_LANE * number) for number in range(len(self.acts)))

    def _strongest(self, number: int, found: Iterable[str]) -> str:
        """The feature that speaks most for an act."""
        shift, of, halves = _LANE * number, self.of, self._halves
        spoken = ((packed + halves >> shift & _MASK, name) for name in found if (packed := of.get(name)))
        return max(spoken, default=(0, ""))[1]


def pack(weights: Iterable[tuple[int, float]]) -> int:
    """A feature's weights, an act's number and its weight each, as one number."""
    return sum(round(_HUNDREDTHS * weight) << (_LANE * number) for number, weight in weights)


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
            of={feature: pack(found) for feature, found in one["of"].items()},
            of_vector=tuple(map(tuple, one.get("of_vector", ()))),
        )
        for side, one in written.items()
    }


_loaded = LoadedOnce(_read)
