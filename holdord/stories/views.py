"""The mailbox of the demo's customers, in the browser."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from holdord.channels.email.reading.sanitise import sanitise
from holdord.kernel import clock
from holdord.kernel.moments import moment_in_short
from holdord.people.models import Inbox
from holdord.stories import mailbox as box
from holdord.stories.executors.opening import DOES, make_slow, tells
from holdord.stories.forms import AnswerForm, MailForm

ZONE = "Europe/Copenhagen"
SLOW_FOR = 15
"""Seconds: longer than the desk waits for an answer."""


@dataclass(frozen=True)
class MailRow:
    """One line of the mailbox."""

    address: str
    to: str
    sender: str
    subject: str
    beginning: str
    at: str


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """What the desk sent, the newest first; `?to=` narrows it to one reader."""
    to = request.GET.get("to", "")
    rows = [_row(caught) for caught in box.newest() if to in {"", caught.to}]
    return render(request, "stories/mailbox.html", {"rows": rows, "to": to})


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail."""
    return _show(request, _get(name), AnswerForm())


@require_safe
@xframe_options_sameorigin
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of a mail, for the sandboxed frame."""
    html = sanitise(_get(name).mail.html or "")
    response = render(request, "letter.html", {"html": html, "lang": "mul"})
    response["Content-Security-Policy"] = (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        "frame-ancestors 'self'"
    )
    return response


@require_POST
def answer(request: HttpRequest, name: str) -> HttpResponse:
    """Answer a mail, as its reader."""
    caught, form = _get(name), AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, caught, form, status=422)
    try:
        box.answer(caught, form.cleaned_data["text"])
    except box.NotTaken as refused:
        form.add_error(None, _("The desk did not take the mail: %(why)s") % {"why": refused})
        return _show(request, caught, form, status=502)
    return redirect(reverse("stories:mailbox") + f"?sent=1&to={caught.to}")


def new_mail(request: HttpRequest) -> HttpResponse:
    """Write to the desk, as anybody."""
    addresses = [(inbox.address, f"{inbox.name} <{inbox.address}>") for inbox in Inbox.objects.order_by("pk")]
    form = MailForm(request.POST or None, addresses=addresses, initial={"sender": "kunde@post.example"})
    if request.method == "POST" and form.is_valid():
        try:
            box.write(**form.cleaned_data)
        except box.NotTaken as refused:
            form.add_error(None, _("The desk did not take the mail: %(why)s") % {"why": refused})
        else:
            return redirect(reverse("stories:mailbox") + f"?sent=1&to={form.cleaned_data['sender']}")
    return render(request, "stories/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def systems(request: HttpRequest) -> HttpResponse:
    """The shop and the card issuer: what they did, and whether they are slow to say so."""
    named = {"shop": _("The shop"), "cards": _("The card issuer")}
    return render(request, "stories/systems.html", {"rows": [(named[each], tells(each)) for each in DOES]})


@require_POST
def slowness(request: HttpRequest, company: str) -> HttpResponse:
    """Let a system answer long after its deed, or at once again."""
    if company not in DOES:
        raise Http404
    make_slow(company, SLOW_FOR if request.POST.get("slow") == "yes" else 0)
    return redirect("stories:systems")


def _show(request: HttpRequest, caught: box.Caught, form: AnswerForm, status: int = 200) -> HttpResponse:
    context = {
        "row": _row(caught),
        "text": caught.mail.text,
        "letter": reverse("stories:letter", args=[caught.name]) if caught.mail.html else "",
        "answer_to": reverse("stories:answer", args=[caught.name]),
        "form": form,
    }
    return render(request, "stories/mail.html", context, status=status)


def _get(name: str) -> box.Caught:
    try:
        return box.get(name)
    except box.NoSuchMail as missing:
        raise Http404 from missing


def _row(caught: box.Caught) -> MailRow:
    read = caught.mail
    return MailRow(
        address=reverse("stories:mail", args=[caught.name]),
        to=caught.to,
        sender=read.sender.name or read.sender.address if read.sender else "",
        subject=read.subject,
        beginning=" ".join(read.text.split())[:160],
        at=moment_in_short(read.date, now=clock.now(), zone=ZONE, language=get_language() or "en") if read.date else "",
    )
