"""How the desk looks and listens for the one who is logged in."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from holdord.desk.access import AgentRequest, for_agents
from holdord.desk.forms import PreferencesForm
from holdord.desk.frame import show, tell

_FIELDS = ("name", "language", "time_zone", "theme", "single_keys")


@require_http_methods(["GET", "POST"])
@for_agents
def me(request: AgentRequest) -> HttpResponse:
    """Name, language, zone, theme, keys; and the way out."""
    agent = request.user
    form = PreferencesForm(request.POST or None, initial={name: getattr(agent, name) for name in _FIELDS})
    if request.method == "GET" or not form.is_valid():
        return show(
            request, "desk/me.html", {"form": form}, current="me", status=200 if request.method == "GET" else 422
        )
    for name in _FIELDS:
        setattr(agent, name, form.cleaned_data[name])
    agent.save(update_fields=list(_FIELDS))
    with translation.override(agent.language):
        tell(request, _("Kept."))
    return redirect("desk:me")
