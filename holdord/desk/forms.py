"""What agents type, checked. Labels and faults are in the reader's language."""

from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from holdord.kernel import clock
from holdord.kernel.languages import LANGUAGES
from holdord.kernel.moments import is_near
from holdord.web.uploads import FilesField


class MomentField(forms.CharField):
    """A moment: one of those offered (with its offset), or typed as local time of `zone`."""

    zone: tzinfo = UTC

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            moment = parse_datetime(text) or datetime.fromisoformat(text)
        except ValueError:
            raise forms.ValidationError(_("This is not a time. Take one that is offered.")) from None
        if not is_near(moment, now=clock.now()):
            raise forms.ValidationError(_("This is not a time. Take one that is offered."))
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)


class WritingForm(forms.Form):
    """A reply or a note."""

    kind = forms.ChoiceField(choices=[("reply", ""), ("note", "")])
    text = forms.CharField(required=False, strip=True, max_length=200_000)
    attached = FilesField(required=False)
    seen = forms.IntegerField(required=False)
    once = forms.CharField(required=False, max_length=64)
    not_the_answer = forms.BooleanField(required=False)
    update_by = MomentField(required=False)
    opened = MomentField(required=False)
    send_anyway = forms.BooleanField(required=False)
    guard_reason = forms.CharField(required=False, max_length=300, strip=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("text") and not cleaned.get("attached"):
            raise forms.ValidationError(_("Write something first."))
        if cleaned.get("kind") == "reply" and cleaned.get("not_the_answer") and not cleaned.get("update_by"):
            raise forms.ValidationError(_("Say by when the customer hears from us again."))
        return cleaned


class SnoozeForm(forms.Form):
    """Until when; a time typed without its offset is meant in `zone`."""

    until = MomentField()

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until = self.fields["until"]
        assert isinstance(until, MomentField)
        until.zone = zone


class ReasonForm(forms.Form):
    """Why it is closed; the customer reads it."""

    reason = forms.CharField(max_length=5000)


class HandOverForm(forms.Form):
    """To whom, and what they need to know."""

    to = forms.RegexField(r"^(team-\d+|agent-\d+-\d+)$")
    why = forms.CharField(max_length=20_000)


class BeginForm(forms.Form):
    """An agent writes first."""

    inbox = forms.ChoiceField(label=_("From"))
    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    email = forms.EmailField(label=_("Mail address"), max_length=320)
    language = forms.ChoiceField(label=_("Language"), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=300)
    text = forms.CharField(label=_("Your text"), widget=forms.Textarea, max_length=200_000)
    attached = FilesField(label=_("Files"), required=False)


class PreferencesForm(forms.Form):
    """How the desk looks and listens for one agent."""

    name = forms.CharField(label=_("Name"), max_length=200)
    language = forms.ChoiceField(label=_("Language of the desk"))
    time_zone = forms.CharField(label=_("Time zone"), max_length=64, help_text=_("For example Europe/Copenhagen"))
    theme = forms.ChoiceField(
        label=_("Light or dark"),
        required=False,
        choices=[("", _("As the computer says")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    single_keys = forms.BooleanField(
        label=_("Single keys"), required=False, help_text=_("J, K, R and so on, outside fields")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, language=list(LANGUAGES.items()))

    def clean_time_zone(self) -> str:
        return known_zone(self.cleaned_data["time_zone"])


def offer(form: forms.Form, **choices: list[tuple[Any, str]]) -> None:
    """Let the fields named here offer these choices."""
    for name, offered in choices.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offered


def known_zone(name: str) -> str:
    """`name`, if it is a time zone. Raises ValidationError."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise forms.ValidationError(_("There is no time zone of this name. For example: Europe/Copenhagen.")) from None
    return name
