"""Promises that agents give, keep and let go."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from holdord.conversations.actions import save_draft
from holdord.conversations.models import Conversation
from holdord.desk import capturing
from holdord.desk.access import AgentRequest, for_agents
from holdord.desk.frame import is_fragment, show, tell
from holdord.desk.promise_forms import (
    KINDS,
    PromiseForm,
    chosen_of,
    in_agents_words,
    kind_words,
    offered_times,
)
from holdord.desk.views.conversation import visible
from holdord.desk.views.writing import draft_in
from holdord.kernel import clock
from holdord.promises import actions, wording
from holdord.promises.actions import Given, NoCapacity, NoTime
from holdord.promises.models import Promise
from holdord.promises.rules import Kind, Source
from holdord.web.faults import refused


@require_http_methods(["GET", "POST"])
@for_agents
def promise(request: AgentRequest, pk: int) -> HttpResponse:
    """Promise something: in the reply being written, or as it was said on the phone."""
    conversation, now = visible(request.user, pk), clock.now()
    if request.method == "GET":
        return _sheet(request, conversation, request.GET.dict(), now=now)
    form = PromiseForm(request.POST, conversation=conversation)
    if "show" in request.POST:
        return _sheet(request, conversation, request.POST.dict(), now=now)
    if not form.is_valid():
        faults = [str(fault) for faults in form.errors.values() for fault in faults]
        return _sheet(request, conversation, request.POST.dict(), now=now, faults=faults)
    try:
        _give(request, conversation, form, now=now)
    except NoCapacity as full:
        return _full(request, conversation, form, full, now=now)
    except NoTime:
        return _sheet(
            request, conversation, request.POST.dict(), now=now, faults=[_("Choose a time that is still to come.")]
        )
    except actions.NotAllowed:
        return refused(request, _("Only a lead can promise what the pool has no room for."))
    return _back(request, conversation)


def _give(request: AgentRequest, conversation: Conversation, form: PromiseForm, *, now: datetime) -> None:
    said, terms = form.cleaned_data, form.terms()
    if said["how"] == "phone":
        actions.promise_by_phone(
            conversation,
            terms,
            by=request.user,
            confirm=said["confirm"],
            override_reason=said["reason"],
            now=now,
        )
        tell(request, _("Promised, and on the case page."))
        return
    given = Given(source=Source.AGENT, by=request.user, is_draft=True, override_reason=said["reason"])
    actions.give(conversation, terms, given, now=now)
    tell(request, _("It stands in your reply and is held. It is promised when the reply leaves."))


def _full(
    request: AgentRequest, conversation: Conversation, form: PromiseForm, full: NoCapacity, *, now: datetime
) -> HttpResponse:
    if full.earliest is None:
        fault = _("This cannot be promised: no time is known to hold.")
    else:
        words = in_agents_words(full.earliest, form.terms(), conversation, now=now)
        fault = _("That time does not hold. The earliest that does: %(when)s.") % {"when": words}
    return _sheet(request, conversation, request.POST.dict(), now=now, faults=[fault], is_full=True)


def _sheet(
    request: AgentRequest,
    conversation: Conversation,
    said: dict[str, str],
    *,
    now: datetime,
    faults: list[str] | None = None,
    is_full: bool = False,
) -> HttpResponse:
    kind = Kind(said["kind"]) if said.get("kind") in {each.value for each in KINDS} else Kind.CALLBACK
    usual = wording.what(kind.value, language=conversation.language)
    said_before = said.get("what", "") if said.get("kind") == said.get("kind_before", said.get("kind")) else ""
    offered = offered_times(conversation, kind, now=now)
    drawn = {
        "href": request.path,
        "number": conversation.pk,
        "kinds": [(each.value, words) for each, words in kind_words().items()],
        "kind": kind.value,
        "what": said_before or usual,
        "what_lang": conversation.language,
        "offered": offered,
        "chosen": chosen_of(offered, said),
        "other": said.get("other", ""),
        "how": said.get("how", "reply"),
        "confirm": said.get("confirm", "" if "how" in said else "1"),
        "is_deadline": bool(said.get("is_deadline")),
        "reason": said.get("reason", ""),
        "faults": faults or [],
        "may_override": is_full and request.user.leads,
    }
    template = "desk/parts/give_promise.html" if is_fragment(request) else "desk/give_promise.html"
    answer = show(request, template, drawn, status=422 if faults else 200)
    if request.method == "POST":  # what is given changes the conversation; what comes back changes the sheet alone
        answer["HX-Retarget"], answer["HX-Reswap"] = "#give-promise", "outerHTML"
    return answer


@require_POST
@for_agents
def capture(request: AgentRequest, pk: int) -> HttpResponse:
    """Give a promise that stands in the words of the reply being written. A time that does not hold becomes the first
    that does, in the text too.
    """
    conversation, now = visible(request.user, pk), clock.now()
    draft, number = draft_in(request, request.POST.get("text", "")), request.POST.get("captured", "")
    found = capturing.captured(conversation, draft.text, by=draft.by, is_update=draft.is_update, now=now)
    one = found[int(number)] if number.isdecimal() and int(number) < len(found) else None
    if one is None or one.holds is None:
        return refused(request, _("Your text has changed meanwhile. Look at it once more."))
    try:
        capturing.give_captured(conversation, one, by=request.user, now=now)
    except (NoCapacity, NoTime):
        return refused(request, _("Somebody else was just promised that time. Look at it once more."))
    text = draft.text
    if not one.fits:
        written = capturing.in_its_words(one, conversation, now=now)
        text = text[: one.due.start] + written + text[one.due.end :]
    save_draft(conversation, by=request.user, text=text[:200_000], now=now)
    tell(request, _("It stands in your reply and is held. It is promised when the reply leaves."))
    return _back(request, conversation)


@require_POST
@for_agents
def drop_draft(request: AgentRequest, pk: int, promise_pk: int) -> HttpResponse:
    """Leave it out of the reply."""
    conversation = visible(request.user, pk)
    draft = get_object_or_404(Promise.objects.drafts(), pk=promise_pk, conversation=conversation, origin__isnull=True)
    actions.drop_draft(draft, reason="left_out")
    return _back(request, conversation)


@require_POST
@for_agents
def keeping(request: AgentRequest, pk: int, promise_pk: int) -> HttpResponse:
    """It is done."""
    conversation, owed = _running(request, pk, promise_pk)
    now = clock.now()
    if now >= owed.due_at and owed.precision == "minute":
        return refused(request, _("Its time has passed: it was not kept. Write to the customer what happens now."))
    try:
        actions.keep(owed, evidence=None, by=request.user, now=now)
    except actions.AlreadySettled:
        return refused(request, _("It has ended already."))
    tell(request, _("Kept. It stands so on the case page."))
    return _back(request, conversation)


@require_POST
@for_agents
def release(request: AgentRequest, pk: int, promise_pk: int) -> HttpResponse:
    """The customer said that it need not be done."""
    conversation, owed = _running(request, pk, promise_pk)
    try:
        actions.release(owed, evidence=None, by=request.user, now=clock.now())
    except actions.AlreadySettled:
        return refused(request, _("It has ended already."))
    tell(request, _("Let go, as the customer said."))
    return _back(request, conversation)


def _running(request: AgentRequest, pk: int, promise_pk: int) -> tuple[Conversation, Promise]:
    conversation = visible(request.user, pk)
    owed = Promise.objects.given().exclude(kind=Kind.ANSWER)
    return conversation, get_object_or_404(owed, pk=promise_pk, conversation=conversation)


def _back(request: AgentRequest, conversation: Conversation) -> HttpResponse:
    return redirect(conversation)
