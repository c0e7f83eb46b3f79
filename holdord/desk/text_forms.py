"""What somebody writes for others to read: help articles, prepared replies, policies."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdord.desk.forms import offer
from holdord.kernel.languages import LANGUAGES
from holdord.knowledge.models import Kind
from holdord.people.models import Inbox

KINDS = {
    Kind.ARTICLE.value: gettext_lazy("Help article"),
    Kind.REPLY.value: gettext_lazy("Prepared reply"),
    Kind.POLICY.value: gettext_lazy("Policy"),
}


SEVERAL = {
    Kind.ARTICLE.value: gettext_lazy("Help articles"),
    Kind.REPLY.value: gettext_lazy("Prepared replies"),
    Kind.POLICY.value: gettext_lazy("Policies"),
}


class TextForm(forms.Form):
    """A text in one language, and the inbox it is for."""

    inbox = forms.ChoiceField(label=gettext_lazy("Inbox"), required=False)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    text = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea, max_length=60_000)

    def __init__(self, *args: Any, inboxes: QuerySet[Inbox], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, inbox=[("", _("All inboxes")), *((str(inbox.pk), inbox.name) for inbox in inboxes)])


class NewTextForm(forms.Form):
    """What a new text is for, and its first language."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is for"), choices=list(KINDS.items()))
    text_language = forms.ChoiceField(label=gettext_lazy("Language"), choices=list(LANGUAGES.items()))
