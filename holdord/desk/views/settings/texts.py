"""Help articles, prepared replies and policies: written, looked over, published."""

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdord.desk.access import AgentRequest, for_leads
from holdord.desk.clause_rows import clause_rows
from holdord.desk.frame import tell
from holdord.desk.text_forms import KINDS, SEVERAL, NewTextForm, TextForm
from holdord.desk.views.settings.sheet import show_settings
from holdord.kernel import clock
from holdord.kernel.languages import LANGUAGES
from holdord.knowledge import actions
from holdord.knowledge.models import Document, Edition, Kind, NotFound
from holdord.people.models import Agent
from holdord.people.queries import inboxes_seen_by
from holdord.web.times import Times, zone

MOST_NOT_FOUND = 12


@require_safe
@for_leads
def texts(request: AgentRequest) -> HttpResponse:
    """Everything that is written down, by what it is for, and what people looked for in vain."""
    documents = (
        Document.objects.filter(pk__in=_seen_by(request.user)).prefetch_related("editions").select_related("inbox")
    )
    by_kind: dict[str, list[tuple[Document, list[Edition]]]] = {kind: [] for kind in KINDS}
    for document in documents.order_by("-pk"):
        by_kind[document.kind].append((document, sorted(document.editions.all(), key=lambda one: one.language)))
    missed = NotFound.objects.filter(inbox__in=inboxes_seen_by(request.user)).select_related("inbox")
    context = {
        "kinds": [(kind, label, by_kind[kind]) for kind, label in SEVERAL.items()],
        "form": NewTextForm(initial={"text_language": request.user.language}),
        "not_found": missed.order_by("-times", "-last_at")[:MOST_NOT_FOUND],
        "times": Times(zone(request.user.time_zone), clock.now()),
    }
    return show_settings(request, "texts.html", "texts", context)


@require_POST
@for_leads
def new_text(request: AgentRequest) -> HttpResponse:
    """Begin a text: its kind and language are chosen, its words come on the next page."""
    form = NewTextForm(request.POST)
    if not form.is_valid():
        return redirect("desk:texts")
    said = form.cleaned_data
    return redirect("desk:write_text", said["kind"], said["text_language"])


@require_http_methods(["GET", "POST"])
@for_leads
def write_text(request: AgentRequest, kind: str, language: str) -> HttpResponse:
    """The words of a new text."""
    if kind not in KINDS or language not in LANGUAGES:
        raise Http404
    return _written(request, None, Kind(kind), language, None)


@require_http_methods(["GET", "POST"])
@for_leads
def text(request: AgentRequest, pk: int, language: str) -> HttpResponse:
    """The words of a text in one language."""
    document = get_object_or_404(Document, pk=pk, pk__in=_seen_by(request.user))
    if language not in LANGUAGES:
        raise Http404
    edition = Edition.objects.filter(document=document, language=language).first()
    return _written(request, document, Kind(document.kind), language, edition)


@require_POST
@for_leads
def withdraw_text(request: AgentRequest, pk: int, language: str) -> HttpResponse:
    """Let nobody read it any more."""
    edition = get_object_or_404(Edition, document=pk, document__in=_seen_by(request.user), language=language)
    actions.withdraw(edition, by=request.user, now=clock.now())
    tell(request, _("Nobody reads it any more. Its words are kept here."))
    return redirect("desk:text", pk, language)


@require_POST
@for_leads
def incident_over(request: AgentRequest, pk: int, language: str) -> HttpResponse:
    """A known incident is over, or (`goes_on`) goes on after all."""
    document = get_object_or_404(Document, pk=pk, pk__in=_seen_by(request.user), kind=Kind.INCIDENT)
    if "goes_on" in request.POST:
        actions.resume_incident(document, by=request.user, now=clock.now())
        tell(request, _("It goes on. Customers read of it again."))
    else:
        actions.end_incident(document, by=request.user, now=clock.now())
        tell(request, _("It is over. It stands in the help centre no more."))
    return redirect("desk:text", pk, language)


def _written(
    request: AgentRequest, document: Document | None, kind: Kind, language: str, edition: Edition | None
) -> HttpResponse:
    inboxes, now, at_home = inboxes_seen_by(request.user), clock.now(), zone(request.user.time_zone)
    initial = {"title": edition.title, "text": edition.text} if edition else {}
    if kind is Kind.INCIDENT:
        since = document.since if document and document.since else now
        initial["since"] = f"{since.astimezone(at_home):%Y-%m-%dT%H:%M}"
    if document and document.inbox_id:
        initial["inbox"] = str(document.inbox_id)
    form = TextForm(request.POST or None, initial=initial, inboxes=inboxes, time_zone=at_home)
    if request.method != "POST" or not form.is_valid():
        return _page(request, document, kind, language, edition, form)
    said = form.cleaned_data
    edition = actions.write(
        document,
        kind=kind,
        inbox=inboxes.filter(pk=said["inbox"]).first() if said["inbox"] else None,
        language=language,
        title=said["title"],
        text=said["text"],
        by=request.user,
        now=now,
        since=said["since"],
    )
    if "publish" not in request.POST:
        tell(request, _("Kept. Nobody outside sees it yet."))
        return redirect("desk:text", edition.document_id, language)
    try:
        actions.publish(edition, by=request.user, now=now)
    except actions.MustNotStand as wrong:
        return _page(request, edition.document, kind, language, edition, form, wrong=wrong)
    tell(request, _("Published."))
    return redirect("desk:text", edition.document_id, language)


def _page(
    request: AgentRequest,
    document: Document | None,
    kind: Kind,
    language: str,
    edition: Edition | None,
    form: TextForm,
    *,
    wrong: actions.MustNotStand | None = None,
) -> HttpResponse:
    context = {
        "document": document,
        "kind": kind.value,
        "kind_name": KINDS[kind.value],
        "written_in": language,
        "languages": [
            (code, name, reverse("desk:text", args=[document.pk, code]) if document else "", code == language)
            for code, name in LANGUAGES.items()
        ],
        "edition": edition,
        "over_at": Times(zone(request.user.time_zone), clock.now()).when(document.over_at)
        if document and document.over_at
        else "",
        "form": form,
        "clauses": clause_rows(wrong.clauses, edition.text) if wrong and edition else [],
    }
    return show_settings(request, "text.html", "texts", context, status=422 if form.errors or wrong else 200)


def _seen_by(agent: Agent) -> QuerySet[Document]:
    if agent.is_administrator:
        return Document.objects.all()
    return Document.objects.filter(inbox__in=inboxes_seen_by(agent)) | Document.objects.filter(inbox=None)
