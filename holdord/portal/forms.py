"""What customers type, checked kindly: each fault says what to do, and nothing typed is lost."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdord.channels.form.asking import Asked
from holdord.channels.models import FieldKind
from holdord.kernel import clock
from holdord.kernel.moments import is_near
from holdord.people.rules import example_number
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


TOO_LONG = {"max_length": gettext_lazy("That is more than we can read at once. Send the long part as a file.")}


class WriteForm(forms.Form):
    """A message on the case page."""

    text = forms.CharField(
        label=gettext_lazy("Your message"), required=False, max_length=100_000, error_messages=TOO_LONG
    )
    attached = FilesField(label=gettext_lazy("Pictures or files"), required=False)
    key = forms.CharField(required=False, max_length=64)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("text") and not cleaned.get("attached") and not self.errors:
            self.add_error("text", _("Write a few words first, or choose a file."))
        return cleaned


class ChatForm(WriteForm):
    """The first message of a chat. Who gives no address has the chat alone."""

    name = forms.CharField(label=gettext_lazy("Your name"), required=False, max_length=200)
    email = forms.CharField(
        label=gettext_lazy("Mail address, if you may have to leave"), required=False, max_length=320
    )
    offer = forms.CharField(required=False, max_length=400)
    visitor = forms.CharField(required=False)
    website = forms.CharField(required=False, max_length=400)

    def clean_email(self) -> str:
        return known_address(self.cleaned_data["email"]) if self.cleaned_data["email"].strip() else ""


class NotWorkingForm(forms.Form):
    """It doesn't work: perhaps with what is wrong."""

    text = forms.CharField(
        label=gettext_lazy("What is wrong? You can leave it empty"), required=False, max_length=20_000
    )
    key = forms.CharField(required=False, max_length=64)


class AddressForm(forms.Form):
    """A mail address that a link is sent to."""

    email = forms.CharField(
        label=gettext_lazy("Mail address"),
        max_length=320,
        error_messages={"required": gettext_lazy("Give the mail address you wrote to us from.")},
    )

    def clean_email(self) -> str:
        return known_address(self.cleaned_data["email"])


class EffortForm(forms.Form):
    """How easy it was, or that somebody doesn't want to say."""

    score = forms.TypedChoiceField(
        choices=[(str(each), "") for each in range(1, 6)], coerce=int, empty_value=None, required=False
    )
    word = forms.CharField(required=False, max_length=5_000)


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


def no_number_here(country: str) -> str:
    """What is wrong with a number that is none in `country` (ISO 3166)."""
    return _("We can't call this number. Write it with its country's number, for example %(example)s.") % {
        "example": example_number(country)
    }


class ContactForm(forms.Form):
    """The contact form: the question first, the name last."""

    text = forms.CharField(
        label=gettext_lazy("What is it about?"),
        help_text=gettext_lazy("Use your own words. An order number helps, but you do not need one."),
        max_length=100_000,
        error_messages={"required": gettext_lazy("Write a few words about what you need."), **TOO_LONG},
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
    proof = forms.CharField(required=False, max_length=12)

    def __init__(self, *args: Any, asked: Sequence[Asked] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for each in asked:
            self.fields[each.name] = _field_of(each)

    @property
    def asked_fields(self) -> list[tuple[Asked, forms.BoundField]]:
        """What the inbox asks for, each with its field."""
        return [(each, self[each.name]) for each in self.asked]

    def told(self, day_in_words: Callable[[date], str]) -> list[tuple[str, str]]:
        """What was answered, word for word, under the label that the customer read."""
        answers = [(each, self.cleaned_data[each.name]) for each in self.asked]
        return [
            (each.label, _words_of(value, day_in_words)) for each, value in answers if value not in {"", None, False}
        ]

    def clean_email(self) -> str:
        return known_address(self.cleaned_data["email"])

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        return known_number(phone) if self.data.get("slot") else phone


def _field_of(asked: Asked) -> forms.Field:
    """A field as an administrator built it; the purpose stands under its label."""
    common: dict[str, Any] = {"label": asked.label, "help_text": asked.purpose, "required": asked.is_required}
    required = {"required": _("Fill this in: we need it for what stands here.")}
    match asked.kind:
        case FieldKind.NUMBER:
            fault = {**required, "invalid": _("Write a number, for example 12.")}
            return forms.DecimalField(**common, error_messages=fault, max_digits=15, localize=True)
        case FieldKind.DATE:
            return forms.DateField(**common, error_messages={**required, "invalid": _("Choose a day.")})
        case FieldKind.CHOICE:
            fault = {**required, "invalid_choice": _("Choose one of the possibilities that stand here.")}
            offered = [("", _("Choose")), *((each, each) for each in asked.choices)]
            return forms.ChoiceField(**common, error_messages=fault, choices=offered)
        case FieldKind.YES:
            return forms.BooleanField(
                **common, error_messages={"required": _("We need your yes for what stands here.")}
            )
        case _:
            most = 200 if asked.kind == FieldKind.LINE else 10_000
            return forms.CharField(**common, error_messages=required, max_length=most)


def _words_of(value: Any, day_in_words: Callable[[date], str]) -> str:
    if value is True:
        return _("Yes")
    return day_in_words(value) if isinstance(value, date) else str(value)


def known_address(typed: str) -> str:
    """What was typed, if it may be a mail address. Raises ValidationError."""
    address = typed.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(_fault_in(address)) from None
    return address


def _fault_in(address: str) -> str:
    if "@" not in address:
        return _("There is an @ missing, as in name@example.com.")
    domain = address.rpartition("@")[2]
    if not domain:
        return _("Something is missing after the @, as in name@example.com.")
    if "." not in domain:
        return _("There is something missing after “%(domain)s”, for example “.com”.") % {"domain": domain}
    return _("This does not look like a mail address. It should be like name@example.com.")
