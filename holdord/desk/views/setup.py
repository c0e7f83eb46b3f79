"""The first run: one page from nothing to a desk that customers can write to."""

from datetime import datetime

from django.contrib.auth import login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from holdord.desk.setting_forms import SetupForm
from holdord.kernel import clock
from holdord.kernel.languages import HOME_OF
from holdord.people.administration import AddressTaken, has_administrator, open_inbox, put_in_teams
from holdord.people.models import Agent, Role, Team
from holdord.promises.models import Pledge

_WORKDAYS = ["0", "1", "2", "3", "4"]


@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Make the first administrator, team, inbox and pledge. Once there is an administrator the page is gone."""
    if has_administrator():
        raise Http404
    language = get_language() or "en"
    form = SetupForm(
        request.POST or None,
        initial={"days": _WORKDAYS, "inbox_language": language, "country": HOME_OF.get(language, "DK")},
    )
    if request.method == "GET" or not form.is_valid():
        return render(request, "desk/setup.html", {"form": form}, status=200 if request.method == "GET" else 422)
    try:
        agent = _begin(form, language, now=clock.now())
    except AddressTaken:
        raise Http404 from None
    login(request, agent)
    return redirect("desk:settings")


@transaction.atomic
def _begin(form: SetupForm, language: str, *, now: datetime) -> Agent:
    said = form.cleaned_data
    agent = Agent.objects.create_user(
        said["your_email"],
        said["password"],
        name=said["your_name"],
        role=Role.ADMINISTRATOR,
        language=language,
        time_zone=said["time_zone"],
        speaks=[language],
    )
    team = Team.objects.create(name=said["team"], lead=agent)
    put_in_teams(agent, [team])
    inbox = open_inbox(form.terms(form.hours()), team=team, now=now)
    Pledge.objects.create(inbox=inbox, within_minutes=said["hours_to_answer"] * 60)
    return agent
