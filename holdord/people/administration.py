"""What an administrator decides: agents, teams, inboxes, hours, closing days, and the customers brought along."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils.text import slugify

from holdord.kernel.public_holidays import eves
from holdord.people.models import (
    Absence,
    Agent,
    AgentHours,
    ClosingDay,
    Customer,
    Identity,
    IdentityKind,
    Inbox,
    KeepsOriginals,
    Membership,
    OpeningHours,
    Organisation,
    Role,
    Team,
)
from holdord.people.rules import clean_address

SEEDED_YEARS = 3
"""How many years of eves a new inbox is given as closing days."""


class LastAdministrator(Exception):
    """Somebody must be able to change the settings: the last administrator stays one."""


class AddressTaken(Exception):
    """Another agent or inbox has this address already."""


@dataclass(frozen=True, slots=True)
class InboxTerms:
    """What a new inbox needs to know. `hours` are (weekday with 0 for Monday, opens, closes)."""

    name: str
    address: str
    language: str
    time_zone: str
    country: str
    subdivision: str
    hours: Sequence[tuple[int, time, time]]
    phone: str = ""


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """One line of an imported list of customers."""

    name: str
    email: str = ""
    phone: str = ""
    organisation: str = ""
    language: str = ""


def has_administrator() -> bool:
    """Whether anybody can change the settings yet."""
    return Agent.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists()


@transaction.atomic
def open_inbox(terms: InboxTerms, *, team: Team, now: datetime) -> Inbox:
    """Open a brand's inbox with its week and, as closing days, the eves of the next years. Raises AddressTaken."""
    if Inbox.objects.filter(address=terms.address.lower()).exists():
        raise AddressTaken
    inbox = Inbox.objects.create(
        name=terms.name,
        slug=_free_slug(terms.name),
        address=terms.address.lower(),
        team=team,
        language=terms.language,
        phone=terms.phone,
        time_zone=terms.time_zone,
        country=terms.country,
        subdivision=terms.subdivision,
        tone=Inbox.objects.count() % 5 + 1,
        created_at=now,
    )
    set_hours(inbox, terms.hours)
    for year in range(now.year, now.year + SEEDED_YEARS):
        ClosingDay.objects.bulk_create(
            ClosingDay(inbox=inbox, on=on, name=name) for on, name in eves(inbox.country, year).items()
        )
    return inbox


@transaction.atomic
def set_hours(inbox: Inbox, hours: Iterable[tuple[int, time, time]]) -> None:
    """Replace the week of an inbox."""
    OpeningHours.objects.filter(inbox=inbox).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(inbox=inbox, weekday=weekday, opens=opens, closes=closes) for weekday, opens, closes in hours
    )


def set_keeps_originals(inbox: Inbox, keeps: bool, *, now: datetime) -> None:
    """Keep the pictures that customers send as they were sent, beside those drawn anew; or not, from now on."""
    if keeps:
        KeepsOriginals.objects.get_or_create(inbox=inbox, defaults={"since": now})
    else:
        KeepsOriginals.objects.filter(inbox=inbox).delete()


def set_hue(inbox: Inbox, hue: int | None) -> None:
    """Give an inbox's public pages a hue, in degrees of OKLCH; None for the desk's own."""
    Inbox.objects.filter(pk=inbox.pk).update(hue=hue)


@transaction.atomic
def set_agent_hours(agent: Agent, hours: Iterable[tuple[int, time, time]]) -> None:
    """Replace the week of an agent; none at all means whenever their inboxes are open."""
    AgentHours.objects.filter(agent=agent).delete()
    AgentHours.objects.bulk_create(
        AgentHours(agent=agent, weekday=weekday, starts=starts, ends=ends) for weekday, starts, ends in hours
    )


def add_absence(agent: Agent, *, starts_at: datetime, ends_at: datetime) -> Absence:
    """An agent is away for a span, half-open. Promises that were given keep their time; new ones reckon with it."""
    return Absence.objects.create(agent=agent, starts_at=starts_at, ends_at=ends_at)


def add_closing_day(inbox: Inbox, *, on: date, name: str, is_open: bool = False) -> ClosingDay:
    """Close (or, with `is_open`, open) the inbox on one day. Done twice, the latest holds."""
    day, _ = ClosingDay.objects.update_or_create(inbox=inbox, on=on, defaults={"name": name, "is_open": is_open})
    return day


