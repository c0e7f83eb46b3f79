"""Features: what is left out because it weighs nothing changes no score."""

import gzip
import json
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdord.listening.acts import Side
from holdord.listening.features import features, place_of
from holdord.listening.reading import concepts_in
from holdord.listening.text import sentences
from holdord.listening.weights import FILE, weights

LETTERS = "Jeg vil gerne opsige mit abonnement inden den 1. maj. Why has nobody called? Ich möchte mein Geld zurück!"


WORDS = st.lists(st.sampled_from([*LETTERS.split(), "ikke", "not", "if", "12", "mark", "long"]), max_size=40)


@pytest.mark.parametrize("side", list(Side))
@settings(deadline=None)  # the lexicons load the first time
@given(WORDS.map(" ".join))
def test_the_vocabulary_finds_the_features_that_weigh_anything_and_no_others(side, text):
    known = weights(side)
    for sentence in sentences(text):
        concepts = concepts_in(sentence, ["da", "en", "de"])
        weighed = {name: known.of[name] for name in features(sentence, concepts) if name in known.of}
        assert known.vocabulary.weigh(sentence, concepts) == weighed


@settings(deadline=None)
@given(WORDS.map(" ".join))
def test_a_feature_is_found_where_it_stands(text):
    for sentence in sentences(text):
        concepts = concepts_in(sentence, ["da", "en", "de"])
        for feature, place in features(sentence, concepts).items():
            assert place_of(feature, sentence, concepts) == place


@pytest.mark.parametrize("side", list(Side))
@settings(deadline=None)
@given(WORDS.map(" ".join))
def test_packed_weights_find_the_acts_that_weights_one_by_one_find(side, text):
    known = weights(side)
    unpacked = json.loads(gzip.decompress(FILE.read_bytes()))[side]
    for sentence in sentences(text):
        concepts = concepts_in(sentence, ["da", "en", "de"])
        sums = list(unpacked["biases"])
        for feature in features(sentence, concepts):
            for number, weight in unpacked["of"].get(feature, ()):
                sums[number] += weight
        likely = [1 / (1 + exp(-total)) for total in sums]
        expected = [act for act, one, enough in zip(known.acts, likely, known.thresholds, strict=True) if one >= enough]
        assert [score.act for score in known.scores(sentence, concepts)] == expected
