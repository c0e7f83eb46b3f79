"""What the form of an inbox asks for, in the reader's language."""

from dataclasses import dataclass

from holdord.channels.models import FieldKind, FormField, FormFieldWords, FormSite
from holdord.people.models import Inbox


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a form, ready to show: `lang` is the language that its words are in."""

    pk: int
    kind: str
    is_required: bool
    lang: str
    label: str
    purpose: str
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called in a form that is posted."""
        return f"field-{self.pk}"


def asked_by(inbox: Inbox, language: str) -> list[Asked]:
    """The fields in their order, in `language`, else in the inbox's own, else in one they have."""
    fields = FormField.objects.filter(inbox=inbox).prefetch_related("words").order_by("position", "pk")
    return [_asked(field, best_words(list(field.words.all()), language, inbox.language)) for field in fields]


def best_words(words: list[FormFieldWords], *languages: str) -> FormFieldWords:
    """Those of the first of these languages that there are."""
    known = {each.language: each for each in words}
    return next((known[language] for language in languages if language in known), words[0])


def sites_of(inbox: Inbox) -> list[str]:
    """The origins that may show the form, or post to it."""
    return list(FormSite.objects.filter(inbox=inbox).order_by("origin").values_list("origin", flat=True))


def _asked(field: FormField, words: FormFieldWords) -> Asked:
    choices = tuple(words.choices) if field.kind == FieldKind.CHOICE else ()
    return Asked(field.pk, field.kind, field.is_required, words.language, words.label, words.purpose, choices)
