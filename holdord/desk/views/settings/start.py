"""Start here: what is done, and what is missing before the first customer can write."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from holdord.desk.access import AgentRequest, for_administrators
from holdord.desk.views.settings.sheet import show_settings
from holdord.people.models import Agent, Inbox, OpeningHours
from holdord.promises.models import Pledge


@dataclass(slots=True)
class Step:
    """One step, done (`kept`) or still to do (`draft`)."""

    look: str
    title: str
    words: str
    href: str
    button: str


@require_safe
@for_administrators
def start(request: AgentRequest) -> HttpResponse:
    """The list of first steps."""
    steps = _steps()
    missing = sum(step.look == "draft" for step in steps)
    title = (
        ngettext(
            "%(count)s more step, and the first customer can write",
            "%(count)s more steps, and the first customer can write",
            missing,
        )
        % {"count": missing}
        if missing
        else _("Everything is ready: customers can write")
    )
    return show_settings(request, "start.html", "settings", {"steps": steps, "title": title})


def _steps() -> list[Step]:
    inbox = Inbox.objects.order_by("pk").first()
    names = ", ".join(Inbox.objects.order_by("name").values_list("name", flat=True)[:3])
    pledged = Pledge.objects.exists()
    return [
        _step(inbox is not None, _("Name and languages"), names, "inboxes", _("Open an inbox")),
        _step(
            OpeningHours.objects.exists(),
            _("Working hours"),
            _("With the holidays of your country"),
            "inboxes",
            _("Set them"),
        ),
        _step(
            pledged, _("Your first pledge"), _("“A person answers within four working hours”"), "pledges", _("Write it")
        ),
        _step(
            Agent.objects.filter(is_active=True).count() > 1,
            _("Invite a colleague"),
            _("Every promise needs someone to take over"),
            "people",
            _("Invite"),
        ),
        _step(bool(inbox), _("A mailbox"), inbox.address if inbox else "", "channels", _("Look at it")),
        _step(bool(inbox), _("Put the form on your site"), _form_address(inbox), "channels", _("Show the link")),
    ]


def _step(done: bool, title: str, words: str, page: str, button: str) -> Step:
    return Step("kept" if done else "draft", title, words, reverse(f"desk:{page}"), button)


def _form_address(inbox: Inbox | None) -> str:
    return f"{settings.PUBLIC_URL}/write/{inbox.slug}/" if inbox else ""
