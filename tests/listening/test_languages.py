"""Which of the five languages, from forty letters on."""

import pytest

from holdord.listening.languages import detect

_SAMPLES = {
    "da": [
        "Hej, jeg har ikke fået min pakke endnu. Hvornår kommer den?",
        "Den skal være her inden torsdag, for der flytter vi",
        "Kan I ikke slette min ordre, den skal ikke bruges alligevel",
        "Det er jeres skyld at den er forsinket, og nu vil jeg have pengene tilbage",
    ],
    "nb": [
        "Hei, jeg har ikke fått pakken min ennå. Når kommer den?",
        "Vi ønsker ikke å fortsette som kunder og avslutter avtalen",
        "Hva skjer med bestillingen? Noen må svare meg nå i dag.",
        "Eg har ikkje fått pakken min enno. Når kjem han, og kvifor er han så sein?",
    ],
    "sv": [
        "Hej, jag har inte fått mitt paket än. När kommer det?",
        "Kan ni vara snälla och ringa mig när varan finns i lager igen",
        "Jag vill säga upp mitt abonnemang och få pengarna tillbaka",
    ],
    "de": [
        "Guten Tag, ich habe mein Paket noch nicht bekommen. Wann kommt es?",
        "Bitte stornieren Sie die Bestellung und bestätigen Sie das schriftlich",
        "Können Sie mich bitte zurückrufen, das Gerät funktioniert nicht",
    ],
    "en": [
        "Hello, I have not received my parcel yet. When will it come?",
        "Please cancel the order and confirm that in writing",
        "The machine stopped working after two days and nobody answers the phone",
    ],
}


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in _SAMPLES.items() for text in texts]
)
def test_everyday_letters(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "Hei", "Takk for hjelpen!", "1234567890" * 10, "你好" * 40, "x" * 100])
def test_too_little_to_tell(text: str) -> None:
    assert detect(text) is None
