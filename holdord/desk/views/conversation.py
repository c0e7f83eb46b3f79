"""An open conversation."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from holdord.channels.passing import let_pass_until
from holdord.conversations.actions.chatting import HERE, TYPING
from holdord.conversations.models import Conversation, Participant, Presence
from holdord.desk import customer_rows, list_rows, message_rows, talk_rows
from holdord.desk.access import AgentRequest, for_agents
from holdord.desk.frame import is_fragment, show
from holdord.history.finding import Find
from holdord.kernel import clock
from holdord.people.models import Agent, Role
from holdord.promises.models import Promise
from holdord.web.previews import preview_token
from holdord.web.times import Times, active_language, zone


@require_safe
@for_agents
def conversation(request: AgentRequest, pk: int) -> HttpResponse:
    """The conversation, the customer beside it, and, on a whole page, the list it is in."""
    return page(request, visible(request.user, pk))


def page(
    request: AgentRequest, found: Conversation, *, status: int = 200, written: dict[str, Any] | None = None
) -> HttpResponse:
    """The page of a conversation; `written` is what came back with a fault and must not be lost."""
    times = Times(zone(found.inbox.time_zone), clock.now(), active_language())
    promises = _PROMISES.all(found.pk)
    wish = message_rows.Wish(
        before=_number(request, "before"),
        opened=_number(request, "message"),
        everything=request.GET.get("all") == "1",
        as_sent=_number(request, "as_sent"),
        pictures=request.GET.get("pictures") == "1",
    )
    thread = message_rows.thread(found, times, wish, promises)
    talk = talk_rows.talk(found, request.user, times, thread, promises)
    for name, value in (written or {}).items():
        setattr(talk, name, value)
    fragment = is_fragment(request)
    context = {
        "talk": talk,
        "customer": customer_rows.panel(found, times, promises),
        "list": _list(request, found, fragment=fragment),
        "fragment": fragment,
    }
    template = "desk/parts/talk_fragment.html" if fragment else "desk/desk.html"
    return show(request, template, context, current="next", status=status)


def visible(agent: Agent, pk: int) -> Conversation:
    """The conversation, if this agent may see it. Raises Http404, or PermissionDenied for one of other people."""
    found = _ANY.first(pk) if agent.is_administrator else _VISIBLE.first(pk, agent.pk)
    if found is None:
        if Conversation.objects.filter(pk=pk).exists():
            raise PermissionDenied
        raise Http404
    return found


def _visible(pk: int, agent: Agent) -> QuerySet[Conversation]:
    rows = Conversation.objects.select_related(
        "inbox", "team", "owner", "customer__organisation", "closing_proposed_by"
    )
    return rows.visible_to(agent).filter(pk=pk)


_ANY = Find(lambda pk: _visible(pk, Agent(role=Role.ADMINISTRATOR)), int)
_VISIBLE = Find(lambda pk, agent: _visible(pk, Agent(pk=agent)), int, int)
_PROMISES = Find(
    lambda conversation: (
        Promise.objects.filter(conversation=conversation)
        .select_related("owner", "team")
        .order_by("-given_at", "-pk")[:12]
    ),
    int,
)


@require_safe
@for_agents
def case_page(request: AgentRequest, pk: int) -> HttpResponse:
    """What the customer sees, to look at and not to act in: the customer's own link stays the customer's."""
    found = visible(request.user, pk)
    participant = Participant.objects.filter(conversation=found, is_customer=True).first()
    if participant is None:
        raise Http404
    return redirect("portal:case", preview_token(participant))


@require_safe
@for_agents
def visitor(request: AgentRequest, pk: int) -> HttpResponse:
    """Whether the visitor of a chat is there, and types."""
    found, now = visible(request.user, pk), clock.now()
    presence = Presence.objects.filter(conversation=found).first()
    if presence is None:
        return HttpResponse("")
    if presence.typed_at and now - presence.typed_at < TYPING:
        words = _("is writing …")
    elif now - presence.seen_at < HERE:
        words = _("is here")
    else:
        left = Times(zone(request.user.time_zone), now).when(presence.seen_at)
        words = _("left %(when)s") % {"when": left}
    return HttpResponse(escape(words), content_type="text/html; charset=utf-8")


@require_POST
@for_agents
def move_clock(request: AgentRequest) -> HttpResponse:
    """Move the demo's clock on; there is no such thing in production."""
    if not clock.can_be_moved():
        raise Http404
    minutes = request.POST.get("minutes", "")
    if minutes.isdecimal():
        let_pass_until(clock.now() + timedelta(minutes=min(int(minutes), 60 * 24 * 14)))
    return redirect(request.headers.get("Referer") or "desk:next")


def _list(request: AgentRequest, found: Conversation, *, fragment: bool) -> list_rows.List:
    if fragment:
        # The list on the screen stays as it is: only its address is needed, for the way back.
        return list_rows.bare()
    return list_rows.next_up(request.user, whose="mine", open_number=found.pk)


def _number(request: AgentRequest, name: str) -> int:
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() else 0
