"""The lead's board, and what is decided on it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdord.conversations import actions as conversations
from holdord.desk.access import AgentRequest, for_agents
from holdord.desk.board import moving, sharing, telling
from holdord.desk.board.cards import under_way_rows
from holdord.desk.board.loads import Carrier, carriers_of, closing_of
from holdord.desk.board.rows import board as rows_of_board
from holdord.desk.frame import is_fragment, show, tell
from holdord.desk.promise_forms import in_agents_words
from holdord.desk.views.conversation import visible
from holdord.kernel import clock
from holdord.people.models import Agent, Inbox, Membership
from holdord.people.queries import team_ids
from holdord.promises import actions
from holdord.promises.models import Pool, Promise, Telling
from holdord.promises.queries import terms_of
from holdord.promises.queries.board import carried_by, progress_of
from holdord.promises.rules import PoolKind
from holdord.web.faults import refused
from holdord.web.times import Times, zone

View = Callable[..., HttpResponse]


def for_leads(view: View) -> View:
    """Only who leads: the board of an agent is to be read."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.leads:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return for_agents(guarded)


@require_safe
@for_agents
def board(request: AgentRequest) -> HttpResponse:
    """What is at risk, and what would save it."""
    team = request.GET.get("team", "")
    times = Times(zone(request.user.time_zone), clock.now())
    drawn = rows_of_board(request.user, times, team_id=_key(team))
    template = "desk/parts/board.html" if is_fragment(request) else "desk/board.html"
    return show(request, template, {"board": drawn}, current="board", counted=True)


@require_POST
@for_leads
def assign(request: AgentRequest, pk: int) -> HttpResponse:
    """Give a conversation to a colleague of its team who has the time."""
    conversation, to = visible(request.user, pk), request.POST.get("to", "")
    members = Membership.objects.filter(team=conversation.team_id).values("agent")
    agent = get_object_or_404(Agent, Q(pk__in=members), pk=_key(to), is_active=True)
    conversations.hand_over(
        conversation,
        by=request.user,
        to_team=conversation.team,
        to_agent=agent,
        context=_("Given on the board: its promise is at risk, and you have the time."),
        now=clock.now(),
    )
    tell(request, _("Handed over to %(name)s.") % {"name": agent.name})
    return redirect("desk:board")


@require_http_methods(["GET", "POST"])
@for_agents
def move_promise(request: AgentRequest, pk: int, promise_pk: int) -> HttpResponse:
    """Move one promise and tell its customer."""
    visible(request.user, pk)
    running = Promise.objects.running().select_related("conversation__inbox", "conversation__customer", "unfit_in")
    promise, now = get_object_or_404(running, pk=promise_pk, conversation=pk), clock.now()
    if request.method == "GET":
        return _move_sheet(request, promise, request.GET.dict(), now=now)
    form = moving.MoveForm(request.POST, promise=promise)
    said = request.POST.dict()
    if "show" in request.POST:
        return _move_sheet(request, promise, said, now=now)
    time = form.time() if form.is_valid() else None
    if time is None:
        return _move_sheet(request, promise, said, now=now, faults=_faults(form))
    text, reason = form.cleaned_data["text"], form.cleaned_data["reason"]
    if moving.same(text, form.cleaned_data["drafted"]):
        text = moving.letter(promise, time, reason=reason, now=now)
    elif missing := moving.says_when(text, promise, time, now=now):
        fault = _("The letter must say the new time: “%(words)s”.") % {"words": missing}
        return _move_sheet(request, promise, said, now=now, faults=[fault])
    try:
        moved = actions.move_with_letter(
            promise,
            time,
            reason=reason,
            text=text,
            by=request.user,
            override_reason=form.cleaned_data["override_reason"],
            now=now,
        )
    except actions.NoCapacity as full:
        return _no_room(request, promise, said, full, now=now)
    except actions.NoTime:
        return _move_sheet(
            request, promise, said, now=now, faults=[_("Choose a time after the one that was promised.")]
        )
    except conversations.NoAddress:
        words = _("There is no address to write to. Call them, and promise by phone.")
        return _move_sheet(request, promise, said, now=now, faults=[words])
    except actions.NotAllowed:
        return refused(request, _("Only a lead can promise what the pool has no room for."))
    except actions.AlreadySettled:
        return refused(request, _("Its time has passed: it was not kept. Write to the customer what happens now."))
    undo = reverse("desk:undo_reply", args=[pk, moved.told_by_id]) if moved.told_by_id else ""
    tell(request, _("Moved, and the customer is told."), undo=undo)
    return _done(request, "desk:board") if said.get("back") == "board" else _done(request, "desk:conversation", pk)


def _no_room(
    request: AgentRequest, promise: Promise, said: dict[str, str], full: actions.NoCapacity, *, now: datetime
) -> HttpResponse:
    if full.earliest is None:
        fault = _("This cannot be promised: no time is known to hold.")
    else:
        words = in_agents_words(full.earliest, terms_of(promise), promise.conversation, now=now)
        fault = _("That time does not hold. The earliest that does: %(when)s.") % {"when": words}
    return _move_sheet(request, promise, said, now=now, faults=[fault], may_override=True)


def _move_sheet(
    request: AgentRequest,
    promise: Promise,
    said: dict[str, str],
    *,
    now: datetime,
    faults: list[str] | None = None,
    may_override: bool = False,
) -> HttpResponse:
    drawn = moving.sheet(
        promise,
        said,
        href=request.path,
        now=now,
        faults=faults or [],
        may_override=request.user.leads and (may_override or bool(said.get("override_reason"))),
    )
    return _sheet(request, "move_promise", {"move": drawn, "back": said.get("back", "")}, faults)


