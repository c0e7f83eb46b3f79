"""How customers reach us and whether it works; and what came in and could not be read."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdord.channels import actions
from holdord.channels.email.secrets import seal
from holdord.channels.models import Mailbox, MailboxAlarm
from holdord.channels.queries import quarantined, waiting_count
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
            _keep(box, said)
            tell(request, _("Kept. Within a minute you see here whether it works."))
            return redirect("desk:channels")
    context = {"form": form, "box": box if pk else None}
    return show_settings(request, "mailbox.html", "channels", context, status=422 if form.errors else 200)


_MAILBOX = ("inbox", "host", "port", "security", "user", "is_active")


def _keep(box: Mailbox, said: dict[str, Any]) -> None:
    for name in _MAILBOX:
        setattr(box, name, said[name])
    if said["password"]:
        box.sealed_secret = seal(said["password"])
        box.failing_since, box.last_error = None, ""
    box.save()


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
    sub = _("Mail for %(inbox)s, fetched from %(host)s") % {"inbox": box.inbox.name, "host": box.host}
    change = reverse("desk:mailbox", args=[box.pk])
    return ChannelRow("mail", box.user, sub, state, icon, words, extra, change=change)


def _how_it_is(box: Mailbox, times: Times) -> tuple[str, str, str, str]:
    alarm = MailboxAlarm.objects.filter(mailbox=box, ended_at__isnull=True).order_by("since").first()
    since = box.failing_since or (alarm.since if alarm else None)
    if since:
        extra = _("since %(when)s · nothing lost, mail waits at the provider") % {"when": times.when(since)}
        return "broken", "alert", _("does not work"), f"{extra} · {box.last_error}" if box.last_error else extra
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
