"""A counted pool, as administrators make and change it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdord.desk.forms import offer
from holdord.desk.promise_forms import kind_words
from holdord.people.models import Team
from holdord.promises.rules import PoolKind

POOL_KINDS = {
    PoolKind.FLOW.value: gettext_lazy("so many in each span, for anything due later (parcels a day)"),
    PoolKind.SLOTS.value: gettext_lazy("places at a time, for just that time (call-backs, visits)"),
    PoolKind.STOCK.value: gettext_lazy("pieces that arrive and wait until they are taken"),
}
"""What a counted pool counts, in words."""


class PoolForm(forms.Form):
    """A new pool."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, help_text=gettext_lazy("As the board calls it: parcels, visits")
    )
    key = forms.SlugField(
        label=gettext_lazy("Key"),
        max_length=60,
        help_text=gettext_lazy("The word that tables and programs use. It stays as it is."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("It counts"), choices=list(POOL_KINDS.items()))
    serves = forms.ChoiceField(label=gettext_lazy("Promises that draw on it"))
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = [(str(pk), name) for pk, name in Team.objects.order_by("name").values_list("pk", "name")]
        offer(
            self,
            serves=[(kind.value, words) for kind, words in kind_words().items()],
            team=[("", _("everybody’s")), *teams],
        )
