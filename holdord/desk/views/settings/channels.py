"""How customers reach us and whether it works; and what came in and could not be read."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from holdord.channels import actions
from holdord.channels.models import Mailbox, MailboxAlarm
from holdord.channels.queries import quarantined, waiting_count
from holdord.desk.access import AgentRequest, for_administrators
from holdord.desk.frame import tell
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
            arrival.detail or arrival.error,
            arrival.attempts,
        )
        for arrival in quarantined()[:200]
    ]
    return show_settings(request, "quarantine.html", "quarantine", {"rows": rows})


@require_POST
@for_administrators
def try_again(request: AgentRequest, pk: int) -> HttpResponse:
    """Read a quarantined mail once more."""
    arrival = get_object_or_404(quarantined(), pk=pk)
    actions.try_again(arrival, now=clock.now())
    tell(request, _("It is read again now. If it fails, it comes back here."))
    return redirect("desk:quarantine")


def _mailbox(box: Mailbox, times: Times) -> ChannelRow:
    alarms = list(MailboxAlarm.objects.filter(mailbox=box, ended_at__isnull=True).order_by("since"))
    name, sub = box.user, _("Mail for %(inbox)s, fetched from %(host)s") % {"inbox": box.inbox.name, "host": box.host}
    if box.failing_since or alarms:
        since = box.failing_since or alarms[0].since
        extra = _("since %(when)s · nothing lost, mail waits at the provider") % {"when": times.when(since)}
        return ChannelRow("mail", name, sub, "broken", "alert", _("does not work"), extra)
    if not box.is_active:
        return ChannelRow("mail", name, sub, "draft", "more", _("switched off"), "")
    if box.last_ok_at is None:
        return ChannelRow("mail", name, sub, "draft", "more", _("not tried yet"), "")
    last = _("last mail %(ago)s") % {"ago": times.ago(box.last_mail_at)} if box.last_mail_at else _("no mail yet")
    return ChannelRow("mail", name, sub, "kept", "check", _("works"), last)


def _incoming(inbox: Inbox) -> ChannelRow:
    return ChannelRow(
        "inbox", inbox.address, _("Mail, handed in by your mail server"), "kept", "check", _("listens"),
        _("forward this address to the desk’s SMTP port"),
    )  # fmt: skip


def _form(inbox: Inbox) -> ChannelRow:
    address = f"{settings.PUBLIC_URL}/write/{inbox.slug}/"
    return ChannelRow("form", _("Contact form"), inbox.name, "kept", "check", _("works"), address, link=address)
