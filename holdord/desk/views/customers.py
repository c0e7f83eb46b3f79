"""The same person twice: merging two customers, and taking it back. And writing to a customer first."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from holdord.conversations import actions
from holdord.conversations.models import Conversation, Status
from holdord.desk.access import AgentRequest, for_agents
from holdord.desk.customer_rows import language_name
from holdord.desk.forms import BeginForm, offer
from holdord.desk.frame import show, tell
from holdord.desk.views.conversation import visible
from holdord.fulfilment.queries import may_write_first
from holdord.kernel import clock
from holdord.kernel.languages import LANGUAGES
from holdord.people.actions import CannotMerge, NotMerged, undo_merge
from holdord.people.actions import merge as merge_customers
from holdord.people.models import Customer, Identity, Inbox, Merge
from holdord.people.queries import team_ids
from holdord.web.faults import refused
from holdord.web.uploads import kept_files


@require_http_methods(["GET", "POST"])
@for_agents
def merge(request: AgentRequest, pk: int) -> HttpResponse:
    """Choose the customer who is the same person, and make the two one."""
    conversation = visible(request.user, pk)
    if request.method == "POST":
        return _merge(request, conversation)
    sought = request.GET.get("q", "").strip() or conversation.customer.name
    rows = _alike(conversation.customer, sought) if len(sought) > 2 else []
    return show(request, "desk/merge.html", {"conversation": conversation, "q": sought, "rows": rows}, current="next")


def _merge(request: AgentRequest, conversation: Conversation) -> HttpResponse:
    other = get_object_or_404(Customer, pk=request.POST.get("customer") or 0)
    try:
        merge_customers(keep=conversation.customer, absorb=other, by=request.user, now=clock.now())
    except CannotMerge:
        return refused(request, _("These two cannot be merged: one of them was merged already."))
    tell(request, _("They are one customer now. It can be taken apart in the panel to the right."))
    return redirect(conversation)


@require_POST
@for_agents
def undo(request: AgentRequest, pk: int, merge_pk: int) -> HttpResponse:
    """Take a merge apart; every address and its mail goes back to whom it came from."""
    conversation = visible(request.user, pk)
    try:
        undo_merge(get_object_or_404(Merge, pk=merge_pk), by=request.user, now=clock.now())
    except NotMerged:
        return refused(request, _("It was merged on since. Take that apart first."))
    tell(request, _("Taken apart: each address is back with its own customer."))
    return redirect(conversation)


@require_http_methods(["GET", "POST"])
@for_agents
def begin(request: AgentRequest) -> HttpResponse:
    """Write to a customer first."""
    inboxes = list(Inbox.objects.filter(team__in=team_ids(request.user)).order_by("name"))
    form = BeginForm(request.POST or None, request.FILES or None)
    offer(
        form,
        inbox=[(box.pk, f"{box.name}, {box.address}") for box in inboxes],
        language=[("", _("As we know the customer")), *((code, language_name(code)) for code in LANGUAGES)],
    )
    if request.method == "POST" and form.is_valid() and not may_write_first(form.cleaned_data["email"]):
        form.add_error("email", _("They asked us not to contact them. When they write, answer them there."))
    if request.method == "GET" or not form.is_valid():
        return show(request, "desk/begin.html", {"form": form}, status=200 if request.method == "GET" else 422)
    said, now = form.cleaned_data, clock.now()
    conversation = actions.begin(
        inbox=next(box for box in inboxes if str(box.pk) == said["inbox"]),
        by=request.user,
        address=said["email"],
        name=said["name"],
        subject=said["subject"],
        text=said["text"],
        language=said["language"],
        not_before=now + timedelta(seconds=settings.UNDO_SECONDS),
        now=now,
        files=kept_files(said["attached"], now=now),
    )
    first = conversation.messages.get()
    undo_href = reverse("desk:undo_reply", args=[conversation.pk, first.pk])
    tell(
        request,
        _("Sent to %(name)s.") % {"name": said["name"] or said["email"]},
        undo=undo_href,
        seconds=settings.UNDO_SECONDS,
    )
    return redirect(conversation)


def _alike(customer: Customer, sought: str) -> list[tuple[int, str, str]]:
    by_name = Customer.objects.filter(name__icontains=sought)
    if "@" in sought:
        by_name = Customer.objects.filter(identities__address__startswith=sought.lower())
    # Who had everything erased is found by nobody while it is hidden.
    found = by_name.filter(merged_into__isnull=True).exclude(conversations__status=Status.ERASED)
    rows = found.exclude(pk=customer.pk).distinct().order_by("name")[:20]
    addresses: dict[int, list[str]] = {}
    for owner, address in Identity.objects.filter(customer__in=[row.pk for row in rows]).values_list(
        "customer_id", "address"
    ):
        addresses.setdefault(owner, []).append(address)
    return [(row.pk, row.name or "?", ", ".join(addresses.get(row.pk, []))) for row in rows]
