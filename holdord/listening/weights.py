"""The learned reader: how much each feature of a sentence speaks for an act.

Logistic regression, an act at a time (Hosmer & Lemeshow, Applied Logistic Regression), over what `features` sees. The
weights are learned from the bank by `bin/learn` and lie beside this module; reading needs nothing but additions.
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from operator import mul
from pathlib import Path
from threading import Lock
from typing import Final

from holdord.listening.acts import Act, Side

FILE: Final = Path(__file__).with_name("weights.json.gz")


@dataclass(frozen=True, slots=True)
class Score:
    """How likely a sentence holds an act (0 to 1), and the feature that spoke for it most."""

    act: Act
    likelihood: float
    strongest: str


@dataclass(frozen=True, slots=True)
class Weights:
    """One side's weights. `of` gives, for a feature, pairs of an act's number and its weight; `of_vector`, for an act,
    what each number of a sentence's vector weighs (nothing where no vectors are used).
    """

    acts: tuple[Act, ...]
    biases: tuple[float, ...]
    thresholds: tuple[float, ...]
    of: Mapping[str, tuple[tuple[int, float], ...]]
    of_vector: tuple[tuple[float, ...], ...] = ()

    def scores(self, found: Mapping[str, tuple[int, int]], vector: Sequence[float] = ()) -> list[Score]:
        """The acts that are likely enough to be shown, for the features of a sentence and its vector."""
        sums = list(self.biases)
        if vector:
            sums = [total + sum(map(mul, weights, vector)) for total, weights in zip(sums, self.of_vector, strict=True)]
        known = [(feature, pairs) for feature in found if (pairs := self.of.get(feature))]
        for _, pairs in known:
            for act, weight in pairs:
                sums[act] += weight
        scores = []
        for number, total in enumerate(sums):
            likelihood = 1 / (1 + exp(-max(-30.0, min(30.0, total))))
            if likelihood >= self.thresholds[number]:
                scores.append(Score(self.acts[number], likelihood, self._strongest(number, known)))
        return scores

    @staticmethod
    def _strongest(number: int, known: Sequence[tuple[str, tuple[tuple[int, float], ...]]]) -> str:
        """The feature that speaks most for an act."""
        spoken = [(weight, feature) for feature, pairs in known for act, weight in pairs if act == number]
        return max(spoken, default=(0.0, ""))[1]


_kept: dict[Path, dict[Side, Weights]] = {}
_loading = Lock()


def weights(side: Side, file: Path = FILE) -> Weights:
    """The weights that ship with the desk; read once in each process."""
    found = _kept.get(file)
    if found is None:
        with _loading:
            found = _kept.get(file) or _kept.setdefault(file, _read(file))
    return found[Side(side)]


def _read(file: Path) -> dict[Side, Weights]:
    written = json.loads(gzip.decompress(file.read_bytes()))
    # The same pair stands under many features, and is kept once.
    pairs: dict[tuple[int, float], tuple[int, float]] = {}
    return {
        Side(side): Weights(
            acts=tuple(map(Act, one["acts"])),
            biases=tuple(one["biases"]),
            thresholds=tuple(one["thresholds"]),
            of={
                feature: tuple(pairs.setdefault((act, weight), (act, weight)) for act, weight in found)
                for feature, found in one["of"].items()
            },
            of_vector=tuple(map(tuple, one.get("of_vector", ()))),
        )
        for side, one in written.items()
    }
