"""Next up, and the other lists."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from holdord.desk import list_rows
from holdord.desk.access import AgentRequest, for_agents
from holdord.desk.frame import is_fragment, show
from holdord.people.models import Inbox
from holdord.people.queries import team_ids
from holdord.routing.lists import STATUS_OF


@require_safe
@for_agents
def front(request: AgentRequest) -> HttpResponse:
    """The front door leads to what breaks next."""
    return redirect("desk:next")


@require_safe
@for_agents
def next_up(request: AgentRequest) -> HttpResponse:
    """What breaks next."""
    whose = request.GET.get("whose", "mine")
    if whose not in {"mine", "team", "all"} or (whose == "all" and not request.user.leads):
        raise Http404
    return _answer(
        request,
        list_rows.next_up(
            request.user, whose=whose, after=request.GET.get("after", ""), open_number=_open_number(request)
        ),
    )


@require_safe
@for_agents
def conversations(request: AgentRequest, which: str) -> HttpResponse:
    """Mine, team, waiting, snoozed, closed, dismissed."""
    if which not in {"mine", "team", *STATUS_OF}:
        raise Http404
    before, number = request.GET.get("before", ""), _open_number(request)
    return _answer(request, list_rows.conversations(request.user, which=which, before=before, open_number=number))


@require_safe
@for_agents
def inbox(request: AgentRequest, pk: int) -> HttpResponse:
    """What is open in one inbox."""
    box = get_object_or_404(Inbox.objects.filter(team__in=team_ids(request.user)), pk=pk)
    before, number = request.GET.get("before", ""), _open_number(request)
    found = list_rows.conversations(request.user, which="inbox", inbox=box, before=before, open_number=number)
    return _answer(request, found)


def _answer(request: AgentRequest, found: list_rows.List) -> HttpResponse:
    template = "desk/parts/list.html" if is_fragment(request) else "desk/desk.html"
    return show(
        request,
        template,
        {"list": found, "talk": None, "fragment": is_fragment(request)},
        current=found.key,
        counted=True,
    )


def _open_number(request: AgentRequest) -> int:
    number = request.GET.get("open", "")
    return int(number) if number.isdecimal() else 0


def live_elsewhere(request: AgentRequest) -> HttpResponse:
    """The stream of events is served beside these pages; a server without it sends browsers to ask every 30 s."""
    return HttpResponse(status=404)
