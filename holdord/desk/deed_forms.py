"""What agents and administrators type about requests and who carries them out, checked."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdord.desk.deed_rows import CAN_BE_CARRIED_OUT
from holdord.desk.forms import offer
from holdord.desk.request_rows import request_words
from holdord.fulfilment.queries import CARRIED_OUT
from holdord.fulfilment.rules import Way
from holdord.kernel import reaching


class AskForm(forms.Form):
    """What the customer said they want: on the phone, or where nothing could read it."""

    kind = forms.ChoiceField(label=gettext_lazy("What do they ask for?"))
    about = forms.CharField(
        label=gettext_lazy("What is it about?"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("A card, a subscription, an order: in a few words that the customer knows"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, kind=[(kind.value, request_words(kind)) for kind in CARRIED_OUT if kind in CAN_BE_CARRIED_OUT])


class RefusalForm(forms.Form):
    """Why we do not do it."""

    reason = forms.CharField(
        label=gettext_lazy("Why not? The customer reads it"),
        max_length=300,
        widget=forms.Textarea,
        help_text=gettext_lazy("In the customer's language: the reason in plain words, and what we can do instead"),
    )


class ExecutorForm(forms.Form):
    """Who carries out requests of one kind in one inbox."""

    way = forms.ChoiceField(label=gettext_lazy("Who does it?"))
    url = forms.CharField(
        label=gettext_lazy("Address of the system"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Begins with https://"),
    )
    about = forms.CharField(
        label=gettext_lazy("What customers call it"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("In the language of the inbox: the broadband, the card. May be empty"),
    )
    undo_hours = forms.IntegerField(
        label=gettext_lazy("Hours in which it can be undone"),
        min_value=0,
        max_value=24 * 365,
        help_text=gettext_lazy("0 if it can't. What the system itself answers goes before"),
    )
    within_hours = forms.IntegerField(
        label=gettext_lazy("Working hours within which a person does it"), min_value=1, max_value=400
    )

    def __init__(self, *args: Any, here: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [("", _("Nobody: customers can't ask for it with one press"))]
        ways += [(Way.TASK.value, _("A person, with a promise")), (Way.WEBHOOK.value, _("A system of ours"))]
        if here:
            ways.insert(1, (Way.HERE.value, _("This desk itself")))
        offer(self, way=ways)
        self.fields["way"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("way") == Way.WEBHOOK.value and "url" not in self.errors:
            try:
                reaching.allowed(cleaned.get("url", ""), inside=settings.REACH_INSIDE)
            except reaching.NotAllowed:
                self.add_error("url", _("Give an address that begins with https:// and holds no password."))
        return cleaned
