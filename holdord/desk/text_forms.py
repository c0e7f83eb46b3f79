"""What somebody writes for others to read: help articles, prepared replies, policies."""

from datetime import tzinfo
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdord.desk.forms import MomentField, offer
from holdord.kernel.languages import LANGUAGES
from holdord.knowledge.models import Kind
from holdord.people.models import Inbox

KINDS = {
    Kind.ARTICLE.value: gettext_lazy("Help article"),
    Kind.REPLY.value: gettext_lazy("Prepared reply"),
    Kind.POLICY.value: gettext_lazy("Policy"),
    Kind.INCIDENT.value: gettext_lazy("Known incident"),
}


SEVERAL = {
    Kind.ARTICLE.value: gettext_lazy("Help articles"),
    Kind.REPLY.value: gettext_lazy("Prepared replies"),
    Kind.POLICY.value: gettext_lazy("Policies"),
    Kind.INCIDENT.value: gettext_lazy("Known incidents"),
}


class TextForm(forms.Form):
    """A text in one language, and the inbox it is for."""

    inbox = forms.ChoiceField(label=gettext_lazy("Inbox"), required=False)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    text = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea, max_length=60_000)

    since = MomentField(label=gettext_lazy("Since"), required=False)

    def __init__(self, *args: Any, inboxes: QuerySet[Inbox], time_zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(MomentField, self.fields["since"]).zone = time_zone
        offer(self, inbox=[("", _("All inboxes")), *((str(inbox.pk), inbox.name) for inbox in inboxes)])


class NewTextForm(forms.Form):
    """What a new text is for, and its first language."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is for"), choices=list(KINDS.items()))
    text_language = forms.ChoiceField(label=gettext_lazy("Language"), choices=list(LANGUAGES.items()))
