"""Counted pools: what promises of a kind draw on, beside people's minutes."""

from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from holdord.desk.access import AgentRequest, for_administrators
from holdord.desk.frame import tell
from holdord.desk.pool_forms import POOL_KINDS, PoolForm
from holdord.desk.promise_forms import kind_words
from holdord.desk.views.settings.sheet import show_settings
from holdord.kernel import clock
from holdord.people.models import Team
from holdord.promises import actions
from holdord.promises.models import Pool
from holdord.promises.rules import Kind, PoolKind
from holdord.web.faults import refused


@require_http_methods(["GET", "POST"])
@for_administrators
def pools(request: AgentRequest) -> HttpResponse:
    """Every counted pool, and a new one. Its places come by a table or from a program."""
    form = PoolForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _made(form):
        tell(request, _("The pool is there. Nothing can be promised from it before it has places."))
        return redirect("desk:pools")
    rows = [(pool, _told_of(pool)) for pool in _counted()]
    return show_settings(
        request, "pools.html", "pools", {"rows": rows, "form": form}, status=422 if form.errors else 200
    )


@require_POST
@for_administrators
def rename(request: AgentRequest, pk: int) -> HttpResponse:
    """Call a pool something else; its key stays, for tables and programs know it by that."""
    pool, name = get_object_or_404(Pool.objects.exclude(kind=PoolKind.MINUTES), pk=pk), request.POST.get("name", "")
    if not name.strip() or len(name) > 120:
        return refused(request, _("Write a name of 120 characters at most."), status=422)
    actions.rename_pool(pool, name=name)
    tell(request, _("It is called %(name)s now.") % {"name": name.strip()})
    return redirect("desk:pools")


def _made(form: PoolForm) -> bool:
    said = form.cleaned_data
    team = Team.objects.filter(pk=said["team"]).first() if said["team"] else None
    try:
        actions.add_pool(
            key=said["key"], name=said["name"], kind=PoolKind(said["kind"]), serves=Kind(said["serves"]), team=team
        )
    except actions.PoolExists:
        form.add_error("key", _("There is a pool with this key already."))
        return False
    return True


def _counted() -> list[Pool]:
    coming = Q(slots__ends_at__gt=clock.now())
    pools = Pool.objects.exclude(kind=PoolKind.MINUTES).select_related("team")
    counted = pools.annotate(spans=Count("slots", filter=coming), places=Sum("slots__places", filter=coming))
    return list(counted.order_by("name", "pk")[:200])


def _told_of(pool: Pool) -> str:
    places = getattr(pool, "places", None) or 0
    words = [
        pool.key,
        str(kind_words()[Kind(pool.serves)]),
        str(POOL_KINDS[pool.kind]),
        pool.team.name if pool.team else _("everybody’s"),
        ngettext("%(number)s place to come", "%(number)s places to come", places) % {"number": places},
    ]
    return " · ".join(words)
