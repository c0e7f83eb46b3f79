"""Five languages are equals: every sentence is there in each of them, and says something of its own."""

import re

import pytest

from tests.support import translations


@pytest.fixture(scope="module")
def template() -> translations.Catalog:
    return translations.gathered()


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_every_sentence_is_translated(language: str, template: translations.Catalog) -> None:
    known = translations.brought_up_to_date(language, template)
    assert translations.untranslated(known) == []


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_no_translation_is_the_english_one_without_a_reason(language: str, template: translations.Catalog) -> None:
    known = translations.brought_up_to_date(language, template)
    assert translations.same_as_english(known) == []


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_what_runs_is_what_was_translated(language: str, template: translations.Catalog) -> None:
    known = translations.brought_up_to_date(language, template)
    path = translations.po_file(language)
    assert path.read_bytes() == translations.written(known), "run bin/translate"
    assert path.with_suffix(".mo").read_bytes() == translations.compiled(known), "run bin/translate"


def test_an_untranslated_sentence_is_found() -> None:
    known = translations.Catalog(locale="da")
    known.add("A person answers you", "")
    known.add("Open", "Open")
    known.add("%(n)s rows", "rækker", flags=["python-format"])
    assert translations.untranslated(known) == ["A person answers you", "%(n)s rows"]
    assert translations.same_as_english(known) == ["Open"]


@pytest.mark.parametrize("language", ["sv", "de"])
def test_no_sentence_was_copied_from_danish(language: str, template: translations.Catalog) -> None:
    """A word may be the same in two languages; a sentence of three words and more is a slip."""
    danish = translations.brought_up_to_date("da", template)
    known = translations.brought_up_to_date(language, template)
    copied = [
        str(message.id)
        for message in known
        if message.id
        and (its_danish := danish.get(message.id, message.context)) is not None
        and message.string == its_danish.string
        and len(re.sub(r"%\(\w+\)s", "", str(message.string)).split()) > 2
    ]
    assert set(copied) <= {"A repair", "Person or team", "Hi %(name)s. %(finding)s"}
