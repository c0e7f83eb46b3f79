"""Requests carried out by an agent: done, refused with a reason, undone; and before some, who is this?"""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from holdord.conversations import actions as conversations
from holdord.conversations.models import Conversation, Fact, Request, RequestKind
from holdord.desk.access import AgentRequest, for_agents
from holdord.desk.deed_forms import AskForm, RefusalForm
from holdord.desk.deed_rows import do_words
from holdord.desk.frame import show, tell
from holdord.desk.request_rows import request_words
from holdord.desk.views.conversation import visible
from holdord.fulfilment import actions
from holdord.fulfilment.queries import deed_of, needs_proof
from holdord.fulfilment.rules import PROOFS_FOR, ProofKind
from holdord.kernel import clock
from holdord.people.models import Identity, IdentityKind
from holdord.web.faults import refused


@require_http_methods(["GET", "POST"])
@for_agents
def ask(request: AgentRequest, pk: int) -> HttpResponse:
    """Write down what the customer asks for; it is pinned above the messages."""
    conversation, form = visible(request.user, pk), AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        conversations.ask(
            conversation, RequestKind(said["kind"]), by=request.user, about=said["about"], now=clock.now()
        )
        tell(request, _("It is pinned until it is done."))
        return redirect(conversation)
    return show(request, "desk/ask.html", {"form": form, "number": pk}, status=422 if form.errors else 200)


@require_POST
@for_agents
def carry_out(request: AgentRequest, pk: int, request_pk: int) -> HttpResponse:
    """Have it done; who must be known first is asked for."""
    conversation, asked = _asked(request, pk, request_pk)
    if needs_proof(conversation, asked.kind, now=clock.now()):
        return redirect("desk:proof", pk, request_pk)
    return _do(request, conversation, lambda: actions.carry_out(asked, by=request.user, now=clock.now()), _BEGUN)


@require_POST
@for_agents
def undo(request: AgentRequest, pk: int, request_pk: int) -> HttpResponse:
    """Take back what was done."""
    conversation, asked = _asked(request, pk, request_pk)
    if asked.kind == RequestKind.BLOCK and needs_proof(conversation, RequestKind.UNBLOCK, now=clock.now()):
        return redirect("desk:proof", pk, request_pk)
    return _do(request, conversation, lambda: actions.undo(asked, by=request.user, now=clock.now()), _UNDOING)


@require_POST
@for_agents
def try_again(request: AgentRequest, pk: int, request_pk: int) -> HttpResponse:
    """Let the system be asked once more."""
    conversation, asked = _asked(request, pk, request_pk)
    deed = deed_of(asked)
    if deed is None or not actions.try_again(deed, now=clock.now()):
        return refused(request, _("Somebody has decided this already."))
    tell(request, _("The system is being asked."))
    return redirect(conversation)


@require_http_methods(["GET", "POST"])
@for_agents
def refuse(request: AgentRequest, pk: int, request_pk: int) -> HttpResponse:
    """Say no, with the reason that the customer gets."""
    conversation, asked = _asked(request, pk, request_pk)
    form = RefusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return _do(
            request,
            conversation,
            lambda: conversations.decline(asked, by=request.user, reason=reason, now=clock.now()),
            _REFUSED,
        )
    context = {"form": form, "number": pk, "what": request_words(asked.kind), "lang": conversation.language}
    return show(request, "desk/refusal.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_agents
def proof(request: AgentRequest, pk: int, request_pk: int) -> HttpResponse:
    """Who is this? Which proofs count, and which was given."""
    conversation, asked = _asked(request, pk, request_pk)
    undoing = asked.state == "fulfilled"
    kind, fault = (RequestKind.UNBLOCK.value if undoing else asked.kind), ""
    if request.method == "POST":
        try:
            if _given(request, conversation, kind):
                act = actions.undo if undoing else actions.carry_out
                return _do(
                    request,
                    conversation,
                    lambda: act(asked, by=request.user, now=clock.now()),
                    _UNDOING if undoing else _BEGUN,
                )
            tell(request, _("The code is on its way. Let them read it out to you."))
            return redirect("desk:proof", pk, request_pk)
        except actions.WrongCode:
            fault = _("That is not the code, or it is too old. Let them read it again, or send a new one.")
        except actions.TooManyCodes:
            fault = _("Three codes are on their way already. Wait a quarter of an hour.")
        except actions.NoProof:
            fault = _("This does not count as a proof here.")
    customer = conversation.customer_id
    facts = Fact.objects.filter(conversation__customer=customer, told=True).order_by("-pk")[:12]
    counts = PROOFS_FOR.get(kind, ())
    context = {
        "number": pk,
        "fault": fault,
        "what": request_words(asked.kind),
        "do": _("Undo") if undoing else do_words(asked.kind),
        "addresses": Identity.objects.filter(customer=customer, kind=IdentityKind.EMAIL).order_by("pk"),
        "facts": facts if ProofKind.FACT in counts else [],
        "by_fact": ProofKind.FACT in counts,
        "back": conversation.get_absolute_url(),
    }
    return show(request, "desk/proof.html", context, status=422 if fault else 200)


def _given(request: AgentRequest, conversation: Conversation, kind: str) -> bool:
    """Take what was given; False when only a code was sent. Raises WrongCode, TooManyCodes, NoProof."""
    now, said = clock.now(), request.POST
    if said.get("send_to", "").isdigit():
        identity = get_object_or_404(Identity, pk=said["send_to"], customer=conversation.customer_id)
        actions.send_code(conversation, identity, for_kind=kind, now=now)
        return False
    if said.get("fact", "").isdigit():
        fact = get_object_or_404(Fact, pk=said["fact"], conversation__customer=conversation.customer_id)
        actions.prove_by_fact(conversation, fact, for_kind=kind, by=request.user, now=now)
        return True
    actions.prove_by_code(conversation, said.get("code", "")[:20], for_kind=kind, by=request.user, now=now)
    return True


_BEGUN, _UNDOING, _REFUSED = "begun", "undoing", "refused"


def _do(request: AgentRequest, conversation: Conversation, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
    except conversations.AlreadyDecided:
        return refused(request, _("Somebody has decided this already."))
    except actions.TooLateToUndo:
        return refused(request, _("It can't be undone any more."))
    told = {
        _BEGUN: _("It is being done. The customer hears when it is."),
        _UNDOING: _("It is being undone. The customer hears when it is."),
        _REFUSED: _("The customer gets the reason."),
    }
    tell(request, told[words])
    return redirect(conversation)


def _asked(request: AgentRequest, pk: int, request_pk: int) -> tuple[Conversation, Request]:
    conversation = visible(request.user, pk)
    rows = Request.objects.select_related("conversation__inbox", "conversation__customer")
    return conversation, get_object_or_404(rows, pk=request_pk, conversation=conversation)
