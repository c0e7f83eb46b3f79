"""Inboxes: their hours, closing days and pledges."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdord.desk.access import AgentRequest, for_administrators
from holdord.desk.frame import tell
from holdord.desk.setting_forms import ClosingDayForm, HoursForm, InboxForm, LookForm, PledgeForm, WeekForm
from holdord.desk.views.settings.sheet import show_settings
from holdord.kernel import clock
from holdord.kernel.public_holidays import public_holidays
from holdord.people import administration
from holdord.people.models import ClosingDay, Inbox, OpeningHours, Team
from holdord.promises.models import Pledge
from holdord.web.times import Times, weekday, zone


@require_safe
@for_administrators
def inboxes(request: AgentRequest) -> HttpResponse:
    """Every brand."""
    rows = list(Inbox.objects.select_related("team").order_by("name"))
    return show_settings(request, "inboxes.html", "inboxes", {"rows": rows})


@require_http_methods(["GET", "POST"])
@for_administrators
def new_inbox(request: AgentRequest) -> HttpResponse:
    """Open another brand's inbox."""
    form = InboxForm(request.POST or None, initial={"inbox_language": request.user.language})
    week = WeekForm(request.POST or None, initial={"days": ["0", "1", "2", "3", "4"]})
    teams = list(Team.objects.order_by("name"))
    if request.method == "POST" and form.is_valid() and week.is_valid():
        team = get_object_or_404(Team, pk=request.POST.get("team") or 0)
        try:
            opened = administration.open_inbox(form.terms(week.hours()), team=team, now=clock.now())
        except administration.AddressTaken:
            form.add_error("address", _("Another inbox has this address already."))
        else:
            tell(request, _("%(name)s is open.") % {"name": opened.name})
            return redirect("desk:hours", opened.pk)
    context = {"form": form, "week": week, "teams": teams}
    return show_settings(
        request, "new_inbox.html", "inboxes", context, status=422 if form.errors or week.errors else 200
    )


@require_http_methods(["GET", "POST"])
@for_administrators
def hours(request: AgentRequest, pk: int) -> HttpResponse:
    """The week of one inbox, and its closing days."""
    inbox = get_object_or_404(Inbox, pk=pk)
    form = HoursForm(request.POST or None, initial=_week(inbox))
    if request.method == "POST" and form.is_valid():
        administration.set_hours(inbox, form.hours())
        tell(request, _("Kept. Promises that are given already keep their time."))
        return redirect("desk:hours", pk)
    times = Times(zone(inbox.time_zone), clock.now())
    today = times.now.astimezone(times.zone).date()
    days = [
        (day.pk, times.date_and_weekday_of(day.on), day.name, day.is_open)
        for day in ClosingDay.objects.filter(inbox=inbox, on__gte=today).order_by("on")[:40]
    ]
    holidays = sorted(
        (on, name)
        for year in (today.year, today.year + 1)
        for on, name in public_holidays(inbox.country, inbox.subdivision, year).items()
        if on >= today
    )[:14]
    context = {
        "inbox": inbox,
        "form": form,
        "week": [(weekday(day), form[f"opens_{day}"], form[f"closes_{day}"]) for day in range(7)],
        "days": days,
        "holidays": [(times.date_and_weekday_of(on), name) for on, name in holidays],
        "day_form": ClosingDayForm(),
        "look_form": LookForm(initial={"hue": inbox.hue}),
    }
    return show_settings(request, "hours.html", "inboxes", context, status=422 if form.errors else 200)


@require_POST
@for_administrators
def look(request: AgentRequest, pk: int) -> HttpResponse:
    """The colour of the inbox's public pages."""
    inbox = get_object_or_404(Inbox, pk=pk)
    form = LookForm(request.POST, initial={"hue": inbox.hue})
    if form.is_valid():
        administration.set_hue(inbox, form.cleaned_data["hue"])
        tell(request, _("Kept. Customers see it from now on."))
    return redirect("desk:hours", pk)


@require_POST
@for_administrators
def add_day(request: AgentRequest, pk: int) -> HttpResponse:
    """Close, or open, the inbox on one day."""
    inbox, form = get_object_or_404(Inbox, pk=pk), ClosingDayForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        administration.add_closing_day(inbox, on=said["on"], name=said["name"], is_open=said["is_open"])
        tell(request, _("Kept. Promises that are given already keep their time."))
    else:
        tell(request, _("Give the day and its name."))
    return redirect("desk:hours", pk)


@require_POST
@for_administrators
def remove_day(request: AgentRequest, pk: int, day_pk: int) -> HttpResponse:
    """Take a closing day out."""
    get_object_or_404(ClosingDay, pk=day_pk, inbox=pk).delete()
    tell(request, _("Taken out."))
    return redirect("desk:hours", pk)


@require_http_methods(["GET", "POST"])
@for_administrators
def pledges(request: AgentRequest) -> HttpResponse:
    """What each inbox pledges."""
    rows = []
    for inbox in Inbox.objects.order_by("name"):
        pledge = Pledge.objects.filter(inbox=inbox, kind="answer").first()
        initial = {
            "hours": _hours(pledge.within_minutes) if pledge else 4,
            "work_minutes": pledge.work_minutes if pledge else 10,
        }
        meant = request.method == "POST" and request.POST.get("inbox") == str(inbox.pk)
        form = PledgeForm(request.POST if meant else None, initial=initial, auto_id=f"id_{inbox.pk}_%s")
        if meant and form.is_valid():
            minutes = int(form.cleaned_data["hours"] * 60)
            terms = {"within_minutes": minutes, "work_minutes": form.cleaned_data["work_minutes"]}
            Pledge.objects.update_or_create(inbox=inbox, kind="answer", defaults=terms)
            tell(request, _("Kept. It holds for customers who write from now on."))
            return redirect("desk:pledges")
        rows.append((inbox, pledge, form))
    return show_settings(request, "pledges.html", "pledges", {"rows": rows})


def _week(inbox: Inbox) -> dict[str, str]:
    found = {}
    for day, opens, closes in OpeningHours.objects.filter(inbox=inbox).values_list("weekday", "opens", "closes"):
        found[f"opens_{day}"], found[f"closes_{day}"] = f"{opens:%H:%M}", f"{closes:%H:%M}"
    return found


def _hours(minutes: int) -> str:
    return f"{minutes / 60:g}"
