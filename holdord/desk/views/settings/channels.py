"""How customers reach us and whether it works; and what came in and could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdord.channels import actions
from holdord.channels.email.trials import Finding, try_mailbox
from holdord.channels.models import Mailbox, MailboxAlarm
from holdord.channels.models.mailboxes import Fault
from holdord.channels.queries import quarantined, waiting_count
from holdord.channels.wording import fault_in_words
from holdord.desk.access import AgentRequest, for_administrators
from holdord.desk.frame import tell
from holdord.desk.setting_forms import MailboxForm
from holdord.desk.views.settings.sheet import show_settings
from holdord.kernel import clock
from holdord.people.models import Inbox
from holdord.web.times import Times, zone


@dataclass(slots=True)
class ChannelRow:
    """One way in, and whether it works right now."""

    icon: str
    name: str
    sub: str
    state: str
    state_icon: str
    words: str
    extra: str
    server_words: str = ""
    link: str = ""
    change: str = ""


@require_safe
@for_administrators
def channels(request: AgentRequest) -> HttpResponse:
    """Every way in."""
    times = Times(zone(request.user.time_zone), clock.now())
    rows = [_mailbox(box, times) for box in Mailbox.objects.select_related("inbox").order_by("user")]
    for inbox in Inbox.objects.order_by("name"):
        rows.append(_incoming(inbox))
        rows.append(_form(inbox))
    waiting = waiting_count()
    words = (
        ngettext("%(count)s mail waits to be read.", "%(count)s mails wait to be read.", waiting) % {"count": waiting}
        if waiting
        else ""
    )
    return show_settings(request, "channels.html", "channels", {"rows": rows, "waiting": words})


@require_http_methods(["GET", "POST"])
@for_administrators
def mailbox(request: AgentRequest, pk: int = 0) -> HttpResponse:
    """An IMAP account, new or changed. The password is sealed, and never shown again."""
    box = get_object_or_404(Mailbox, pk=pk) if pk else Mailbox()
    initial = {name: getattr(box, name) for name in _MAILBOX} if pk else {}
    form = MailboxForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if Mailbox.objects.filter(host=said["host"], port=said["port"], user=said["user"]).exclude(pk=pk).exists():
            form.add_error("user", _("This mailbox is fetched already."))
        else:
            return _tried_and_kept(request, box, form)
    return _mailbox_page(request, box, form, status=422 if form.errors else 200)


_MAILBOX = ("inbox", "host", "port", "security", "user", "folder", "is_active")


def _tried_and_kept(request: AgentRequest, box: Mailbox, form: MailboxForm) -> HttpResponse:
    """Keep it if it works, or if they say so all the same; else show why it does not work."""
    said, is_new = form.cleaned_data, box.pk is None
    for name in _MAILBOX:
        setattr(box, name, said[name])
    sealed = form.sealed_secret()
    if sealed:
        box.sealed_secret = sealed
    findings = try_mailbox(box) if box.is_active and not said["all_the_same"] else []
    if findings:
        return _mailbox_page(request, box, form, status=422, findings=findings, sealed=sealed)
    if sealed or is_new:
        box.failing_since, box.last_error, box.last_fault = None, "", ""
    box.save()
    if box.is_active and not said["all_the_same"]:
        tell(request, _("Kept. We could log in, there and where your mail goes out."))
    else:
        tell(request, _("Kept, without trying it."))
    return redirect("desk:channels")


def _mailbox_page(
    request: AgentRequest,
    box: Mailbox,
    form: MailboxForm,
    *,
    status: int,
    findings: Sequence[Finding] = (),
    sealed: str = "",
) -> HttpResponse:
    failing = box.pk and box.failing_since and not findings
    context = {
        "form": form,
        "box": box if box.pk else None,
        "fault": _fault(box) if failing else "",
        "server_words": box.last_error if failing else "",
        "findings": findings,
        "sealed": sealed,
    }
    return show_settings(request, "mailbox.html", "channels", context, status=status)


def _fault(box: Mailbox) -> str:
    return fault_in_words(box.last_fault or Fault.OTHER, host=box.host, port=box.port, folder=box.folder)


@require_safe
@for_administrators
def quarantine(request: AgentRequest) -> HttpResponse:
    """What could not be read: kept, shown, and tried again when somebody says so."""
    times = Times(zone(request.user.time_zone), clock.now())
    rows = [
        (
            arrival.pk,
            times.when(arrival.received_at),
            arrival.envelope_from,
            arrival.inbox.name if arrival.inbox else "",
            _why(arrival.error),
            arrival.detail or arrival.error,
            arrival.attempts,
        )
        for arrival in quarantined()[:200]
    ]
    return show_settings(request, "quarantine.html", "quarantine", {"rows": rows})


def _why(error: str) -> str:
    """What happened, for whoever looks; the technical part stands below it."""
    if error in {"LookupError", "DoesNotExist"}:
        return _("No inbox of ours takes mail at this address.")
    if error == "RawMailLost":
        return _("The stored mail is damaged or gone from the disk.")
    return _("The desk stumbled over this mail. The mail itself is kept whole.")


@require_POST
@for_administrators
def try_again(request: AgentRequest, pk: int) -> HttpResponse:
    """Read a quarantined mail once more."""
    arrival = get_object_or_404(quarantined(), pk=pk)
    actions.try_again(arrival, now=clock.now())
    tell(request, _("It is read again now. If it fails, it comes back here."))
    return redirect("desk:quarantine")


def _mailbox(box: Mailbox, times: Times) -> ChannelRow:
    state, icon, words, extra = _how_it_is(box, times)
    server_words = box.last_error if box.failing_since else ""
    sub = _("Mail for %(inbox)s, fetched from %(host)s") % {"inbox": box.inbox.name, "host": box.host}
    change = reverse("desk:mailbox", args=[box.pk])
    return ChannelRow("mail", box.user, sub, state, icon, words, extra, server_words, change=change)


def _how_it_is(box: Mailbox, times: Times) -> tuple[str, str, str, str]:
    alarm = MailboxAlarm.objects.filter(mailbox=box, ended_at__isnull=True).order_by("since").first()
    since = box.failing_since or (alarm.since if alarm else None)
    if since:
        extra = _("since %(when)s · nothing lost, mail waits at the provider") % {"when": times.when(since)}
        return "broken", "alert", _("does not work"), f"{_fault(box)} · {extra}" if box.last_error else extra
    if not box.is_active:
        return "draft", "more", _("switched off"), ""
    if box.last_ok_at is None:
        return "draft", "more", _("not tried yet"), ""
    last = _("last mail %(ago)s") % {"ago": times.ago(box.last_mail_at)} if box.last_mail_at else _("no mail yet")
    return "kept", "check", _("works"), last


def _incoming(inbox: Inbox) -> ChannelRow:
    return ChannelRow(
        "inbox", inbox.address, _("Mail, handed in by your mail server"), "kept", "check", _("listens"),
        _("forward this address to the desk’s SMTP port"),
    )  # fmt: skip


def _form(inbox: Inbox) -> ChannelRow:
    address = f"{settings.PUBLIC_URL}/write/{inbox.slug}/"
    return ChannelRow("form", _("Contact form"), inbox.name, "kept", "check", _("works"), address, link=address)
