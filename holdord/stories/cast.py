"""Who is in the demo: brands, teams and the people who work there."""

from datetime import datetime, time

from django.db import transaction

from holdord.people.administration import InboxTerms, open_inbox, put_in_teams
from holdord.people.models import Agent, Inbox, Role, Team
from holdord.promises.models import Pledge

PASSWORD = "hold-ord-demo"  # noqa: S105 - the demo's, printed when it starts

WEEK = [(weekday, time(8), time(18)) for weekday in range(5)]

AGENTS = [
    # name, e-mail, role, language, teams
    ("Maja Thomsen", "maja@holdord.example", Role.AGENT, "da", ["Danmark", "International"]),
    ("Anders Nygaard", "anders@holdord.example", Role.AGENT, "da", ["Danmark"]),
    ("Karen Holm", "karen@holdord.example", Role.LEAD, "da", ["Danmark", "International"]),
    ("Ingvild Berg", "ingvild@holdord.example", Role.LEAD, "nb", ["Norge"]),
    ("Jonas Becker", "jonas@holdord.example", Role.AGENT, "de", ["International"]),
    ("Astrid Lund", "admin@holdord.example", Role.ADMINISTRATOR, "en", ["Danmark", "Norge", "International"]),
]
SPEAKS = {"anders@holdord.example": ["da"], "ingvild@holdord.example": ["nb"], "jonas@holdord.example": ["de", "en"]}
"""Who answers in these languages only."""

LEADS = {
    "Danmark": "karen@holdord.example",
    "Norge": "ingvild@holdord.example",
    "International": "karen@holdord.example",
}

INBOXES = [
    # name, address, team, language, zone, country, phone, pledge in minutes, handling time
    ("Lysbro TV & Net", "hej@lysbro.example", "Danmark", "da", "Europe/Copenhagen", "DK", "70 00 48 21", 240, 12),
    ("Fjordbanken", "hei@fjordbanken.example", "Norge", "nb", "Europe/Oslo", "NO", "22 00 00 01", 240, 15),
    ("Hagestua", "hei@hagestua.example", "Norge", "nb", "Europe/Oslo", "NO", "22 00 00 00", 480, 10),
    ("Skoby", "hello@skoby.example", "International", "en", "Europe/Copenhagen", "DK", "", 240, 10),
    (
        "Klitgaarden Hotel",
        "hotel@klitgaarden.example",
        "Danmark",
        "da",
        "Europe/Copenhagen",
        "DK",
        "98 00 00 07",
        360,
        8,
    ),
]


@transaction.atomic
def gather(now: datetime) -> None:
    """Make the brands, teams and people of the demo."""
    teams = {name: Team.objects.create(name=name) for name in LEADS}
    for name, email, role, language, member_of in AGENTS:
        agent = Agent.objects.create_user(
            email, PASSWORD, name=name, role=role, language=language, speaks=SPEAKS.get(email, []), joined_at=now
        )
        put_in_teams(agent, [teams[team] for team in member_of])
    for name, lead in LEADS.items():
        teams[name].lead = Agent.objects.get(email=lead)
        teams[name].save(update_fields=["lead"])
    for row in INBOXES:
        _open(*row, teams=teams, now=now)


def _open(
    name: str,
    address: str,
    team: str,
    language: str,
    zone: str,
    country: str,
    phone: str,
    within: int,
    work: int,
    *,
    teams: dict[str, Team],
    now: datetime,
) -> Inbox:
    terms = InboxTerms(
        name=name,
        address=address,
        language=language,
        time_zone=zone,
        country=country,
        subdivision="",
        hours=WEEK,
        phone=phone,
    )
    inbox = open_inbox(terms, team=teams[team], now=now)
    Pledge.objects.create(inbox=inbox, within_minutes=within, work_minutes=work)
    return inbox
