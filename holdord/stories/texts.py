"""What the demo's brands have written down: articles, prepared replies and a policy."""

from datetime import datetime

from holdord.knowledge import actions
from holdord.knowledge.models import Kind
from holdord.people.models import Agent, Inbox

_TEXTS = [
    # inbox, kind, language, title, text
    (
        "hej@lysbro.example",
        Kind.ARTICLE,
        "da",
        "Boksen starter ikke",
        (
            "## Prøv først\n\n1. Træk stikket ud, og vent et minut.\n2. Sæt det i igen.\n3. Vent, til lampen lyser grønt.\n\n"
            "Lyser den stadig rødt, **så skriv til os**. Så finder vi fejlen."
        ),
    ),
    (
        "hej@lysbro.example",
        Kind.ARTICLE,
        "da",
        "Sådan opsiger du",
        (
            "Skriv én gang, at du vil opsige, eller tryk på *Opsig* på din sagsside. Det er nok. Du får en bekræftelse med"
            " datoen, og du kan fortryde indtil da."
        ),
    ),
    (
        "hej@lysbro.example",
        Kind.INCIDENT,
        "da",
        "Fejl HTTP 500 på boksen",
        (
            "Nogle bokse viser *HTTP 500, REST 11004*, når de sættes til. Det er en fejl hos os, ikke hos dig.\n\n"
            "Vi er ved at rette den. Virker boksen ikke i morgen, **så skriv til os**, og du får en ny."
        ),
    ),
    (
        "hej@lysbro.example",
        Kind.REPLY,
        "da",
        "Det er vores fejl",
        "Hej {name}\n\nDet er vores fejl, og vi retter den. Du skal ikke gøre mere.\n\nVenlig hilsen\n{agent}",
    ),
    (
        "hej@lysbro.example",
        Kind.POLICY,
        "da",
        "Når du vil af med os",
        (
            "Du kan opsige når som helst, med én besked. Vi spørger højst én gang, om du vil blive. Du betaler for de dage,"
            " du har brugt, og ikke for andre."
        ),
    ),
    (
        "hello@skoby.example",
        Kind.ARTICLE,
        "en",
        "Sending shoes back",
        (
            "You have 30 days. Put the shoes in the box they came in, and stick the label from the parcel on it.\n\n"
            "The money is back within three working days of the parcel reaching us."
        ),
    ),
    (
        "hello@skoby.example",
        Kind.REPLY,
        "en",
        "A replacement is on its way",
        "Hi {name}\n\nI have sent you a new pair today. Keep the old ones until they fit.\n\nBest wishes\n{agent}",
    ),
]


def write_down(now: datetime) -> None:
    """Write and publish them all."""
    for address, kind, language, title, text in _TEXTS:
        inbox = Inbox.objects.get(address=address)
        author = Agent.objects.get(email="karen@holdord.example")
        edition = actions.write(
            None, kind=kind, inbox=inbox, language=language, title=title, text=text, by=author, now=now
        )
        actions.publish(edition, by=author, now=now)
