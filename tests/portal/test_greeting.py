"""How customers are spoken to, and what stands under a letter."""

import pytest

from holdord.conversations.wording import signature_below
from holdord.portal.greeting import called


@pytest.mark.parametrize(
    ("name", "language", "said"),
    [
        ("Jørgen Lindholm", "da", "Jørgen"),
        ("Heike Brandt", "de", "Heike Brandt"),
        ("Familien Kjær", "da", "Familien Kjær"),
        ("Hr. Kjær", "da", "Hr. Kjær"),
        ("", "da", ""),
    ],
)
def test_who_has_no_first_name_is_called_by_the_whole(name: str, language: str, said: str) -> None:
    assert called(name, language) == said


@pytest.mark.parametrize(
    ("text", "below"),
    [
        ("Hallo.\n\nMit freundlichen Grüßen\nKaren Holm", "Klitgaarden Hotel"),
        ("Hallo.\n\nKaren, Klitgaarden Hotel", ""),
        ("Hallo. Bis morgen!", "Karen\nKlitgaarden Hotel"),
        ("Karen aus der Buchhaltung ruft Sie morgen gegen zehn Uhr an.", "Karen\nKlitgaarden Hotel"),
    ],
)
def test_nobody_signs_twice(text: str, below: str) -> None:
    assert signature_below(text, name="Karen", inbox="Klitgaarden Hotel") == below
