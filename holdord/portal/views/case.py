"""The customer's case page."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdord.conversations import actions, case_links
from holdord.conversations.models import Channel, Fact, Participant, Status
from holdord.fulfilment.models import HiddenCase
from holdord.kernel import clock
from holdord.portal import case_rows, request_rows
from holdord.portal.forms import CallBackForm, EffortForm, NotWorkingForm, WriteForm
from holdord.portal.public import brand, language_for, public, see_other
from holdord.portal.receiving import receive_from
from holdord.web.facts import fact_typed
from holdord.web.previews import previewed
from holdord.web.times import Times, zone
from holdord.web.uploads import kept_files


@public
@require_safe
def case(request: HttpRequest, token: str) -> HttpResponse:
    """What we owe, what you can do, what happened."""
    looked_at = previewed(token)
    participant = looked_at or case_links.holder_of(token)
    if participant is None:
        return gone(request)
    if participant.conversation.status == Status.ERASED:
        return gone(request) if looked_at else erased(request, participant, token)
    return page(request, participant, token, may_act=looked_at is None)


def erased(request: HttpRequest, participant: Participant, token: str) -> HttpResponse:
    """What was erased shows nothing but when it is destroyed, and a way back until then."""
    conversation = participant.conversation
    hidden = HiddenCase.objects.filter(
        conversation=conversation, erasure__undone_at__isnull=True, erasure__destroyed_at__isnull=True
    )
    found = hidden.select_related("erasure").first()
    if found is None:
        return gone(request)
    with translation.override(language_for(request, conversation.language)):
        times = Times(zone(conversation.inbox.time_zone), clock.now())
        context = {
            "lang": translation.get_language(),
            "brand": brand(conversation.inbox),
            "token": token,
            "until": times.when(found.erasure.destroy_at),
            "request_pk": found.erasure.request_id,
        }
        return render(request, "portal/erased.html", context)


@public
@require_http_methods(["POST"])
def write(request: HttpRequest, token: str) -> HttpResponse:
    """A message from the customer, with files; written once however often it is sent."""
    participant, form = case_links.participant_of(token), WriteForm(request.POST, request.FILES)
    if participant is None:
        return gone(request)
    if not form.is_valid():
        with translation.override(language_for(request, participant.conversation.language)):
            form = WriteForm(request.POST, request.FILES)
            form.is_valid()
            return page(request, participant, token, form, status=422)
    said, now = form.cleaned_data, clock.now()
    receive_from(
        participant,
        said["text"],
        channel=Channel.PAGE,
        key=said["key"],
        files=kept_files(said["attached"], now=now),
        now=now,
    )
    return back(request, token, "written")


@public
@require_POST
def solved(request: HttpRequest, token: str) -> HttpResponse:
    """The customer says that it works: nothing is owed any more, and the case is closed."""
    participant = case_links.participant_of(token)
    if participant is None:
        return gone(request)
    conversation = participant.conversation
    with translation.override(conversation.language):
        word = _("It works now.")
    actions.accept_solution(conversation, word=word, now=clock.now())
    return back(request, token, "solved")


@public
@require_POST
def correct(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """The customer corrects what they told us, or takes it out."""
    participant = case_links.participant_of(token)
    if participant is None:
        return gone(request)
    fact = get_object_or_404(Fact, pk=pk, conversation=participant.conversation, told=True)
    times = Times(zone(participant.conversation.inbox.time_zone), clock.now())
    value = "" if "remove" in request.POST else fact_typed(fact.label, request.POST.get("value", "")[:300], times)
    if (value or "remove" in request.POST) and value != fact.value:
        actions.correct_fact(fact, value, now=clock.now())
    return back(request, token, "corrected")


@public
@require_POST
def not_solved(request: HttpRequest, token: str) -> HttpResponse:
    """The customer opens the case again."""
    participant = case_links.participant_of(token)
    if participant is None:
        return gone(request)
    actions.reopen(participant.conversation, by=None, now=clock.now())
    return back(request, token, "reopened")


@public
@require_POST
def not_working(request: HttpRequest, token: str) -> HttpResponse:
    """The customer says that it doesn't work: that is a message, and is owed an answer."""
    participant, form = case_links.participant_of(token), NotWorkingForm(request.POST)
    if participant is None:
        return gone(request)
    text = form.cleaned_data.get("text", "") if form.is_valid() else ""
    with translation.override(participant.conversation.language):
        receive_from(
            participant,
            text or _("It does not work yet."),
            channel=Channel.PAGE,
            key=request.POST.get("key", "")[:64],
            now=clock.now(),
        )
    return back(request, token, "not_working")


