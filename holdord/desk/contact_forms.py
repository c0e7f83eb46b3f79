"""What an administrator types to build the contact form, checked."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdord.channels.form.building import NotAnOrigin, Words, origin_of
from holdord.channels.models import FieldKind
from holdord.desk.forms import offer
from holdord.kernel.languages import LANGUAGES


def kinds() -> list[tuple[str, str]]:
    """The kinds of fields, in the reader's language."""
    return [
        (FieldKind.LINE, _("One line of text")),
        (FieldKind.LINES, _("Several lines of text")),
        (FieldKind.NUMBER, _("A number")),
        (FieldKind.DATE, _("A day")),
        (FieldKind.CHOICE, _("One of several possibilities")),
        (FieldKind.YES, _("A box to tick")),
    ]


class FieldForm(forms.Form):
    """One thing to ask for, in five languages; the inbox's own comes first and has to be filled in."""

    kind = forms.ChoiceField(label=gettext_lazy("What is filled in"))
    is_required = forms.BooleanField(
        label=gettext_lazy("Has to be filled in"),
        required=False,
        help_text=gettext_lazy("Only where nobody could help without it"),
    )

    def __init__(self, *args: Any, main: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.main = main
        offer(self, kind=kinds())
        for code in [main, *(code for code in LANGUAGES if code != main)]:
            self.fields[f"label_{code}"] = forms.CharField(
                label=_("What customers read"), required=False, max_length=120
            )
            self.fields[f"purpose_{code}"] = forms.CharField(
                label=_("What you need it for"),
                required=False,
                max_length=300,
                help_text=_("Customers read it under the field: “So that we find your order.”"),
            )
            self.fields[f"choices_{code}"] = forms.CharField(
                label=_("The possibilities, one a line"),
                required=False,
                max_length=4000,
                help_text=_("Only where one of several is chosen"),
            )

    def by_language(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """Code, name and the three fields of each language, the inbox's own first."""
        codes = [self.main, *(code for code in LANGUAGES if code != self.main)]
        return [(code, LANGUAGES[code], [self[f"{part}_{code}"] for part in _PARTS]) for code in codes]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for code in LANGUAGES:
            label, purpose = cleaned.get(f"label_{code}", ""), cleaned.get(f"purpose_{code}", "")
            if not label and (code == self.main or purpose):
                self.add_error(f"label_{code}", _("Say what you ask for."))
            if not purpose and (code == self.main or label):
                self.add_error(f"purpose_{code}", _("Say what you need it for. Nothing is asked without a purpose."))
            if cleaned.get("kind") == FieldKind.CHOICE and label and len(self._choices(code)) < 2:
                self.add_error(f"choices_{code}", _("Give at least two possibilities."))
        return cleaned

    def words(self) -> dict[str, Words]:
        """What was typed, by language."""
        said = self.cleaned_data
        return {code: Words(said[f"label_{code}"], said[f"purpose_{code}"], self._choices(code)) for code in LANGUAGES}

    def _choices(self, code: str) -> list[str]:
        lines = self.cleaned_data.get(f"choices_{code}", "").splitlines()
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


_PARTS = ("label", "purpose", "choices")


class SiteForm(forms.Form):
    """A site that may show the form."""

    origin = forms.CharField(
        label=gettext_lazy("Address of the site"), help_text=gettext_lazy("For example https://www.shop.example")
    )

    def clean_origin(self) -> str:
        try:
            return origin_of(self.cleaned_data["origin"])
        except NotAnOrigin:
            raise forms.ValidationError(_("Give the address of a site, as in https://www.shop.example.")) from None
