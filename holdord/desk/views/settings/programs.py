"""Access for programs: tokens are made, shown once, and revoked."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from holdord.desk.access import AgentRequest, for_administrators
from holdord.desk.frame import tell
from holdord.desk.program_forms import SCOPES, TokenForm
from holdord.desk.views.settings.sheet import show_settings
from holdord.kernel import clock
from holdord.people.models import ApiToken, Inbox
from holdord.people.tokens import make_token, revoke_token
from holdord.web.times import Times, zone


@require_http_methods(["GET", "POST"])
@for_administrators
def programs(request: AgentRequest) -> HttpResponse:
    """Every token, and a new one. The secret stands on the answer to the form alone."""
    form, now, secret = TokenForm(request.POST or None), clock.now(), ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        inbox = Inbox.objects.filter(pk=said["inbox"]).first() if said["inbox"] else None
        _token, secret = make_token(name=said["name"], scopes=said["scopes"], inbox=inbox, by=request.user, now=now)
        form = TokenForm()
    times = Times(zone(request.user.time_zone), now)
    tokens = ApiToken.objects.select_related("inbox", "created_by").order_by("revoked_at", "-pk")[:200]
    rows = [(token, _may(token), _told_of(token, times)) for token in tokens]
    context = {"rows": rows, "form": form, "secret": secret}
    return show_settings(request, "programs.html", "programs", context, status=422 if form.errors else 200)


@require_POST
@for_administrators
def revoke(request: AgentRequest, pk: int) -> HttpResponse:
    """Let a token open nothing from now on."""
    revoke_token(get_object_or_404(ApiToken, pk=pk), by=request.user, now=clock.now())
    tell(request, _("Revoked. The program that uses it is refused from now on."))
    return redirect("desk:programs")


def _may(token: ApiToken) -> str:
    return ", ".join(str(words) for scope, words in SCOPES.items() if scope in token.scopes)


def _told_of(token: ApiToken, times: Times) -> str:
    if token.revoked_at is not None:
        return _("revoked %(when)s") % {"when": times.on(token.revoked_at)}
    if token.last_used_at is None:
        return _("never used")
    return _("last used %(when)s") % {"when": times.on(token.last_used_at)}
