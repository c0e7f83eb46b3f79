"""Who carries out what customers ask for, by inbox and kind."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdord.desk.access import AgentRequest, for_administrators
from holdord.desk.deed_forms import ExecutorForm
from holdord.desk.deed_rows import CAN_BE_CARRIED_OUT
from holdord.desk.frame import tell
from holdord.desk.request_rows import request_words
from holdord.desk.views.settings.sheet import show_settings
from holdord.fulfilment import actions, calling
from holdord.fulfilment.models import Deed, Executor
from holdord.fulfilment.queries import CARRIED_OUT, executor_of
from holdord.fulfilment.rules import Way
from holdord.people.models import Inbox


@require_safe
@for_administrators
def executors(request: AgentRequest) -> HttpResponse:
    """Every inbox, and who does what in it."""
    found = {(executor.inbox_id, executor.kind): executor for executor in Executor.objects.all()}
    rows = [
        (inbox, [(kind.value, request_words(kind), _who(found.get((inbox.pk, kind.value)))) for kind in CARRIED_OUT])
        for inbox in Inbox.objects.order_by("name")
    ]
    return show_settings(request, "executors.html", "executors", {"rows": rows})


@require_http_methods(["GET", "POST"])
@for_administrators
def executor(request: AgentRequest, pk: int, kind: str) -> HttpResponse:
    """Who carries out one kind in one inbox; for a system, its secret and what went wrong lately."""
    inbox = get_object_or_404(Inbox, pk=pk)
    if kind not in CAN_BE_CARRIED_OUT:
        raise Http404
    found = executor_of(inbox, kind)
    form = ExecutorForm(request.POST or None, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.set_executor(
            inbox,
            kind,
            way=Way(said["way"]) if said["way"] else None,
            url=said["url"],
            about=said["about"],
            undo_hours=said["undo_hours"],
            within_hours=said["within_hours"],
            inside=settings.REACH_INSIDE,
        )
        tell(request, _("Kept. It holds for what customers ask from now on."))
        return redirect("desk:executor", pk, kind)
    is_system = found is not None and found.way == Way.WEBHOOK
    context = {
        "inbox": inbox,
        "kind": kind,
        "what": request_words(kind),
        "form": form,
        "secret": calling.secret_of(found) if found is not None and is_system else "",
        "faults": _faults(inbox, kind) if is_system else [],
    }
    return show_settings(request, "executor.html", "executors", context, status=422 if form.errors else 200)


@require_POST
@for_administrators
def new_secret(request: AgentRequest, pk: int, kind: str) -> HttpResponse:
    """Make the secret known so far worthless."""
    actions.new_secret(get_object_or_404(Executor, inbox=pk, kind=kind))
    tell(request, _("The old secret signs nothing any more. Give the new one to the system."))
    return redirect("desk:executor", pk, kind)


def _who(found: Executor | None) -> str:
    if found is None:
        return _("not offered to customers")
    return {
        Way.TASK: _("a person does it"),
        Way.WEBHOOK: found.url,
        Way.HERE: _("this desk does it"),
    }[Way(found.way)]


def _initial(found: Executor | None) -> dict[str, object]:
    if found is None:
        return {"way": "", "undo_hours": 0, "within_hours": 8}
    return {
        "way": found.way,
        "url": found.url,
        "about": found.about,
        "undo_hours": found.undo_hours,
        "within_hours": found.within_hours,
    }


def _faults(inbox: Inbox, kind: str) -> list[tuple[int, str, int]]:
    """The cases whose calls went wrong lately: number of the case, the fault in a word, how often it was tried."""
    wrong = Deed.objects.filter(request__conversation__inbox=inbox, request__kind=kind).exclude(fault="")
    return list(wrong.order_by("-pk").values_list("request__conversation_id", "fault", "tries")[:8])
