"""Orders and capacity: tables are looked at first, then done; what is done twice changes nothing."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdord.desk.access import AgentRequest, for_leads
from holdord.desk.upload_forms import UploadForm
from holdord.desk.upload_rows import counts_of, rows_of
from holdord.desk.views.settings.sheet import show_settings
from holdord.kernel import clock
from holdord.orders import uploads as tables
from holdord.orders.models import Upload, UploadKind, UploadState
from holdord.orders.tables import ORDER_COLUMNS, PLACE_COLUMNS, NotATable, text_of
from holdord.people.models import Agent
from holdord.people.queries import inboxes_seen_by
from holdord.web.times import Times, zone

LARGEST = 20_000_000
A_PAGE = 200
WAIT = 1.5
"""Seconds that somebody waits for a table to be done; the worker does the rest."""

STATES = {
    UploadState.LOOKING.value: gettext_lazy("being looked at"),
    UploadState.LOOKED.value: gettext_lazy("looked at, not done"),
    UploadState.DOING.value: gettext_lazy("being done"),
    UploadState.STOPPED.value: gettext_lazy("interrupted"),
    UploadState.DONE.value: gettext_lazy("done"),
}


@require_http_methods(["GET", "POST"])
@for_leads
def uploads(request: AgentRequest) -> HttpResponse:
    """The tables so far, and a new one."""
    form = UploadForm(request.POST or None, request.FILES or None, inboxes=inboxes_seen_by(request.user))
    if request.method == "POST" and form.is_valid():
        upload = _taken(request, form)
        if upload is not None:
            return redirect("desk:upload", upload.pk)
    times = Times(zone(request.user.time_zone), clock.now())
    rows = [
        (upload, _kind(upload), f"{times.on(upload.at)} · {upload.by.name} · {STATES[upload.state]}")
        for upload in _seen_by(request.user).defer("content").order_by("-pk")[:20]
    ]
    context = {
        "form": form,
        "rows": rows,
        "pools": sorted(tables.pools_for(request.user).values(), key=lambda pool: pool.key),
        "order_columns": ", ".join(ORDER_COLUMNS),
        "place_columns": ", ".join(PLACE_COLUMNS),
    }
    return show_settings(request, "uploads.html", "uploads", context, status=422 if form.errors else 200)


def _taken(request: AgentRequest, form: UploadForm) -> Upload | None:
    said = form.cleaned_data
    kind = UploadKind(said["kind"])
    inbox = get_object_or_404(inboxes_seen_by(request.user), pk=said["inbox"]) if kind == UploadKind.ORDERS else None
    file = said["file"]
    try:
        return tables.take(
            kind=kind,
            inbox=inbox,
            name=file.name,
            text=text_of(file.read(LARGEST)),
            by=request.user,
            now=clock.now(),
        )
    except NotATable as fault:
        form.add_error("file", _("The first line must name the columns: %(columns)s.") % {"columns": str(fault)})
        return None


@require_safe
@for_leads
def upload(request: AgentRequest, pk: int) -> HttpResponse:
    """One table: what it would do or did, line by line, what is wrong first."""
    found = _upload(request.user, pk)
    page = max(0, int(request.GET.get("from", "0"))) if request.GET.get("from", "0").isdecimal() else 0
    lines = found.results.order_by("-is_wrong", "number")[page : page + A_PAGE + 1]
    rows = rows_of(lines)
    context: dict[str, Any] = {
        "upload": found,
        "kind": _kind(found),
        "state": STATES[found.state],
        "under_way": found.state in {UploadState.LOOKING, UploadState.DOING},
        "may_begin": found.state in {UploadState.LOOKED, UploadState.STOPPED},
        "counts": counts_of(found),
        "rows": rows[:A_PAGE],
        "more": page + A_PAGE if len(rows) > A_PAGE else None,
    }
    response = show_settings(request, "upload.html", "uploads", context)
    if context["under_way"]:
        response["Refresh"] = "2"  # without script, too
    return response


@require_POST
@for_leads
def begin(request: AgentRequest, pk: int) -> HttpResponse:
    """Do it, or go on with it."""
    found = _upload(request.user, pk)
    tables.begin(found)
    tables.go_on(found, now=clock.now(), seconds=WAIT)
    return redirect("desk:upload", pk)


@require_POST
@for_leads
def stop(request: AgentRequest, pk: int) -> HttpResponse:
    """Interrupt it; what is done stays done."""
    tables.stop(_upload(request.user, pk))
    return redirect("desk:upload", pk)


def _seen_by(agent: Agent) -> QuerySet[Upload]:
    found = Upload.objects.select_related("inbox", "by")
    return found if agent.is_administrator else found.filter(by=agent)


def _upload(agent: Agent, pk: int) -> Upload:
    found = _seen_by(agent).filter(pk=pk).first()
    if found is None:
        raise PermissionDenied
    return found


def _kind(upload: Upload) -> str:
    return upload.inbox.name if upload.inbox else _("places of pools")
