"""The lexicons: every concept in every language, and words that mean what they should."""

import tomllib
from pathlib import Path

import pytest

from holdord.listening.lexicon import LANGUAGES, concepts, lexicon
from holdord.listening.reading import concepts_in
from holdord.listening.text import sentences

FOLDER = Path("holdord/listening/lexicon")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_words_for_every_concept(language: str) -> None:
    written = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    wanted = {(section, concept) for section, entries in concepts().items() for concept in entries}
    given = {(section, concept) for section, entries in written.items() for concept in entries}
    assert given == wanted
    thin = [concept for entries in written.values() for concept, words in entries.items() if words.count(",") < 2]
    assert thin == []
    assert lexicon(language).size > 3_000


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("da", "Jeg vil gerne opsige mit abonnement", {"me", "want", "end", "contract"}),
        ("da", "jeg oensker at faa mine penge tilbage", {"want", "money", "back"}),
        ("da", "Det er transportørens skyld", {"fault", "others"}),
        ("nb", "Jeg vil si opp avtalen", {"me", "want", "end", "contract"}),
        ("nb", "Eg vil seie opp avtalen", {"me", "end", "contract"}),
        ("nb", "Det er ikke min avdeling", {"not", "wrong_desk"}),
        ("sv", "Jag vill säga upp mitt abonnemang", {"me", "want", "end", "contract"}),
        ("sv", "Jag har inte fatt nagot svar", {"not", "no_answer"}),
        ("de", "Ich möchte meinen Vertrag kündigen", {"me", "want", "end", "contract"}),
        ("de", "Ich moechte kuendigen", {"me", "want", "end"}),
        ("de", "Unsere Richtlinien erlauben das nicht", {"rules", "not"}),
        ("en", "I'd like to cancel my subscription", {"me", "want", "end", "contract"}),
        ("en", "Please call me back tomorrow", {"please", "call", "tomorrow"}),
        ("en", "Negative reviews are charged with a fee", {"speaking_up", "fee"}),
    ],
)
def test_words_mean_what_they_should(language: str, text: str, expected: set[str]) -> None:
    (sentence,) = sentences(text)
    assert expected <= {match.meaning for match in concepts_in(sentence, [language])}


@pytest.mark.parametrize(
    ("language", "text", "concept"),
    [
        ("da", "Det er for dyrt", "by"),
        ("de", "Das wurde gestern geliefert", "would"),
        ("en", "The order came today", "refund"),
        ("sv", "Hej på er", "end"),
    ],
)
def test_words_do_not_mean_what_they_should_not(language: str, text: str, concept: str) -> None:
    (sentence,) = sentences(text)
    assert concept not in {match.meaning for match in concepts_in(sentence, [language])}
