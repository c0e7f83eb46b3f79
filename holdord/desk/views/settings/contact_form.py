"""The contact form of an inbox: what it asks, and where it stands."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from holdord.channels.chat.signing import new_secret
from holdord.channels.form import building
from holdord.channels.form.asking import asked_by
from holdord.channels.models import ChatSigning, FieldKind, FormField, FormSite
from holdord.conversations.actions.picturing import keeps_originals
from holdord.desk.access import AgentRequest, for_administrators
from holdord.desk.contact_forms import FieldForm, SiteForm, kinds
from holdord.desk.frame import tell
from holdord.desk.views.settings.sheet import show_settings
from holdord.kernel import clock
from holdord.people import administration
from holdord.people.models import Inbox
from holdord.web.times import Times, zone


@require_http_methods(["GET", "HEAD"])
@for_administrators
def contact_form(request: AgentRequest, pk: int) -> HttpResponse:
    """What the form asks, and the lines to put it on a site."""
    return _page(request, get_object_or_404(Inbox, pk=pk))


@require_POST
@for_administrators
def add_field(request: AgentRequest, pk: int) -> HttpResponse:
    """Ask for one thing more."""
    inbox = get_object_or_404(Inbox, pk=pk)
    form = FieldForm(request.POST, main=inbox.language)
    if not form.is_valid():
        return _page(request, inbox, field_form=form)
    said = form.cleaned_data
    building.add_field(inbox, FieldKind(said["kind"]), form.words(), is_required=said["is_required"])
    tell(request, _("Kept. The form asks for it from now on."))
    return redirect("desk:contact_form", pk)


@require_POST
@for_administrators
def move_field(request: AgentRequest, pk: int, field_pk: int) -> HttpResponse:
    """Move a field up or down."""
    field = get_object_or_404(FormField, pk=field_pk, inbox=pk)
    building.move_field(field, up=request.POST.get("way") == "up")
    return redirect("desk:contact_form", pk)


@require_POST
@for_administrators
def remove_field(request: AgentRequest, pk: int, field_pk: int) -> HttpResponse:
    """Ask for it no longer."""
    building.remove_field(get_object_or_404(FormField, pk=field_pk, inbox=pk))
    tell(request, _("Taken out. What customers answered stays with their conversations."))
    return redirect("desk:contact_form", pk)


@require_POST
@for_administrators
def add_site(request: AgentRequest, pk: int) -> HttpResponse:
    """Let a site show the form."""
    inbox, form = get_object_or_404(Inbox, pk=pk), SiteForm(request.POST)
    if not form.is_valid():
        return _page(request, inbox, site_form=form)
    building.allow_site(inbox, form.cleaned_data["origin"])
    tell(request, _("Kept. This site may show the form."))
    return redirect("desk:contact_form", pk)


@require_POST
@for_administrators
def remove_site(request: AgentRequest, pk: int, site_pk: int) -> HttpResponse:
    """Let a site show it no longer."""
    get_object_or_404(FormSite, pk=site_pk, inbox=pk).delete()
    tell(request, _("Taken out."))
    return redirect("desk:contact_form", pk)


@require_POST
@for_administrators
def originals(request: AgentRequest, pk: int) -> HttpResponse:
    """Whether pictures are kept as they were sent."""
    inbox = get_object_or_404(Inbox, pk=pk)
    administration.set_keeps_originals(inbox, "keeps_originals" in request.POST, now=clock.now())
    tell(request, _("Kept. It holds for pictures that come from now on."))
    return redirect("desk:contact_form", pk)


@require_POST
@for_administrators
def chat_secret(request: AgentRequest, pk: int) -> HttpResponse:
    """A secret with which a site signs who visits the chat. It stands on the answer to this alone."""
    inbox = get_object_or_404(Inbox, pk=pk)
    return _page(request, inbox, secret=new_secret(inbox, now=clock.now()))


def _page(
    request: AgentRequest,
    inbox: Inbox,
    *,
    field_form: FieldForm | None = None,
    site_form: SiteForm | None = None,
    secret: str = "",
) -> HttpResponse:
    named, address = dict(kinds()), f"{settings.PUBLIC_URL}/write/{inbox.slug}/"
    asked = asked_by(inbox, request.user.language)
    context = {
        "inbox": inbox,
        "asked": [(each, named[each.kind]) for each in asked],
        "field_form": field_form or FieldForm(main=inbox.language),
        "site_form": site_form or SiteForm(),
        "sites": list(FormSite.objects.filter(inbox=inbox).order_by("origin").values_list("pk", "origin")),
        "address": address,
        "script_line": f'<script src="{address}embedding.js" async></script>',
        "keeps_for_all": settings.KEEP_ORIGINAL_PICTURES,
        "keeps_originals": keeps_originals(inbox),
        "secret": secret,
        "secret_since": _since(inbox, Times(zone(request.user.time_zone), clock.now())),
        "plain_form": _plain_form(address, [each.name for each in asked]),
    }
    is_faulty = bool((field_form and field_form.errors) or (site_form and site_form.errors))
    return show_settings(request, "contact_form.html", "inboxes", context, status=422 if is_faulty else 200)


def _since(inbox: Inbox, times: Times) -> str:
    kept = ChatSigning.objects.filter(inbox=inbox).first()
    return times.when(kept.made_at) if kept else ""


def _plain_form(address: str, names: list[str]) -> str:
    """A form without script, as a start for somebody's own."""
    fields = [f'  <input name="{name}">' for name in ["name", "email", *names]]
    hidden = '  <input name="website" tabindex="-1" autocomplete="off" hidden>'
    lines = [
        f'<form method="post" action="{address}post/" enctype="multipart/form-data">',
        '  <textarea name="text"></textarea>',
        *fields,
        '  <input type="file" name="attached" multiple>',
        hidden,
        "  <button>OK</button>",
        "</form>",
    ]
    return "\n".join(lines)
