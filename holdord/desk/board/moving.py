"""The sheet on which one promise is moved and its customer told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from holdord.conversations.case_links import customer_in, link_for
from holdord.conversations.models import Conversation
from holdord.desk.promise_forms import Offered, TimeForm, chosen_of, in_agents_words, to_choose
from holdord.people.queries import calendar_of
from holdord.promises import wording
from holdord.promises.models import Promise
from holdord.promises.queries import on_the_grid, terms_of, times_for
from holdord.promises.rules import Kind, Time, choices_for


class MoveForm(TimeForm):
    """A new time, why, and the letter that says so."""

    reason = forms.CharField(max_length=300, strip=True)
    text = forms.CharField(max_length=20_000, strip=True)
    drafted = forms.CharField(required=False, max_length=20_000, strip=True)
    override_reason = forms.CharField(required=False, max_length=300, strip=True)

    def __init__(self, *args: Any, promise: Promise, **kwargs: Any) -> None:
        super().__init__(*args, conversation=promise.conversation, **kwargs)
        self.promise = promise
        self.fields["reason"].error_messages["required"] = gettext_lazy("Write the reason: the customer reads it.")
        self.fields["text"].error_messages["required"] = gettext_lazy("Write the letter: the customer gets it.")

    def time(self) -> Time | None:
        """The time that was chosen, as it is promised; None while there is none."""
        said = getattr(self, "cleaned_data", {})
        if said.get("when"):
            chosen: Time = said["when"]
            return chosen
        other = said.get("other")
        if other is None:
            return None
        return Time(on_the_grid(terms_of(self.promise), other, calendar_of(self.conversation.inbox)))


def letter(promise: Promise, time: Time, *, reason: str, now: datetime) -> str:
    """The letter as the desk drafts it, in the customer's language."""
    customer = customer_in(promise.conversation)
    return wording.late_letter(
        promise,
        time,
        reason=reason,
        choices=choices_for(Kind(promise.kind)),
        now=now,
        link=link_for(customer) if customer else "",
    )


def says_when(text: str, promise: Promise, time: Time, *, now: datetime) -> str:
    """The words for the new time that the letter lacks; empty when it has them."""
    conversation = promise.conversation
    words = wording.in_words(
        time, promise.precision, now=now, zone=conversation.inbox.time_zone, language=conversation.language
    )
    return "" if words in text else words


@dataclass(slots=True)
class MoveSheet:
    """What the sheet draws."""

    href: str
    what: str
    lang: str
    was: str
    customer: str
    offered: list[Offered]
    chosen: str
    other: str
    reason: str
    text: str
    drafted: str
    faults: list[str]
    may_override: bool
    override_reason: str


def sheet(
    promise: Promise, said: dict[str, str], *, href: str, now: datetime, faults: list[str], may_override: bool
) -> MoveSheet:
    """The sheet as it is opened, or as it comes back; a letter that nobody touched is drafted anew."""
    conversation: Conversation = promise.conversation
    terms = terms_of(promise)
    offered = to_choose(times_for(promise, now=now), terms, conversation, now=now)
    chosen = chosen_of(offered, said)
    form = MoveForm({**said, "when": chosen}, promise=promise)
    form.is_valid()
    time = form.time()
    drafted = letter(promise, time, reason=said.get("reason", "").strip(), now=now) if time else ""
    untouched = same(said.get("text", ""), said.get("drafted", ""))
    return MoveSheet(
        href=href,
        what=promise.what or conversation.subject or wording.what(promise.kind, language=conversation.language),
        lang=conversation.language,
        was=in_agents_words(Time(promise.due_at, promise.earliest_at), terms, conversation, now=now),
        customer=conversation.customer.name,
        offered=offered,
        chosen=chosen,
        other=said.get("other", ""),
        reason=said.get("reason", ""),
        text=drafted if untouched else said.get("text", ""),
        drafted=drafted,
        faults=faults,
        may_override=may_override,
        override_reason=said.get("override_reason", ""),
    )


def same(text: str, other: str) -> bool:
    """Whether two letters say the same, whatever a browser made of their line ends."""
    return text.split() == other.split()
