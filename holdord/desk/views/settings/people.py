"""People, roles and teams; and the one-time link that lets somebody choose a password."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdord.desk.access import AgentRequest, for_administrators
from holdord.desk.frame import role_name, tell
from holdord.desk.setting_forms import AgentForm, PasswordForm, TeamForm
from holdord.desk.views.settings.sheet import show_settings
from holdord.people import administration
from holdord.people.models import Agent, Membership, Team


@require_safe
@for_administrators
def people(request: AgentRequest) -> HttpResponse:
    """Everybody who works at the desk."""
    teams: dict[int, list[str]] = {}
    for agent_id, name in Membership.objects.order_by("team__name").values_list("agent_id", "team__name"):
        teams.setdefault(agent_id, []).append(name)
    rows = [
        (agent, role_name(agent.role), ", ".join(teams.get(agent.pk, [])), agent.has_usable_password())
        for agent in Agent.objects.order_by("-is_active", "name")
    ]
    return show_settings(request, "people.html", "people", {"rows": rows})


@require_http_methods(["GET", "POST"])
@for_administrators
def invite(request: AgentRequest) -> HttpResponse:
    """Make a colleague, and show the one-time link to give them."""
    form = AgentForm(
        request.POST or None, initial={"language": request.user.language, "role": "agent", "is_active": True}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            agent = administration.invite(
                name=said["name"],
                email=said["email"],
                role=said["role"],
                teams=said["teams"],
                language=said["language"],
                time_zone=request.user.time_zone,
                speaks=said["speaks"],
            )
        except administration.AddressTaken:
            form.add_error("email", _("Somebody has this address already."))
        else:
            return _show_link(request, agent)
    status = 422 if form.errors else 200
    return show_settings(request, "agent.html", "people", {"form": form, "agent": None}, status=status)


@require_http_methods(["GET", "POST"])
@for_administrators
def person(request: AgentRequest, pk: int) -> HttpResponse:
    """Change a colleague's name, role and teams, or close the account."""
    agent = get_object_or_404(Agent, pk=pk)
    initial = {
        "name": agent.name, "email": agent.email, "role": agent.role, "language": agent.language,
        "teams": list(agent.teams.values_list("pk", flat=True)), "is_active": agent.is_active,
        "speaks": agent.speaks,
    }  # fmt: skip
    form = AgentForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            administration.change_agent(
                agent,
                name=said["name"],
                role=said["role"],
                is_active=said["is_active"],
                teams=said["teams"],
                speaks=said["speaks"],
            )
        except administration.LastAdministrator:
            form.add_error(None, _("Somebody must be able to change the settings: make another administrator first."))
        else:
            tell(request, _("Kept."))
            return redirect("desk:people")
    status = 422 if form.errors else 200
    return show_settings(request, "agent.html", "people", {"form": form, "agent": agent}, status=status)


@require_POST
@for_administrators
def new_password_link(request: AgentRequest, pk: int) -> HttpResponse:
    """A one-time link with which this colleague chooses a new password."""
    return _show_link(request, get_object_or_404(Agent, pk=pk))


def _show_link(request: AgentRequest, agent: Agent) -> HttpResponse:
    address = reverse("desk:welcome", args=[agent.pk, default_token_generator.make_token(agent)])
    context = {"agent": agent, "link": f"{settings.PUBLIC_URL}{address}"}
    return show_settings(request, "link.html", "people", context)


@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """Behind the one-time link: choose a password and begin."""
    agent = Agent.objects.filter(pk=pk, is_active=True).first()
    if agent is None or not default_token_generator.check_token(agent, token):
        return render(request, "desk/welcome.html", {"agent": None}, status=404)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            validate_password(form.cleaned_data["password"], agent)
        except ValidationError as faults:
            form.add_error("password", faults)
        else:
            agent.set_password(form.cleaned_data["password"])
            agent.save(update_fields=["password"])
            login(request, agent)
            return redirect("desk:next")
    return render(request, "desk/welcome.html", {"agent": agent, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_administrators
def teams(request: AgentRequest) -> HttpResponse:
    """The teams, and a new one."""
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if Team.objects.filter(name=form.cleaned_data["name"]).exists():
            form.add_error("name", _("There is a team of this name."))
        else:
            Team.objects.create(**form.cleaned_data)
            tell(request, _("Kept."))
            return redirect("desk:teams")
    members: dict[int, list[str]] = {}
    for team_id, name in Membership.objects.order_by("agent__name").values_list("team_id", "agent__name"):
        members.setdefault(team_id, []).append(name)
    rows = [
        (team, ", ".join(members.get(team.pk, []))) for team in Team.objects.select_related("lead").order_by("name")
    ]
    return show_settings(
        request, "teams.html", "teams", {"rows": rows, "form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@for_administrators
def team(request: AgentRequest, pk: int) -> HttpResponse:
    """Change a team's name and lead."""
    found = get_object_or_404(Team, pk=pk)
    form = TeamForm(request.POST or None, initial={"name": found.name, "lead": found.lead_id})
    if request.method == "POST" and form.is_valid():
        found.name, found.lead = form.cleaned_data["name"], form.cleaned_data["lead"]
        found.save(update_fields=["name", "lead"])
        tell(request, _("Kept."))
        return redirect("desk:teams")
    return show_settings(
        request, "team.html", "teams", {"team": found, "form": form}, status=422 if form.errors else 200
    )
