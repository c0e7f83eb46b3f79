"""Replies, notes, drafts; and undoing."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from holdord.conversations import actions
from holdord.conversations.models import Conversation, Kind, Message, Outgoing
from holdord.desk.access import AgentRequest, for_agents
from holdord.desk.forms import WritingForm
from holdord.desk.frame import tell
from holdord.desk.views.conversation import page, visible
from holdord.kernel import clock
from holdord.promises.actions import attach_drafts, give_update
from holdord.promises.queries import reply_leaves_at, with_promises
from holdord.web.faults import refused
from holdord.web.times import Times, zone
from holdord.web.uploads import kept_files

ONE_CLICK = 60
"""Seconds in which the same form sent again is the same message."""


@require_POST
@for_agents
def write(request: AgentRequest, pk: int) -> HttpResponse:
    """Send a reply (it waits out the undo window) or keep a note."""
    conversation, form = visible(request.user, pk), WritingForm(request.POST, request.FILES)
    if not form.is_valid():
        return _back(request, conversation, [str(fault) for faults in form.errors.values() for fault in faults])
    said, now = form.cleaned_data, clock.now()
    newer = _answered_meanwhile(conversation, said["seen"], request.user.pk) if said["kind"] == "reply" else None
    if newer is not None:
        return _back(
            request,
            conversation,
            [_("%(name)s answered while you wrote. Read it, then send yours if it is still right.") % {"name": newer}],
        )
    if said["once"] and not cache.add(f"once:{said['once']}", 1, ONE_CLICK):
        return redirect(conversation)
    try:
        _send(request, conversation, form, now=now)
    except (actions.NoAddress, actions.NothingToSend) as refusal:
        cache.delete(f"once:{said['once']}")
        return _back(request, conversation, [_why(refusal)])
    return redirect(conversation)


def _send(request: AgentRequest, conversation: Conversation, form: WritingForm, *, now: datetime) -> None:
    said = form.cleaned_data
    files = kept_files(said["attached"], now=now)
    if said["kind"] == "note":
        actions.note(conversation, by=request.user, text=said["text"], now=now, files=files)
        tell(request, _("The note is kept. Only the team sees it."))
        return
    seen = Message.objects.filter(conversation=conversation, pk=said["seen"]).first() if said["seen"] else None
    leaves_at = reply_leaves_at(conversation, now=now)
    message = actions.reply(
        conversation,
        by=request.user,
        text=with_promises(said["text"], conversation, by=request.user, now=now),
        seen=seen,
        not_before=leaves_at,
        now=now,
        is_answer=not said["not_the_answer"],
        files=files,
        opened_at=said["opened"],
    )
    attach_drafts(conversation, by=request.user, message=message)
    if said["not_the_answer"]:
        give_update(conversation, message=message, due_at=said["update_by"], now=now)
    tell(
        request,
        _("Sent to %(name)s.")
        % {"name": conversation.customer.name or (message.identity.address if message.identity else "")},
        undo=reverse("desk:undo_reply", args=[conversation.pk, message.pk]),
        seconds=max(1, int((leaves_at - now).total_seconds())),
    )


@require_POST
@for_agents
def draft(request: AgentRequest, pk: int) -> HttpResponse:
    """Keep what is being written; answers with the words for the corner of the composer."""
    conversation = visible(request.user, pk)
    now = clock.now()
    kept = actions.save_draft(conversation, by=request.user, text=request.POST.get("text", "")[:200_000], now=now)
    times = Times(zone(request.user.time_zone), now)
    words = _("Draft saved %(clock)s") % {"clock": times.clock(now)} if kept else ""
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


@require_POST
@for_agents
def undo_reply(request: AgentRequest, pk: int, message_pk: int) -> HttpResponse:
    """Take a reply back before it leaves."""
    conversation = visible(request.user, pk)
    message = get_object_or_404(conversation.messages, pk=message_pk)
    try:
        actions.undo_reply(message, by=request.user, now=clock.now())
    except actions.TooLateToUndo:
        return refused(request, _("Too late: the message has left. Write another one to put it right."))
    tell(request, _("Taken back. Your text is a draft again."))
    return redirect(conversation)


@require_POST
@for_agents
def retry(request: AgentRequest, pk: int, message_pk: int) -> HttpResponse:
    """Send a message again that did not get through."""
    conversation = visible(request.user, pk)
    outgoing = get_object_or_404(Outgoing, message__conversation=conversation, message_id=message_pk)
    actions.retry(outgoing, now=clock.now())
    tell(request, _("It is sent again now."))
    return redirect(conversation)


def _answered_meanwhile(conversation: Conversation, seen: int | None, agent_id: int) -> str | None:
    """Who of the others has answered since this agent's screen was drawn."""
    newer = Message.objects.filter(
        conversation=conversation,
        kind=Kind.OUTBOUND,
        is_automatic=False,
        pk__gt=seen or 0,
        at__gte=clock.now() - timedelta(hours=12),
    )
    name = (
        newer.exclude(author=agent_id).exclude(outgoing__state="undone").values_list("author__name", flat=True).first()
    )
    return str(name) if name else None


def _back(request: AgentRequest, conversation: Conversation, faults: list[str]) -> HttpResponse:
    written = {
        "draft": request.POST.get("text", ""),
        "draft_kind": request.POST.get("kind", "reply"),
        "not_the_answer": bool(request.POST.get("not_the_answer")),
        "faults": faults,
    }
    return page(request, conversation, status=422, written=written)


def _why(refusal: Exception) -> str:
    if isinstance(refusal, actions.NoAddress):
        return _("There is no address to answer to. Call, or write to them another way.")
    return _("Write something first.")
