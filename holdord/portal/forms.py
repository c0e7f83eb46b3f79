"""What customers type, checked kindly: each fault says what to do, and nothing typed is lost."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdord.kernel import clock
from holdord.kernel.moments import is_near
from holdord.promises.rules import Choice
from holdord.web.uploads import FilesField


class MomentField(forms.CharField):
    """A moment that was offered, with its offset."""

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValidationError(_("Choose one of the times that stand here.")) from None
        if moment.tzinfo is None or not is_near(moment, now=clock.now()):
            raise ValidationError(_("Choose one of the times that stand here."))
        return moment


class WriteForm(forms.Form):
    """A message on the case page."""

    text = forms.CharField(label=gettext_lazy("Your message"), required=False, max_length=100_000)
    attached = FilesField(label=gettext_lazy("Pictures or files"), required=False)
    key = forms.CharField(required=False, max_length=64)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("text") and not cleaned.get("attached") and not self.errors:
            self.add_error("text", _("Write a few words first, or choose a file."))
        return cleaned


def phone_field() -> forms.CharField:
    """Where somebody can be called."""
    return forms.CharField(label=gettext_lazy("Phone number"), required=False, max_length=40)


class ChoiceForm(forms.Form):
    """What shall become of a late promise, and by when if another time was chosen."""

    choice = forms.ChoiceField(choices=[(each.value, "") for each in Choice])
    to = MomentField(required=False)


class CallBackForm(forms.Form):
    """When to be called back, and where."""

    slot = MomentField()
    phone = phone_field()

    def clean_phone(self) -> str:
        return known_number(self.cleaned_data["phone"])


def known_number(text: str) -> str:
    """What was typed, if it may be a phone number. Raises ValidationError."""
    if sum(letter.isdigit() for letter in text) < 5:
        raise ValidationError(_("Give the number we can call you on."))
    return text


class ContactForm(forms.Form):
    """The contact form: the question first, the name last."""

    text = forms.CharField(
        label=gettext_lazy("What is it about?"),
        help_text=gettext_lazy("Use your own words. An order number helps, but you do not need one."),
        max_length=100_000,
        error_messages={"required": gettext_lazy("Write a few words about what you need.")},
    )
    attached = FilesField(label=gettext_lazy("Pictures or files"), required=False)
    name = forms.CharField(label=gettext_lazy("Your name"), required=False, max_length=200)
    email = forms.CharField(
        label=gettext_lazy("Mail address"),
        max_length=320,
        error_messages={"required": gettext_lazy("Give your mail address, so that we can answer you.")},
    )
    slot = MomentField(required=False)
    phone = phone_field()
    offer = forms.CharField(required=False, max_length=500)
    key = forms.CharField(required=False, max_length=64)
    website = forms.CharField(required=False)

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"].strip()
        try:
            validate_email(address)
        except ValidationError:
            raise ValidationError(_fault_in(address)) from None
        return address

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        return known_number(phone) if self.data.get("slot") else phone


def _fault_in(address: str) -> str:
    if "@" not in address:
        return _("There is an @ missing, as in name@example.com.")
    domain = address.rpartition("@")[2]
    if not domain:
        return _("Something is missing after the @, as in name@example.com.")
    if "." not in domain:
        return _("There is something missing after “%(domain)s”, for example “.com”.") % {"domain": domain}
    return _("This does not look like a mail address. It should be like name@example.com.")
