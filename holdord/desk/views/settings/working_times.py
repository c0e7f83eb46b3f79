"""When a colleague works, and when they are away: what the desk reckons with before it promises."""

from datetime import UTC, datetime, timedelta
from datetime import time as wall_time

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from holdord.desk.access import AgentRequest, for_administrators
from holdord.desk.frame import tell
from holdord.desk.setting_forms import AbsenceForm, HoursForm
from holdord.desk.views.settings.sheet import show_settings
from holdord.kernel import clock
from holdord.people import administration
from holdord.people.models import Absence, Agent, AgentHours
from holdord.web.times import Times, weekday, zone


@require_http_methods(["GET", "POST"])
@for_administrators
def working_times(request: AgentRequest, pk: int) -> HttpResponse:
    """The week of one colleague, and the days they are away."""
    agent = get_object_or_404(Agent, pk=pk)
    form = HoursForm(request.POST or None, initial=_week(agent))
    if request.method == "POST" and form.is_valid():
        administration.set_agent_hours(agent, form.hours())
        tell(request, _("Kept. Promises that are given already keep their time."))
        return redirect("desk:working_times", pk)
    times = Times(zone(agent.time_zone), clock.now())
    coming = Absence.objects.filter(agent=agent, ends_at__gt=times.now).order_by("starts_at")
    context = {
        "agent": agent,
        "form": form,
        "week": [(weekday(day), form[f"opens_{day}"], form[f"closes_{day}"]) for day in range(7)],
        "absences": [(row.pk, _said(row, times)) for row in coming],
        "absence_form": AbsenceForm(),
    }
    return show_settings(request, "working_times.html", "people", context, status=422 if form.errors else 200)


@require_POST
@for_administrators
def add_absence(request: AgentRequest, pk: int) -> HttpResponse:
    """A colleague is away from the first to the last day, both whole."""
    agent, form = get_object_or_404(Agent, pk=pk), AbsenceForm(request.POST)
    if not form.is_valid():
        tell(request, _("Give the first and the last day; the last is not before the first."))
        return redirect("desk:working_times", pk)
    local = zone(agent.time_zone)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    starts_at = datetime.combine(first, wall_time(), local).astimezone(UTC)
    ends_at = datetime.combine(last + timedelta(days=1), wall_time(), local).astimezone(UTC)
    administration.add_absence(agent, starts_at=starts_at, ends_at=ends_at)
    tell(request, _("Kept. The desk promises later times while %(name)s is away.") % {"name": agent.name})
    return redirect("desk:working_times", pk)


@require_POST
@for_administrators
def remove_absence(request: AgentRequest, pk: int, absence_pk: int) -> HttpResponse:
    """The colleague is there after all."""
    get_object_or_404(Absence, pk=absence_pk, agent=pk).delete()
    tell(request, _("Taken out."))
    return redirect("desk:working_times", pk)


def _said(absence: Absence, times: Times) -> str:
    first = absence.starts_at.astimezone(times.zone).date()
    last = (absence.ends_at - timedelta(seconds=1)).astimezone(times.zone).date()
    if first == last:
        return times.date_and_weekday_of(first)
    return f"{times.date_and_weekday_of(first)} – {times.date_and_weekday_of(last)}"


def _week(agent: Agent) -> dict[str, str]:
    found = {}
    for day, starts, ends in AgentHours.objects.filter(agent=agent).values_list("weekday", "starts", "ends"):
        found[f"opens_{day}"], found[f"closes_{day}"] = f"{starts:%H:%M}", f"{ends:%H:%M}"
    return found
