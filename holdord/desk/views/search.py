"""Full-text search: a page of its own, and what the command list shows."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from holdord.conversations import search as index
from holdord.conversations.models import Conversation, Kind, Message
from holdord.desk.access import AgentRequest, for_agents
from holdord.desk.frame import is_fragment, show
from holdord.desk.list_rows import CHANNEL_ICONS
from holdord.desk.places import message_address
from holdord.kernel import clock
from holdord.people.models import Agent, Identity
from holdord.people.queries import team_ids
from holdord.web.letters import first_words
from holdord.web.times import Times, zone

PAGE = 30


@dataclass(slots=True)
class Found:
    """One thing that was found."""

    href: str
    icon: str
    title: str
    sub: str
    when: str
    lang: str = ""


@require_safe
@for_agents
def search(request: AgentRequest) -> HttpResponse:
    """Everything that holds the words, newest first."""
    sought = request.GET.get("q", "").strip()
    before = request.GET.get("before", "")
    found, last = _find(request.user, sought, before=int(before) if before.isdecimal() else None) if sought else ([], 0)
    if is_fragment(request):
        template = "desk/parts/found.html" if sought else "desk/parts/commands.html"
        return show(request, template, {"found": found[:8], "q": sought})
    more = f"?q={sought}&before={last}" if len(found) >= PAGE else ""
    return show(request, "desk/search.html", {"found": found, "q": sought, "more": more}, current="search")


def _find(agent: Agent, sought: str, *, before: int | None) -> tuple[list[Found], int]:
    times = Times(zone(agent.time_zone), clock.now())
    found = [] if before else [*_by_number(agent, sought, times), *_by_address(agent, sought, times)]
    ids = index.find(sought, team_ids=team_ids(agent), most=PAGE, before=before)
    rows = Message.objects.filter(pk__in=ids).values_list(
        "pk", "conversation_id", "conversation__subject", "conversation__language", "channel", "text", "at",
        "conversation__customer__name", "identity__address", "kind", "author__name",
    )  # fmt: skip
    for pk, number, subject, language, channel, text, at, name, sender, kind, author in sorted(rows, reverse=True):
        href = message_address(number, pk)
        who = _who(kind, author or "", name or sender or "")
        words = f"{who}: {first_words(text)}" if who else first_words(text)
        found.append(
            Found(
                href, CHANNEL_ICONS.get(channel, "mail"), subject or _("(no subject)"), words, times.short(at), language
            )
        )
    return found, min(ids, default=0)


def _who(kind: str, author: str, customer: str) -> str:
    """Who wrote a message: the agent what we sent or noted, the customer the rest."""
    if kind == Kind.NOTE:
        return _("Note by %(name)s") % {"name": author}
    return customer if kind == Kind.INBOUND else author


def _by_number(agent: Agent, sought: str, times: Times) -> list[Found]:
    digits = sought.removeprefix("#")
    if not digits.isdecimal() or len(digits) > 12:
        return []
    rows = Conversation.objects.visible_to(agent).filter(pk=int(digits))
    return _conversations(rows, times)


def _by_address(agent: Agent, sought: str, times: Times) -> list[Found]:
    if "@" not in sought:
        return []
    customers = Identity.objects.filter(address__startswith=sought.lower()).values_list("customer_id", flat=True)[:5]
    rows = Conversation.objects.visible_to(agent).filter(customer__in=list(customers)).order_by("-changed_at")[:8]
    return _conversations(rows, times)


def _conversations(rows: QuerySet[Conversation], times: Times) -> list[Found]:
    values = rows.values_list("pk", "subject", "language", "channel", "changed_at", "customer__name")
    return [
        Found(
            reverse("desk:conversation", args=[pk]),
            CHANNEL_ICONS.get(channel, "mail"),
            f"#{pk} {subject}".strip(),
            name,
            times.short(changed_at),
            language,
        )
        for pk, subject, language, channel, changed_at, name in values
    ]
