"""A table of orders or of places."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from holdord.desk.forms import offer
from holdord.orders.models import UploadKind
from holdord.people.models import Inbox


class UploadForm(forms.Form):
    """A CSV file, and what it holds."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is in it"),
        choices=[
            (UploadKind.ORDERS.value, gettext_lazy("orders, and what became of them")),
            (UploadKind.PLACES.value, gettext_lazy("places of pools")),
        ],
    )
    inbox = forms.ChoiceField(label=gettext_lazy("For orders: the inbox"), required=False)
    file = forms.FileField(label=gettext_lazy("CSV file"))

    def __init__(self, *args: Any, inboxes: QuerySet[Inbox], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, inbox=[(str(inbox.pk), inbox.name) for inbox in inboxes])
