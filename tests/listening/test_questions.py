"""What a sentence of ours asks for, also where it is no question."""

import pytest

from holdord.listening.questions import asks
from holdord.listening.text import sentences


@pytest.mark.parametrize(
    "text",
    [
        "Hvad er dit kundenummer?",
        "Send os venligst dit kundenummer.",
        "Vi mangler dit ordrenummer for at komme videre.",
        "Vær venlig at oplyse dit kundenummer.",
        "Oppgi kundenummeret ditt.",
        "Vi trenger ordrenummeret ditt.",
        "Ange gärna ditt kundnummer.",
        "Vi behöver ditt ordernummer.",
        "Nennen Sie uns bitte Ihre Kundennummer.",
        "Bitte teilen Sie uns Ihre Bestellnummer mit.",
        "Dafür brauchen wir noch Ihre Kundennummer.",
        "Please send us your order number.",
        "To go on, we need your customer number.",
    ],
)
def test_it_asks(text: str) -> None:
    (sentence,) = sentences(text)
    assert asks(sentence)


@pytest.mark.parametrize(
    "text",
    [
        "Vi sender dig ordrenummeret i morgen.",
        "Du kan bruge dit kundenummer til at logge ind.",
        "Vi har gitt deg et nytt kundenummer.",
        "Jag skickar ordernumret i dag.",
        "Wir senden Ihnen die Bestellnummer morgen.",
        "Ihre Kundennummer steht auf der Rechnung.",
        "We have your order number, thank you.",
    ],
)
def test_it_says(text: str) -> None:
    (sentence,) = sentences(text)
    assert not asks(sentence)
