"""Administrators build the form. One function is one thing that happens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Max

from holdord.channels.models import FieldKind, FormField, FormFieldWords, FormSite
from holdord.people.models import Inbox


class NoPurpose(Exception):
    """A field needs a label and a purpose in the inbox's own language, and a choice needs choices."""


class NotAnOrigin(Exception):
    """This is not the address of a site."""


@dataclass(frozen=True, slots=True)
class Words:
    """A field in one language."""

    label: str
    purpose: str
    choices: Sequence[str] = ()


@transaction.atomic
def add_field(inbox: Inbox, kind: FieldKind, words: Mapping[str, Words], *, is_required: bool) -> FormField:
    """Ask for one thing more, at the end. Raises NoPurpose.

    Languages without a label are left out; a label without a purpose is refused in every language.
    """
    said = {language: each for language, each in words.items() if each.label.strip()}
    if inbox.language not in said or any(not each.purpose.strip() for each in said.values()):
        raise NoPurpose
    if kind == FieldKind.CHOICE and any(len(each.choices) < 2 for each in said.values()):
        raise NoPurpose
    last = FormField.objects.filter(inbox=inbox).aggregate(last=Max("position"))["last"] or 0
    field = FormField.objects.create(inbox=inbox, kind=kind, is_required=is_required, position=last + 1)
    FormFieldWords.objects.bulk_create(
        FormFieldWords(
            field=field,
            language=language,
            label=each.label.strip(),
            purpose=each.purpose.strip(),
            choices=list(each.choices) if kind == FieldKind.CHOICE else [],
        )
        for language, each in said.items()
    )
    return field


@transaction.atomic
def move_field(field: FormField, *, up: bool) -> None:
    """Let a field change places with its neighbour above or below; at the end nothing happens."""
    fields = list(FormField.objects.filter(inbox=field.inbox_id).order_by("position", "pk"))
    at = next(number for number, each in enumerate(fields) if each.pk == field.pk)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(fields):
        return
    fields[at], fields[other] = fields[other], fields[at]
    for number, each in enumerate(fields, start=1):
        FormField.objects.filter(pk=each.pk).update(position=number)


def remove_field(field: FormField) -> None:
    """Ask for it no longer. What customers answered so far stays with their conversations."""
    field.delete()


def allow_site(inbox: Inbox, address: str) -> FormSite:
    """Let a site show the form. Raises NotAnOrigin."""
    return FormSite.objects.get_or_create(inbox=inbox, origin=origin_of(address))[0]


def origin_of(address: str) -> str:
    """The origin of a site's address: https://shop.example, with a port if it has an unusual one. Raises NotAnOrigin.

    It goes into a header: nothing but scheme, host and port gets through.
    """
    text = address.strip() if "://" in address else f"https://{address.strip()}"
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except (ValueError, UnicodeError):
        raise NotAnOrigin from None
    is_local = host in {"localhost", "127.0.0.1"}
    if parts.scheme not in {"https", "http"} or (parts.scheme == "http" and not is_local):
        raise NotAnOrigin
    if not host or not set(host) <= _IN_A_HOST or ("." not in host and not is_local):
        raise NotAnOrigin
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


_IN_A_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")
