"""The frame of the settings pages."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from holdord.desk.access import AgentRequest
from holdord.desk.frame import show


@dataclass(slots=True)
class Section:
    """One line of the settings' own navigation."""

    key: str
    label: str
    href: str


def show_settings(
    request: AgentRequest, template: str, section: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render one settings page."""
    context = {**(context or {}), "sections": _sections(request), "section": section}
    return show(request, f"desk/settings/{template}", context, current="settings", status=status)


FOR_LEADS = frozenset({"uploads", "texts"})
"""What leads may open as well."""


def _sections(request: AgentRequest) -> list[Section]:
    named = [
        ("settings", _("Start here")),
        ("channels", _("Channels")),
        ("inboxes", _("Inboxes and hours")),
        ("people", _("People and roles")),
        ("teams", _("Teams")),
        ("pledges", _("Pledges")),
        ("executors", _("Executors")),
        ("blocked", _("Blocked senders")),
        ("quarantine", _("Quarantine")),
        ("import", _("Bring customers in")),
        ("pools", _("Pools")),
        ("uploads", _("Orders and capacity")),
        ("texts", _("Texts")),
        ("programs", _("Programs")),
    ]
    if not request.user.is_administrator:
        named = [(key, label) for key, label in named if key in FOR_LEADS]
    return [Section(key, label, reverse(f"desk:{key}")) for key, label in named]