@transaction.atomic
def invite(
    *,
    name: str,
    email: str,
    role: str,
    teams: Iterable[Team],
    language: str,
    time_zone: str,
    speaks: Iterable[str] = (),
) -> Agent:
    """Make an agent without a password; a one-time link lets them choose one. Raises AddressTaken.

    `speaks` are the languages they answer in; none means any.
    """
    if Agent.objects.filter(email=email.strip().lower()).exists():
        raise AddressTaken
    agent = Agent.objects.create_user(
        email, None, name=name, role=role, language=language, time_zone=time_zone, speaks=sorted(speaks)
    )
    put_in_teams(agent, teams)
    return agent


@transaction.atomic
def change_agent(
    agent: Agent, *, name: str, role: str, is_active: bool, teams: Iterable[Team], speaks: Iterable[str]
) -> None:
    """Change who an agent is to the desk. Raises LastAdministrator."""
    stays = role == Role.ADMINISTRATOR and is_active
    others = Agent.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=agent.pk)
    if agent.is_administrator and agent.is_active and not stays and not others.exists():
        raise LastAdministrator
    agent.name, agent.role, agent.is_active = name, role, is_active
    agent.speaks = sorted(speaks)
    agent.save(update_fields=["name", "role", "is_active", "speaks"])
    put_in_teams(agent, teams)


def put_in_teams(agent: Agent, teams: Iterable[Team]) -> None:
    """Make an agent a member of exactly these teams."""
    wanted = {team.pk for team in teams}
    Membership.objects.filter(agent=agent).exclude(team__in=wanted).delete()
    known = set(Membership.objects.filter(agent=agent).values_list("team_id", flat=True))
    Membership.objects.bulk_create(Membership(agent=agent, team_id=pk) for pk in sorted(wanted - known))


def lines_of(rows: Iterable[Mapping[str, str | None]]) -> tuple[list[CustomerLine], list[int]]:
    """Customers from the rows of a CSV file, and the numbers of the lines that name nobody who can be reached."""
    good, bad = [], []
    for number, row in enumerate(rows, start=2):
        fields = {(key or "").strip().lower(): (value or "").strip() for key, value in row.items() if key}
        line = CustomerLine(
            name=fields.get("name", ""),
            email=fields.get("email", ""),
            phone=fields.get("phone", ""),
            organisation=fields.get("organisation", ""),
            language=fields.get("language", ""),
        )
        if "@" in line.email or (line.phone and not line.email):
            good.append(line)
        else:
            bad.append(number)
    return good, bad


def already_known(lines: Sequence[CustomerLine]) -> int:
    """How many of these customers are here already, by their address."""
    emails = [line.email.lower() for line in lines if line.email]
    return Identity.objects.filter(kind=IdentityKind.EMAIL, address__in=emails, only_in=None).count()


@transaction.atomic
def import_customers(lines: Iterable[CustomerLine], *, now: datetime) -> int:
    """Bring customers in; who is known by an address is completed, never doubled. Returns how many are new."""
    fresh = 0
    for line in lines:
        customer = _known(line)
        if customer is None:
            customer = Customer.objects.create(name=line.name[:200], language=line.language, created_at=now)
            fresh += 1
        if line.organisation and customer.organisation_id is None:
            customer.organisation = Organisation.objects.get_or_create(name=line.organisation[:200])[0]
        customer.name = customer.name or line.name[:200]
        customer.save(update_fields=["organisation", "name"])
        for kind, address in _addresses(line):
            Identity.objects.get_or_create(
                kind=kind, address=address, only_in=None, defaults={"customer": customer, "created_at": now}
            )
    return fresh


def _known(line: CustomerLine) -> Customer | None:
    for kind, address in _addresses(line):
        found = Identity.objects.filter(kind=kind, address=address, only_in=None).select_related("customer").first()
        if found is not None:
            return found.customer
    return None


def _addresses(line: CustomerLine) -> list[tuple[str, str]]:
    pairs = [(IdentityKind.EMAIL, line.email), (IdentityKind.PHONE, line.phone)]
    return [(kind.value, clean_address(kind, address)) for kind, address in pairs if address]


def _free_slug(name: str) -> str:
    wanted = slugify(name)[:40] or "inbox"
    taken = set(Inbox.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return (
        wanted
        if wanted not in taken
        else next(f"{wanted}-{n}" for n in range(2, 10_000) if f"{wanted}-{n}" not in taken)
    )
