"""The sheet on which a lead lets many customers be told at once, and how far that is."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.db.models import Count, Min
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from holdord.promises import wording
from holdord.promises.models import Pool, Promise, Telling, ToTell
from holdord.promises.queries import times_for
from holdord.promises.queries.board import to_tell
from holdord.promises.rules import Choice, Kind, choices_for
from holdord.routing import lists
from holdord.web.addresses import address

SHOWN = 200


class TellForm(forms.Form):
    """Why, in words the customers read, and what they can choose instead of the new time."""

    reason = forms.CharField(max_length=300, strip=True)
    choices = forms.MultipleChoiceField(required=False, choices=[(each.value, "") for each in Choice])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they come
        self.fields["reason"].error_messages["required"] = gettext_lazy("Write the reason: the customers read it.")

    def offered(self, pool: Pool) -> list[Choice]:
        """What is offered, the new time always first."""
        chosen = self.cleaned_data["choices"]
        return [each for each in choices_for(Kind(pool.serves)) if each is Choice.KEEP or each.value in chosen]


@dataclass(slots=True)
class Letter:
    """The letter in one language, as one of the customers would get it."""

    language: str
    lang: str
    number: str
    text: str


@dataclass(slots=True)
class TellSheet:
    """What the sheet draws."""

    href: str
    pool: str
    number: int
    title: str
    button: str
    reason: str
    choices: list[tuple[str, str, bool]]
    letters: list[Letter]
    faults: list[str]


def sheet(
    pool: Pool, *, href: str, reason: str, chosen: list[str] | None, now: datetime, faults: list[str]
) -> TellSheet:
    """The sheet; `chosen` None offers everything that can be offered."""
    waiting = to_tell(pool)
    number = waiting.count()
    possible = [each for each in choices_for(Kind(pool.serves)) if each is not Choice.KEEP]
    offered = [Choice.KEEP, *(each for each in possible if chosen is None or each.value in chosen)]
    words = {
        Choice.OTHER_TIME: _("another date"),
        Choice.MONEY_BACK: _("their money back"),
        Choice.LET_GO: _("to let it go"),
    }
    title = ngettext("Tell one customer", "Tell %(number)s customers", number)
    return TellSheet(
        href=href,
        pool=pool.name,
        number=number,
        title=title % {"number": number},
        button=title % {"number": number},
        reason=reason,
        choices=[(each.value, words[each], each in offered) for each in possible],
        letters=_letters(pool, reason, offered, now),
        faults=faults,
    )


def _letters(pool: Pool, reason: str, offered: list[Choice], now: datetime) -> list[Letter]:
    """One for each language concerned, that of most customers first."""
    groups = to_tell(pool).values("conversation__language").annotate(number=Count("pk"), one=Min("pk"))
    rows = sorted(groups, key=lambda row: (-row["number"], row["conversation__language"]))
    some = Promise.objects.select_related("conversation__inbox").in_bulk([row["one"] for row in rows])
    return [_letter(some[row["one"]], row["number"], reason, offered, now) for row in rows]


def _letter(promise: Promise, number: int, reason: str, offered: list[Choice], now: datetime) -> Letter:
    conversation = promise.conversation
    times = times_for(promise, now=now, most=1)
    text = (
        wording.late_letter(
            promise,
            times[0],
            reason=reason,
            choices=offered,
            now=now,
            link="…",
        )
        if times
        else _("No date is known that holds. They get no letter, and stand in the list afterwards.")
    )
    return Letter(
        language=get_language_info(conversation.language)["name_translated"],
        lang=conversation.language if times else "",
        number=ngettext("one customer", "%(number)s customers", number) % {"number": number},
        text=text,
    )


@dataclass(slots=True)
class NotTold:
    """A customer who could not be told, and why."""

    customer: str
    what: str
    lang: str
    why: str
    href: str


def not_told(telling: Telling) -> list[NotTold]:
    """Who could not be told, in the order in which they stood; at most 200."""
    rows = ToTell.objects.filter(telling=telling, outcome__in=["no_date", "no_address", "failed"]).order_by("pk")
    found = list(rows.select_related("promise__conversation__customer")[:SHOWN])
    names = lists.addresses_of(
        row.promise.conversation.customer_id for row in found if not row.promise.conversation.customer.name
    )
    why = {
        "no_date": _("no date is known that holds"),
        "no_address": _("there is no address to write to"),
        "failed": _("it failed five times: open it and write to them yourself"),
    }
    return [
        NotTold(
            row.promise.conversation.customer.name or names.get(row.promise.conversation.customer_id, "?"),
            row.promise.what,
            row.promise.conversation.language,
            why[row.outcome],
            address("desk:conversation", row.promise.conversation_id),
        )
        for row in found
    ]
