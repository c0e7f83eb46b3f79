"""Features: what is left out because it weighs nothing changes no score."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdord.listening.acts import Side
from holdord.listening.features import features
from holdord.listening.reading import concepts_in
from holdord.listening.text import sentences
from holdord.listening.weights import pack, weights

LETTERS = "Jeg vil gerne opsige mit abonnement inden den 1. maj. Why has nobody called? Ich möchte mein Geld zurück!"


@pytest.mark.parametrize("side", list(Side))
@settings(deadline=None)  # the lexicons load the first time
@given(st.lists(st.sampled_from([*LETTERS.split(), "ikke", "not", "12", "mark", "^", "_"]), max_size=40).map(" ".join))
def test_a_vocabulary_leaves_out_only_what_weighs_nothing(side, text):
    known = weights(side)
    for sentence in sentences(text):
        concepts = concepts_in(sentence, ["da", "en", "de"])
        everything = features(sentence, concepts)
        weighed = {name: place for name, place in everything.items() if name in known.of}
        found = features(sentence, concepts, known.vocabulary)
        assert {name: place for name, place in found.items() if name in known.of} == weighed


@given(st.lists(st.lists(st.integers(-900, 900).map(lambda part: part / 100), min_size=10, max_size=10), max_size=30))
def test_packed_weights_add_up_as_they_would_one_by_one(rows):
    known = weights(Side.CUSTOMER)
    packed = sum(pack(enumerate(row)) for row in rows)
    for number in range(10):
        part = (packed + known._halves) >> (40 * number) & ((1 << 40) - 1)
        assert part - (1 << 39) == sum(round(100 * row[number]) for row in rows)