@require_http_methods(["GET", "POST"])
@for_leads
def tell_pool(request: AgentRequest, pk: int) -> HttpResponse:
    """Let everybody be told whose promise no longer fits into a pool."""
    pool, now = _pool(request.user, pk), clock.now()
    if request.method == "GET" or "show" in request.POST:
        asked = request.POST if request.method == "POST" else request.GET
        chosen = asked.getlist("choices") if "reason" in asked else None
        return _tell_sheet(request, pool, asked.get("reason", ""), chosen, now=now)
    form = telling.TellForm(request.POST)
    if not form.is_valid():
        chosen = request.POST.getlist("choices")
        return _tell_sheet(request, pool, request.POST.get("reason", ""), chosen, now=now, faults=_faults(form))
    try:
        begun = actions.begin_telling(
            pool, reason=form.cleaned_data["reason"], choices=form.offered(pool), by=request.user, now=now
        )
    except actions.NobodyToTell:
        return refused(request, _("Everything fits again, or everybody is being told already."))
    return _done(request, "desk:telling", begun.pk)


def _tell_sheet(
    request: AgentRequest,
    pool: Pool,
    reason: str,
    chosen: list[str] | None,
    *,
    now: datetime,
    faults: list[str] | None = None,
) -> HttpResponse:
    drawn = telling.sheet(pool, href=request.path, reason=reason, chosen=chosen, now=now, faults=faults or [])
    return _sheet(request, "tell_pool", {"sheet": drawn}, faults)


@require_safe
@for_leads
def show_telling(request: AgentRequest, pk: int) -> HttpResponse:
    """How far a telling is, and who could not be told."""
    found = get_object_or_404(Telling.objects.select_related("pool", "by"), pk=pk)
    _pool(request.user, found.pool_id)
    times = Times(zone(request.user.time_zone), clock.now())
    context = {
        "telling": found,
        "begun": times.when(found.begun_at),
        "progress": under_way_rows(progress_of([found])),
        "not_told": telling.not_told(found),
    }
    template = "desk/parts/telling.html" if is_fragment(request) else "desk/telling.html"
    return show(request, template, context, current="board")


@require_http_methods(["GET", "POST"])
@for_leads
def share_out(request: AgentRequest, pk: int) -> HttpResponse:
    """Share out the work that one agent can't do in time."""
    keys, now = team_ids(request.user), clock.now()
    until = closing_of(list(Inbox.objects.filter(team__in=keys).order_by("pk")), now=now)
    carriers = carriers_of(keys, now=now, until=until)
    carrier = next((each for each in carriers if each.agent_id == pk), None)
    if carrier is None:
        raise Http404
    if request.method == "POST":
        return _hand_out(request, carrier, carriers, now=now)
    times = Times(zone(request.user.time_zone), now)
    rows = sharing.proposal(carrier, carriers, carried_by(pk, keys, until=until), times)
    return _share_sheet(request, carrier, rows)


def _share_sheet(request: AgentRequest, carrier: Carrier, rows: list[sharing.Choose]) -> HttpResponse:
    words = _("%(name)s owes %(owed)s minutes and has %(has)s.") % {
        "name": carrier.name,
        "owed": carrier.owed,
        "has": carrier.has,
    }
    title = _("Share out the work of %(name)s") % {"name": carrier.first_name}
    why = _("Shared out on the board, so that it is answered in time.")
    context = {"href": request.path, "title": title, "words": words, "rows": rows, "why": why}
    return _sheet(request, "share_out", context, None)


def _hand_out(request: AgentRequest, carrier: Carrier, carriers: list[Carrier], *, now: datetime) -> HttpResponse:
    people = Agent.objects.in_bulk([each.agent_id for each in carriers if each.agent_id != carrier.agent_id])
    given = {
        _key(name.removeprefix("to-")): people[_key(value)]
        for name, value in request.POST.dict().items()
        if _key(name.removeprefix("to-")) and _key(value) in people
    }
    why = request.POST.get("why", "").strip()
    if not why:
        return refused(request, _("Say to whom, and what they need to know."), status=422)
    owner = get_object_or_404(Agent, pk=carrier.agent_id)
    number = sharing.hand_out(owner, given, why=why, by=request.user, now=now) if given else 0
    words = ngettext("One conversation is handed over.", "%(number)s conversations are handed over.", number)
    tell(request, words % {"number": number} if number else _("Nothing was handed over."))
    return _done(request, "desk:board")


def _pool(agent: Agent, pk: int) -> Pool:
    """A counted pool of everybody's, or of a team that this agent sees."""
    counted = Pool.objects.exclude(kind=PoolKind.MINUTES)
    return get_object_or_404(counted.filter(Q(team__isnull=True) | Q(team__in=team_ids(agent))), pk=pk)


def _key(text: str) -> int:
    """A key that came with a request; 0, which no row has, for what can't be one."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _faults(form: Any) -> list[str]:
    return [str(fault) for faults in form.errors.values() for fault in faults]


def _sheet(request: AgentRequest, name: str, context: dict[str, Any], faults: list[str] | None) -> HttpResponse:
    """A sheet in a dialog, or as a page of its own; what comes back with a fault changes the sheet alone."""
    template = f"desk/parts/{name}.html" if is_fragment(request) else f"desk/{name}.html"
    drawn = {**context, "fragment": is_fragment(request)}
    return show(request, template, drawn, current="board", status=422 if faults else 200)


def _done(request: AgentRequest, view: str, *arguments: int) -> HttpResponse:
    """On to the next page, from a dialog too."""
    if not is_fragment(request):
        return redirect(view, *arguments)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse(view, args=arguments)
    return response
