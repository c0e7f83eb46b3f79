"""Thanks alone, in five languages, and what only begins like it."""

import pytest

from holdord.listening.thanks import is_only_thanks


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "Thank you so much for your help",
        "thx :)",
        "Great, thanks a lot!\n\nBest regards\nAnna",
        "Perfect, it works now. Thank you!",
        "Tak!",
        "Tusind tak for hjælpen 😊",
        "Super, mange tak for den hurtige hjælp!",
        "Tak for det hurtige svar\n\nMvh Henrik",
        "Ok, tak",
        "Tusen takk for hjelpen 😊",
        "Takk skal du ha!",
        "Takk for rask tilbakemelding",
        "Hei Kari,\n\nTakk for svar. Ha en fin dag!\n\nHilsen Ola",
        "Supert, takk!",
        "Tack så mycket!",
        "Hej, tack för hjälpen! Ha en trevlig helg",
        "Toppen, tack!",
        "Tack för snabbt svar",
        "Danke!",
        "Vielen Dank für die schnelle Hilfe!",
        "Herzlichen Dank und schönes Wochenende",
        "Super, danke schön!",
        "Alles klar, danke.",
        "👍 Takk",
    ],
)
def test_thanks_and_nothing_else(text: str) -> None:
    assert is_only_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tak, men den virker stadig ikke",
        "Thanks, but it still fails",
        "Thanks for nothing",
        "Thanks. When will it arrive?",
        "Thanks, when will it arrive",
        "Takk, men jeg har ikke fått den",
        "Takk, kan dere også sende faktura",
        "Tack, men det funkar inte",
        "Danke, aber es geht noch nicht",
        "Danke, und wann kommt das Paket",
        "Nei takk",
        "No thanks",
        "Nej tak",
        "Nein danke",
        "Tak på forhånd",
        "Thanks in advance",
        "Takk for sist, pakken mangler",
        "Tak for svaret. I har ikke forstået mig.",
        "Ring meg på 12345678. Takk",
        "Thanks, I have not received it",
        "Thanks, cancel my order",
        "Hei",
        "",
        "   ",
        "ok",
        "Takk! " + "Dette er en lang historie om en pakke som aldri kom frem. " * 10,
    ],
)
def test_more_than_thanks(text: str) -> None:
    assert not is_only_thanks(text)
