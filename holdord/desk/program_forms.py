"""What programs may do, as administrators choose it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from holdord.desk.forms import offer
from holdord.people.models import Inbox, Scope

SCOPES = {
    Scope.ORDERS_READ.value: gettext_lazy("read orders"),
    Scope.ORDERS_WRITE.value: gettext_lazy("tell of orders"),
    Scope.PROMISES_READ.value: gettext_lazy("read promises"),
    Scope.PROMISES_WRITE.value: gettext_lazy("give and settle promises"),
    Scope.POOLS_READ.value: gettext_lazy("read pools"),
    Scope.POOLS_WRITE.value: gettext_lazy("fill pools"),
}
"""What a token may do, in words."""


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("Which program uses it: the shop, the planner"),
    )
    inbox = forms.ChoiceField(label=gettext_lazy("Inbox"), required=False)
    scopes = forms.MultipleChoiceField(label=gettext_lazy("It may"), choices=list(SCOPES.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inboxes = [(str(pk), name) for pk, name in Inbox.objects.order_by("name").values_list("pk", "name")]
        offer(self, inbox=[("", str(gettext_lazy("every inbox"))), *inboxes])
