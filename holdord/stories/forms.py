"""The forms of the demo's mailbox."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerForm(forms.Form):
    """An answer to a mail."""

    text = forms.CharField(label=_("Your answer"), max_length=20_000)


class MailForm(forms.Form):
    """A new mail to the desk."""

    sender = forms.EmailField(label=_("From"), max_length=254)
    to = forms.ChoiceField(label=_("To"))
    subject = forms.CharField(label=_("Subject"), max_length=200, required=False)
    text = forms.CharField(label=_("Message"), max_length=20_000)

    def __init__(self, *args: object, addresses: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        self.fields["to"].choices = addresses  # type: ignore[attr-defined]
