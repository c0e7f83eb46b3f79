"""Blocked senders, and customers brought in from a file."""

import csv
import io

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from holdord.desk.access import AgentRequest, for_administrators
from holdord.desk.frame import tell
from holdord.desk.setting_forms import BlockForm, ImportForm
from holdord.desk.views.settings.sheet import show_settings
from holdord.kernel import clock
from holdord.people import administration
from holdord.people.actions import block_sender, unblock_sender
from holdord.people.models import BlockedSender
from holdord.people.rules import NotAnAddress
from holdord.web.times import Times, zone

LARGEST = 20_000_000


@require_http_methods(["GET", "POST"])
@for_administrators
def blocked(request: AgentRequest) -> HttpResponse:
    """Who is dismissed on arrival."""
    form, now = BlockForm(request.POST or None), clock.now()
    if request.method == "POST" and form.is_valid():
        block_sender(form.cleaned_data["address"], inbox=None, by=request.user, now=now)
        tell(request, _("Blocked. What they send is kept, and shown under Dismissed."))
        return redirect("desk:blocked")
    times = Times(zone(request.user.time_zone), now)
    rows = [
        (row.pk, row.address, row.inbox.name if row.inbox else _("every inbox"), row.by.name, times.on(row.at))
        for row in BlockedSender.objects.select_related("inbox", "by").order_by("-at")[:200]
    ]
    return show_settings(
        request, "blocked.html", "blocked", {"rows": rows, "form": form}, status=422 if form.errors else 200
    )


@require_POST
@for_administrators
def unblock(request: AgentRequest, pk: int) -> HttpResponse:
    """Let a sender in again."""
    unblock_sender(get_object_or_404(BlockedSender, pk=pk), by=request.user, now=clock.now())
    tell(request, _("They get through again."))
    return redirect("desk:blocked")


@require_http_methods(["GET", "POST"])
@for_administrators
def bring_in(request: AgentRequest) -> HttpResponse:
    """Read a CSV file: first only look, then import."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "GET" or not form.is_valid():
        return show_settings(request, "import.html", "import", {"form": form}, status=422 if form.errors else 200)
    lines, bad, fault = _read(form.cleaned_data["file"].read(LARGEST))
    if fault:
        form.add_error("file", fault)
        return show_settings(request, "import.html", "import", {"form": form}, status=422)
    if "really" not in request.POST:
        known = administration.already_known(lines)
        context = {
            "form": form,
            "lines": lines[:5],
            "count": len(lines),
            "known": known,
            "bad": bad[:20],
            "looked": True,
        }
        return show_settings(request, "import.html", "import", context)
    try:
        fresh = administration.import_customers(lines, now=clock.now())
    except NotAnAddress as refusal:
        form.add_error(
            "file", _("“%(number)s” is not a phone number. Nothing was imported.") % {"number": str(refusal)}
        )
        return show_settings(request, "import.html", "import", {"form": form}, status=422)
    tell(request, ngettext("%(count)s new customer.", "%(count)s new customers.", fresh) % {"count": fresh})
    return redirect("desk:import")


def _read(content: bytes) -> tuple[list[administration.CustomerLine], list[int], str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = {(name or "").strip().lower() for name in reader.fieldnames or []}
    if not names & {"email", "phone"}:
        return [], [], _("The first line must name the columns: name, email, phone, organisation, language.")
    lines, bad = administration.lines_of(reader)
    return lines, bad, ""
