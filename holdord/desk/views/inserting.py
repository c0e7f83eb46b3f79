"""Prepared replies and articles, to be put into the text that is being written."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdord.conversations.models import Conversation
from holdord.desk.access import AgentRequest, for_agents
from holdord.desk.frame import is_fragment, show
from holdord.desk.views.conversation import visible
from holdord.kernel import clock
from holdord.knowledge.models import Edition, Kind
from holdord.knowledge.queries import found, public_editions, running_incidents
from holdord.people.models import Agent
from holdord.web.letters import first_words
from holdord.web.written import plain

_MOST: Final = 20


@dataclass(slots=True)
class Insertable:
    """One text: its title, how it begins, and what is put into the reply."""

    title: str
    begins: str
    text: str


@require_safe
@for_agents
def insertable(request: AgentRequest, pk: int) -> HttpResponse:
    """What is published in the customer's language, the best matches first."""
    conversation = visible(request.user, pk)
    sought = request.GET.get("q", "").strip()[:200]
    replies, articles = (_of(conversation, kind, sought) for kind in (Kind.REPLY, Kind.ARTICLE))
    context = {
        "href": request.path,
        "number": conversation.pk,
        "lang": conversation.language,
        "sought": sought,
        "replies": [_reply(edition, conversation, request.user) for edition in replies],
        "articles": [_article(edition, conversation) for edition in [*_going_on(conversation, sought), *articles]],
        "may_write": request.user.leads,
    }
    template = "desk/parts/insert_text.html" if is_fragment(request) else "desk/insert_text.html"
    return show(request, template, context)


def _of(conversation: Conversation, kind: Kind, sought: str) -> list[Edition]:
    editions = public_editions(kind, conversation.inbox, conversation.language)
    return found(editions, sought, most=_MOST) if sought else list(editions[:_MOST])


def _going_on(conversation: Conversation, sought: str) -> list[Edition]:
    """The known incidents that go on; those that match, where something is sought."""
    going_on = running_incidents(conversation.inbox, conversation.language, now=clock.now())
    if not sought or not going_on:
        return going_on
    keys = [edition.pk for edition in going_on]
    return found(Edition.objects.filter(pk__in=keys).select_related("document"), sought, most=_MOST)


def _reply(edition: Edition, conversation: Conversation, agent: Agent) -> Insertable:
    words = {
        "{name}": conversation.customer.name.partition(" ")[0],
        "{number}": str(conversation.pk),
        "{agent}": agent.name.partition(" ")[0],
    }
    text = edition.public_text
    for place, word in words.items():
        text = text.replace(place, word)
    return Insertable(edition.public_title, first_words(text), text)


def _article(edition: Edition, conversation: Conversation) -> Insertable:
    view = "portal:incident" if edition.document.kind == Kind.INCIDENT else "portal:article"
    place = reverse(view, args=[conversation.inbox.slug, edition.document_id])
    text = f"{edition.public_title}: {settings.PUBLIC_URL}{place}?lang={edition.language}"
    return Insertable(edition.public_title, first_words(plain(edition.public_text)), text)