@public
@require_POST
def effort(request: HttpRequest, token: str) -> HttpResponse:
    """How easy it was to get help, asked once in a closed case."""
    participant, form = case_links.participant_of(token), EffortForm(request.POST)
    if participant is None:
        return gone(request)
    conversation = participant.conversation
    if conversation.status != Status.CLOSED or not form.is_valid():
        return back(request, token, "")
    said = form.cleaned_data
    is_declined = "not_now" in request.POST
    if said["score"] is None and not is_declined:
        with translation.override(language_for(request, conversation.language)):
            return page(
                request, participant, token, status=422, fault=_("Choose a number from 1 to 5, or leave it out.")
            )
    actions.say_effort(
        conversation,
        score=None if is_declined else said["score"],
        word="" if is_declined else said["word"],
        now=clock.now(),
    )
    return back(request, token, "effort_declined" if is_declined else "effort")


@public
@require_POST
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    """A new private link; the old one is worthless from now on."""
    participant = case_links.participant_of(token)
    if participant is None:
        return gone(request)
    fresh = actions.replace_case_link(participant, by=None, now=clock.now())
    return back(request, case_links.token_for(fresh), "link")


def page(
    request: HttpRequest,
    participant: Participant,
    token: str,
    form: WriteForm | None = None,
    *,
    status: int = 200,
    may_act: bool = True,
    fault: str = "",
    call: CallBackForm | None = None,
) -> HttpResponse:
    """The case page, as this participant sees it; `fault` says why what they just did could not be done."""
    conversation = participant.conversation
    with translation.override(language_for(request, conversation.language)):
        times = Times(zone(conversation.inbox.time_zone), clock.now())
        asked = request_rows.asked(conversation, times)
        shown = case_rows.case_page(participant, times, finding=asked.finding, deeds=asked.story)
        context = {
            "lang": translation.get_language(),
            "brand": brand(conversation.inbox),
            "case": shown,
            "call": call or CallBackForm(initial={"phone": shown.phone}),
            "asked": asked,
            "asked_lang": conversation.inbox.language,
            "token": token,
            "slug": conversation.inbox.slug,
            "may_act": may_act,
            "form": form or WriteForm(),
            "fault": fault,
            "key": uuid4().hex,
            "works": request.GET.get("works", "") if may_act else "",
            "not_working": NotWorkingForm(),
            "done": _done(request.GET.get("done", "")),
            "undo": reverse("portal:not_solved", args=[token]) if request.GET.get("done") == "solved" else "",
        }
        return render(request, "portal/case.html", context, status=status)


def _done(what: str) -> tuple[str, str] | None:
    return {
        "written": (_("We have your message."), _("It stands below, and a person reads it.")),
        "solved": (_("Good that it works."), _("We have closed the case. You can open it again whenever you like.")),
        "corrected": (_("Thank you. We have changed it."), _("You do not need to say it again.")),
        "reopened": (_("Your case is open again."), _("A person looks at it.")),
        "chose_keep": (_("Thank you."), _("The new time stands, and it is held for you.")),
        "chose_other_time": (_("Your time is held."), _("It stands below.")),
        "chose_money_back": (_("You get your money back."), _("When, stands below. Nothing comes any more.")),
        "chose_let_go": (_("We have let it go."), _("Nothing comes any more, and you need do nothing.")),
        "no_call": (_("We do not call you."), _("Should you need us after all: below is what you can do.")),
        "call_back": (_("We call you."), _("The time stands below, and it is held for you.")),
        "asked": (_("We have it."), _("How it stands, you see below. You get a mail when it is done.")),
        "done_already": (_("That is done already."), _("It stands below.")),
        "undoing": (_("We take it back."), _("How it stands, you see below.")),
        "not_meant": (_("Then we do nothing of the kind."), _("Thank you for telling us.")),
        "not_working": (_("We have heard that it does not work."), _("A person answers you. By when, stands below.")),
        "effort": (_("Thank you."), _("We read every one of them. You are not asked again.")),
        "effort_declined": (_("That is fine."), _("You are not asked again.")),
        "link": (
            _("This is your new private link."),
            _("The old one leads nowhere now. Keep the address of this page."),
        ),
    }.get(what)


def back(request: HttpRequest, token: str, done: str) -> HttpResponse:
    """To the page that shows what was done; reloading it does nothing twice."""
    lang = request.GET.get("lang", "")
    address = f"{reverse('portal:case', args=[token])}?done={done}" + (f"&lang={lang}" if lang.isalpha() else "")
    return see_other(address)


def gone(request: HttpRequest) -> HttpResponse:
    """This link leads nowhere."""
    return render(request, "portal/no_case.html", status=404)
