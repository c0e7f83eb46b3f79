"""Replies, notes, drafts; and undoing."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from holdord.conversations import actions
from holdord.conversations.models import Conversation, Kind, Message, Outgoing
from holdord.desk import guarding
from holdord.desk.access import AgentRequest, for_agents
from holdord.desk.forms import WritingForm
from holdord.desk.frame import tell
from holdord.desk.views.conversation import page, visible
from holdord.history.finding import Find
from holdord.history.rows import LookUp
from holdord.kernel import clock
from holdord.listening.guard import Flag, Level, worst
from holdord.promises.actions import NoLongerHolds, attach_drafts, give_update
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
    newer = _came_meanwhile(conversation, said["seen"], request.user.pk) if said["kind"] == "reply" else None
    if newer is not None:
        return _back(request, conversation, [newer])
    draft = draft_in(request, said["text"], files=len(said["attached"]))
    flags = _flags(request, conversation, draft, now=now) if said["kind"] == "reply" else None
    if flags is not None and _is_held_back(flags, form):
        drawn = guarding.panel(conversation, draft, flags, now=now, reason=said["guard_reason"])
        return _back(request, conversation, [_why_held_back(drawn)], guard=drawn)
    if said["once"] and not cache.add(f"once:{said['once']}", 1, ONE_CLICK):
        return redirect(conversation)
    try:
        _send(request, conversation, form, flags, now=now)
    except (actions.NoAddress, actions.NothingToSend) as refusal:
        cache.delete(f"once:{said['once']}")
        return _back(request, conversation, [_why(refusal)])
    except BaseException:
        cache.delete(f"once:{said['once']}")  # nothing was sent: the same form may come again
        raise
    return redirect(conversation)


def _flags(
    request: AgentRequest, conversation: Conversation, draft: guarding.Draft, *, now: datetime
) -> list[Flag] | None:
    """What the guard says of a reply; None when it failed: then the agent is told."""
    try:
        return guarding.look(conversation, draft, now=now)
    except guarding.CouldNotLook:
        tell(request, _("Nobody looked over your reply: the check failed."))
        return None


def _is_held_back(flags: list[Flag], form: WritingForm) -> bool:
    """Whether a reply comes back to its author: a stop until they gave a reason, an ask until they clicked."""
    level = worst(flags)
    if level is Level.STOP:
        return not form.cleaned_data["guard_reason"]
    return level is Level.ASK and not form.cleaned_data["send_anyway"]


def _why_held_back(drawn: guarding.GuardPanel) -> str:
    if drawn.level == "stop":
        return _("This is not sent as it stands. Mend what is marked, or say why it must be sent so.")
    return _("Look at what is marked, then send it.")


def _send(
    request: AgentRequest,
    conversation: Conversation,
    form: WritingForm,
    flags: list[Flag] | None,
    *,
    now: datetime,
) -> None:
    said = form.cleaned_data
    files = kept_files(said["attached"], now=now)
    if said["kind"] == "note":
        actions.note(conversation, by=request.user, text=said["text"], now=now, files=files)
        tell(request, _("The note is kept. Only the team sees it."))
        return
    seen = _SEEN.first(conversation.pk, said["seen"]) if said["seen"] else None
    leaves_at = reply_leaves_at(conversation, now=now)
    text = with_promises(said["text"], conversation, by=request.user, now=now)
    # The reply goes with what it promises, or not at all; and the disk is waited for once.
    with transaction.atomic():
        message = actions.reply(
            conversation,
            by=request.user,
            text=text,
            seen=seen,
            not_before=leaves_at,
            now=now,
            is_answer=not said["not_the_answer"],
            files=files,
            opened_at=said["opened"],
        )
        attach_drafts(conversation, by=request.user, message=message)
        if stopped := [flag.slip.value for flag in flags or () if flag.level is Level.STOP]:
            actions.send_anyway(message, slips=stopped, reason=said["guard_reason"], by=request.user, now=now)
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
    if request.POST.get("kind", "reply") == "reply":
        actions.agent_types(conversation, by=request.user, now=now)
    kept = actions.save_draft(conversation, by=request.user, text=request.POST.get("text", "")[:200_000], now=now)
    times = Times(zone(request.user.time_zone), now)
    words = _("Draft saved %(clock)s") % {"clock": times.clock(now)} if kept else ""
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


@require_POST
@for_agents
def look_over(request: AgentRequest, pk: int) -> HttpResponse:
    """The guard's margin for what is being written; asked for while the agent types."""
    conversation, now = visible(request.user, pk), clock.now()
    files = request.POST.get("files", "")
    written = draft_in(request, request.POST.get("text", ""), files=int(files) if files.isdecimal() else 0)
    drawn, failed = guarding.GuardPanel("", "", []), False
    if request.POST.get("kind", "reply") == "reply" and written.text.strip():
        try:
            flags = guarding.look(conversation, written, now=now)
            drawn = guarding.panel(conversation, written, flags, now=now, reason=request.POST.get("guard_reason", ""))
        except guarding.CouldNotLook:
            failed = True
    context = {"guard": drawn, "failed": failed, "capture_href": reverse("desk:capture", args=[pk])}
    return render(request, "desk/parts/margin.html", context)


def draft_in(request: AgentRequest, text: str, *, files: int = 0) -> guarding.Draft:
    """What is written, as the field holds it: forms are sent with CRLF."""
    is_update = bool(request.POST.get("not_the_answer"))
    return guarding.Draft(text.replace("\r\n", "\n"), request.user, files, is_update=is_update)


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
    try:
        actions.retry(outgoing, now=clock.now())
    except NoLongerHolds as gone:
        words = _("Not sent: it promises “%(what)s” at a time that no longer holds. Write another reply.")
        return refused(request, words % {"what": gone.what})
    tell(request, _("It is sent again now."))
    return redirect(conversation)


def _came_meanwhile(conversation: Conversation, seen: int | None, agent_id: int) -> str | None:
    """What to say when somebody wrote since this agent's screen was drawn: the customer, or one of us."""
    newer = _NEWER if seen is not None else _NEWER_TO_THE_CUSTOMER
    found = newer.row(conversation.pk, seen or 0, agent_id, clock.now() - _RECENT)
    if found is None:
        return None
    kind, name = found
    if kind == Kind.INBOUND:
        return _("The customer wrote while you did. Read it, then send yours if it is still right.")
    if kind == Kind.NOTE:
        return _("%(name)s wrote a note while you wrote. Read it, then send yours if it is still right.") % {
            "name": name
        }
    return _("%(name)s answered while you wrote. Read it, then send yours if it is still right.") % {"name": name}


_RECENT = timedelta(hours=12)
_SEEN = Find(lambda conversation, pk: Message.objects.filter(conversation=conversation, pk=pk), int, int)


def _newer(**more: str) -> LookUp:
    return LookUp(
        lambda conversation, seen, agent, since: (
            Message.objects.filter(
                conversation=conversation, is_automatic=False, machine="", pk__gt=seen, at__gte=since, **more
            )
            .exclude(author=agent)
            .exclude(outgoing__state="undone")
            .order_by("pk")
            .values_list("kind", "author__name")[:1]
        ),
        int,
        int,
        int,
        datetime,
    )


_NEWER, _NEWER_TO_THE_CUSTOMER = _newer(), _newer(kind="outbound")


def _back(
    request: AgentRequest, conversation: Conversation, faults: list[str], *, guard: guarding.GuardPanel | None = None
) -> HttpResponse:
    written = {
        "guard": guard,
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
