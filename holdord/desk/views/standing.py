"""Who answers for a conversation, and where it stands: take, hand over, snooze, close, dismiss; and back."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from holdord.conversations import actions
from holdord.conversations.actions.standing import NotLater, TakenByAnother
from holdord.conversations.models import DismissalReason, Message, Participant
from holdord.desk.access import AgentRequest, for_agents
from holdord.desk.forms import HandOverForm, ReasonForm, SnoozeForm
from holdord.desk.frame import is_fragment, show, tell
from holdord.desk.talk_rows import receivers
from holdord.desk.views.conversation import visible
from holdord.kernel import clock
from holdord.people.actions import block_sender
from holdord.people.models import Agent, Team
from holdord.promises.queries import reply_leaves_at
from holdord.web.faults import refused
from holdord.web.times import Times, zone


@require_POST
@for_agents
def take(request: AgentRequest, pk: int) -> HttpResponse:
    """Answer for it from now on."""
    conversation = visible(request.user, pk)
    try:
        actions.take(conversation, by=request.user, now=clock.now())
    except TakenByAnother as other:
        return refused(request, _("%(name)s was first and has it now.") % {"name": other.owner.name})
    tell(request, _("It is yours now."))
    return redirect(conversation)


@require_http_methods(["GET", "POST"])
@for_agents
def hand_over(request: AgentRequest, pk: int) -> HttpResponse:
    """Give it to another person or team, with what they need to know."""
    conversation, form = visible(request.user, pk), HandOverForm(request.POST)
    if request.method == "GET":
        template = "desk/parts/hand_over.html" if is_fragment(request) else "desk/hand_over.html"
        return show(request, template, {"href": request.path, "number": pk, "receivers": receivers(request.user)})
    if not form.is_valid():
        return refused(request, _("Say to whom, and what they need to know."), status=422)
    kind, first, *rest = form.cleaned_data["to"].split("-")
    agent = get_object_or_404(Agent, pk=first, is_active=True) if kind == "agent" else None
    team = get_object_or_404(Team, pk=rest[0] if rest else first)
    actions.hand_over(
        conversation, by=request.user, to_team=team, to_agent=agent, context=form.cleaned_data["why"], now=clock.now()
    )
    tell(request, _("Handed over to %(name)s.") % {"name": agent.name if agent else team.name})
    still_seen = type(conversation).objects.visible_to(request.user).filter(pk=pk).exists()
    return redirect(conversation) if still_seen else _away(request)


@require_POST
@for_agents
def snooze(request: AgentRequest, pk: int) -> HttpResponse:
    """Out of sight until a time."""
    conversation = visible(request.user, pk)
    times = Times(zone(conversation.inbox.time_zone), clock.now())
    form = SnoozeForm(request.POST, zone=times.zone)
    try:
        if not form.is_valid():
            raise NotLater
        actions.snooze(conversation, by=request.user, until=form.cleaned_data["until"], now=clock.now())
    except NotLater:
        return refused(request, _("Choose a time that is still to come."), status=422)
    until = times.when(form.cleaned_data["until"])
    tell(request, _("Snoozed until %(until)s.") % {"until": until}, undo=reverse("desk:wake", args=[pk]))
    return redirect(conversation)


@require_POST
@for_agents
def wake(request: AgentRequest, pk: int) -> HttpResponse:
    """Back before its time."""
    conversation = visible(request.user, pk)
    actions.wake(conversation, by=request.user, now=clock.now())
    return redirect(conversation)


@require_POST
@for_agents
def closing(request: AgentRequest, pk: int) -> HttpResponse:
    """Close it, with a reason the customer gets."""
    conversation, form, now = visible(request.user, pk), ReasonForm(request.POST), clock.now()
    seen = Message.objects.filter(conversation=conversation).order_by("-pk").first()
    try:
        if not form.is_valid():
            raise actions.CannotClose("reason")
        actions.close(
            conversation,
            by=request.user,
            reason=form.cleaned_data["reason"],
            seen=seen,
            not_before=reply_leaves_at(conversation, now=now),
            now=now,
        )
    except actions.CannotClose as refusal:
        return refused(request, _why_not(refusal.why), status=422)
    except actions.NoAddress:
        return refused(request, _("The reason cannot reach the customer: there is no address to write to."), status=422)
    tell(request, _("Closed, and the customer is told."), undo=reverse("desk:reopening", args=[pk]))
    return redirect(conversation)


@require_POST
@for_agents
def reopening(request: AgentRequest, pk: int) -> HttpResponse:
    """Open it again; also the answer to a proposal to leave it closed."""
    conversation = visible(request.user, pk)
    if conversation.closing_proposed_by_id:
        actions.not_only_thanks(conversation, by=request.user, now=clock.now())
    else:
        actions.reopen(conversation, by=request.user, now=clock.now())
    tell(request, _("It is open again."))
    return redirect(conversation)


@require_POST
@for_agents
def leave_closed(request: AgentRequest, pk: int) -> HttpResponse:
    """After "thanks!" nothing is left to do."""
    conversation = visible(request.user, pk)
    try:
        actions.leave_closed(conversation, by=request.user, now=clock.now())
    except actions.CannotClose as refusal:
        return refused(request, _why_not(refusal.why), status=422)
    tell(request, _("It stays closed. A word from the customer opens it again."))
    return redirect(conversation)


@require_POST
@for_agents
def dismissal(request: AgentRequest, pk: int) -> HttpResponse:
    """Not for us: nobody gets a mail, and it can be taken back."""
    conversation, kind = visible(request.user, pk), request.POST.get("kind", "")
    if kind not in DismissalReason.values:
        raise Http404
    actions.dismiss(conversation, by=request.user, reason=DismissalReason(kind), now=clock.now())
    tell(request, _("Dismissed. Nobody got a mail."), undo=reverse("desk:dismissal_undo", args=[pk]))
    return redirect(conversation)


@require_POST
@for_agents
def dismissal_undo(request: AgentRequest, pk: int) -> HttpResponse:
    """It was for us after all."""
    conversation = visible(request.user, pk)
    actions.undo_dismissal(conversation, by=request.user, now=clock.now())
    tell(request, _("It is back, and its answer is owed again."))
    return redirect(conversation)


@require_POST
@for_agents
def block(request: AgentRequest, pk: int) -> HttpResponse:
    """Dismiss it as spam, and all that this sender sends from now on."""
    conversation, address = visible(request.user, pk), request.POST.get("address", "")
    if not conversation.participants.filter(identity__address=address.lower()).exists():
        raise Http404
    now = clock.now()
    block_sender(address, inbox=conversation.inbox, by=request.user, now=now)
    actions.dismiss(conversation, by=request.user, reason=DismissalReason.SPAM, now=now)
    tell(
        request,
        _("Dismissed, and %(address)s is blocked. Administrators can let them in again.") % {"address": address},
    )
    return redirect(conversation)


@require_POST
@for_agents
def new_link(request: AgentRequest, pk: int) -> HttpResponse:
    """Make the customer's case link worthless; our next mail carries a new one."""
    conversation = visible(request.user, pk)
    for participant in Participant.objects.filter(conversation=conversation, is_customer=True):
        actions.replace_case_link(participant, by=request.user, now=clock.now())
    tell(request, _("The old link is useless now. Our next mail carries a new one."))
    return redirect(conversation)


def _away(request: AgentRequest) -> HttpResponse:
    response = HttpResponse(status=204) if request.headers.get("HX-Request") else redirect("desk:next")
    response["HX-Redirect"] = reverse("desk:next")
    return response


def _why_not(why: str) -> str:
    return {
        "reason": _("Write the reason: the customer gets it."),
        "unsent": _("An answer to the customer has not left yet. Wait for it, or undo it, then close."),
        "promised": _("A promise still runs. Keep it or move it first."),
        "closed": _("It is closed already."),
    }.get(why, _("It cannot be closed now."))
