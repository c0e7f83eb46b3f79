"""What happens in the demo before its visitor comes in: a script of steps, each at a moment of a working day.

Days count back from the day of the visit (0). The words are ours; the stories are those of the articles the desk was
built from.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One thing that happens: `who` writes to `inbox`, or an agent does `act` in the conversation called `case`."""

    day: int
    at: str
    case: str
    act: str
    text: str = ""
    who: tuple[str, str] = ("", "")
    inbox: str = ""
    subject: str = ""
    language: str = ""
    channel: str = "email"
    facts: tuple[tuple[str, str], ...] = ()
    promises: str = ""
    pictures: tuple[str, ...] = field(default=())


def tales() -> list[Step]:
    """Every step, in the order in which it happens."""
    steps = [*_THE_BOX, *_THE_CANCELLATION, *_THREE_BANKS, *_THE_CARD, *_THE_WRONG_CUSTOMER, *_THE_GARDEN, *_THE_BEAR]
    steps += [*_THE_SHOES, *_THE_PROCESS, *_NOT_FOR_US]
    return sorted(steps, key=lambda step: (-step.day, step.at))


_JORGEN = ("Jørgen Lindholm", "jorgen.lindholm@post.example")
_THE_BOX = [
    Step(
        2,
        "09:12",
        "box",
        "writes",
        "Hej\n\nBoksen kom i mandags, tak for det. Men da jeg næsten var færdig med at sætte den op, stod der »Der er "
        "opstået en fejl, prøv igen om lidt (HTTP 500, REST 11004)«. Jeg har prøvet seks gange.\n\nHvad gør jeg nu?\n\n"
        "Venlig hilsen\nJørgen Lindholm",
        who=_JORGEN,
        inbox="hej@lysbro.example",
        subject="Boksen virker ikke",
    ),
    Step(2, "10:02", "box", "anders takes"),
    Step(
        2,
        "10:30",
        "box",
        "anders notes",
        "Kendt fejl: firmware 4.2 på LB-2-bokse. En ny boks er den eneste løsning. Lad være med at bede ham om at pakke noget.",
    ),
    Step(
        2,
        "11:05",
        "box",
        "anders replies",
        "Hej Jørgen\n\nTak for den præcise fejlkode. Det er vores fejl: din boks har en version, der ikke kan oprettes. "
        "Jeg bestiller en ny til dig og skriver, så snart jeg ved, hvilken dag den kommer.\n\nVenlig hilsen\nAnders",
    ),
    Step(
        1, "09:20", "box", "anders promises", "Vi ringer og siger, hvilken dag boksen kommer", promises="callback in 5"
    ),
    Step(0, "09:05", "box", "anders promises", "Ny boks hos dig, klar til at sætte til", promises="delivery in 20"),
    Step(
        0,
        "09:40",
        "box",
        "writes",
        "Hej Anders\n\nNu er der gået to dage, og jeg har ikke hørt en dag. Jeg vil have en boks, der virker, og "
        "filmpakken kan I godt opsige. Jeg kører ikke på posthuset.\n\nJørgen",
        who=_JORGEN,
        inbox="hej@lysbro.example",
        subject="Re: Boksen virker ikke",
    ),
]
_RYAN = ("Ryan Brock", "ryan.brock@post.example")
_THE_CANCELLATION = [
    Step(
        3,
        "13:20",
        "cancel",
        "writes",
        "Hi,\n\nI'd like to cancel my broadband. I don't want another offer, I just want it to end this month.\n\nRyan Brock",
        who=_RYAN,
        inbox="hej@lysbro.example",
        subject="Cancel my subscription",
    ),
    Step(
        1,
        "15:35",
        "cancel",
        "writes",
        "I wrote to you two days ago. Please just cancel it. This is the second time I say so.",
        who=_RYAN,
        inbox="hej@lysbro.example",
        subject="Re: Cancel my subscription",
    ),
]
_THREE_BANKS = [
    Step(
        0,
        "08:40",
        "bank",
        "writes",
        "Jeg vurderer å flytte alt: boliglån, billån, lønnskonto og forsikring. Hva kan dere tilby, og hvem snakker jeg med?",
        who=("Ingrid Solheim", "ingrid.solheim@epost.example"),
        inbox="hei@fjordbanken.example",
        subject="Bytte bank",
        language="nb",
        channel="form",
        facts=(("Telefon", "+47 20 00 48 36"),),
    ),
]
_THE_CARD = [
    Step(
        0,
        "09:50",
        "card",
        "writes",
        "Hej\n\nJeg er i Nakhon Ratchasima, og mit kort er væk. Måske ligger det i automaten, måske er det stjålet. Banken her siger, "
        "at der går nogle dage, før de kan se efter. Kan I spærre det, så det kan åbnes igen, hvis jeg får det tilbage?\n\n"
        "Kortet ender på 4417.\n\nSofie Kjær",
        who=("Sofie Kjær", "sofie.kjaer@post.example"),
        inbox="hei@fjordbanken.example",
        subject="Mit kort er væk",
        language="da",
        facts=(("Kort", "ender på 4417"),),
    ),
]
_THE_WRONG_CUSTOMER = [
    Step(
        0,
        "09:05",
        "loan",
        "writes",
        "Eg ønskjer flytande rente på billånet mitt. Eg er ny hos dykk og har ikkje snakka med nokon før.",
        who=("Kjetil Haugen", "kjetil.haugen@epost.example"),
        inbox="hei@fjordbanken.example",
        subject="Billån",
        language="nb",
        channel="form",
        facts=(("Telefon", "+47 20 00 11 02"), ("Lån", "Billån, 210 000 kr")),
    ),
]
_THE_GARDEN = [
    Step(
        1,
        "11:15",
        "garden",
        "writes",
        "Hei! Vi kjøpte Solvik-settet rett etter påske. Nå flasser malingen av på armlenene på to av stolene. Jeg legger "
        "ved bilder.",
        who=("Erik Aasen", "erik.aasen@epost.example"),
        inbox="hei@hagestua.example",
        subject="Maling som flasser",
        language="nb",
        channel="form",
        pictures=("armlene-1.png", "armlene-2.png"),
    ),
    Step(1, "13:00", "garden", "ingvild takes"),
]
_KJAER = ("Familien Kjær", "familien.kjaer@post.example")
_THE_BEAR = [
    Step(
        2,
        "18:40",
        "bear",
        "writes",
        "Kære hotel. Vi glemte Bamse på værelse 214. Han er brun, har en rød sløjfe, og Oskar på fire år kan ikke sove "
        "uden ham. Kan I finde ham?",
        who=_KJAER,
        inbox="hotel@klitgaarden.example",
        subject="Bamse er blevet glemt",
    ),
    Step(1, "08:25", "bear", "maja takes"),
    Step(
        1,
        "09:10",
        "bear",
        "maja replies",
        "Kære Oskar og familie\n\nBamse er fundet! Han har fået sin egen seng i receptionen og var med til morgenmad i "
        "dag. Vi sender ham hjem i morgen, og I får billeder af hans ferie imens. Det koster ikke noget.\n\nMange hilsner\nMaja",
        pictures=("poolen", "morgenmad", "stranden", "i-seng"),
    ),
    Step(
        1,
        "09:55",
        "bear",
        "writes",
        "Tusind tak!",
        who=_KJAER,
        inbox="hotel@klitgaarden.example",
        subject="Re: Bamse er blevet glemt",
    ),
]
_THE_SHOES = [
    Step(
        0,
        "09:50",
        "shoes",
        "writes",
        "Hello,\n\nmy order 88213 was sent to the wrong city and the carrier tells me they may not hand it out. The wedding "
        "is on Saturday and I have no shoes. What can you do?\n\nJay Whitfield",
        who=("Jay Whitfield", "jay.whitfield@post.example"),
        inbox="hello@skoby.example",
        subject="Order 88213: wedding on Saturday",
    ),
]
_THE_PROCESS = [
    Step(
        1,
        "10:10",
        "process",
        "writes",
        "Guten Tag,\n\nich habe im Juli gebucht und im August storniert. Die Anzahlung ist bis heute nicht zurück. Beim "
        "letzten Anruf hieß es, ich hätte den Prozess nicht eingehalten. Wann bekomme ich mein Geld?\n\nKatharina Vogel",
        who=("Katharina Vogel", "katharina.vogel@post.example"),
        inbox="hotel@klitgaarden.example",
        subject="Anzahlung nicht erstattet",
    ),
    Step(1, "11:40", "process", "maja promises", "Ihre Anzahlung ist auf Ihrem Konto", promises="refund in 24"),
]
_NOT_FOR_US = [
    Step(
        1,
        "12:00",
        "offer",
        "writes",
        "Rank first in every search engine! Reply now and save 70 %.",
        who=("SEO Partner", "sales@rank-first.example"),
        inbox="hello@skoby.example",
        subject="Your website",
    ),
    Step(1, "12:30", "offer", "jonas dismisses"),
]
